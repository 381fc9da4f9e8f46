// Lecture L6.5: Klambauer et al. 2017, "Self-Normalizing Neural Networks", figure 1 (left): the training error of deep SELU networks and of
// batch-normalised ones with 8, 16 and 32 layers on MNIST, at a learning rate of 10⁻⁵. Its caption: batch normalisation shows a high variance,
// SELU does not, and learns faster. As its authors made it: plain gradient descent on the loss summed over batches of 128, equal layers,
// batch normalisation after ReLU, and after each epoch the loss over all training data in training mode, in a fixed order. Variance is
// how much that curve jitters from epoch to epoch, on its logarithmic axis.
const string Description = "Self-normalising networks: SELU and batch normalisation with 8, 16 and 32 layers (lecture L6.5).";
const int BatchSize = 128;
return SampleCommand.Run(args, Description, full: "3 min", quick: "6 s", takesData: true, run: sample =>
{
    (int digits, int units, int epochs, int[] depths) = sample.Quick ? (512, 64, 40, new[] { 8, 16 }) : (2_048, 128, 300, [8, 16, 32]);
    (Dataset train, _) = Digits.Load(sample, digits, test: 100, standardize: false);
    Matrix inputs = Standardization.Fit(train.Inputs).Apply(train.Inputs);
    SampleRun.Say($"{units} units in each layer, {epochs} epochs in batches of {BatchSize}, rate 10⁻⁵ on their summed loss, one start.");
    var curves = new List<Curve>();
    foreach (int depth in depths)
    {
        foreach (bool isSELU in new[] { true, false })
        {
            // SELU after LeCun's weights; or ReLU after He's, and batch normalisation.
            (var random, Initializer weights) = (new Random(sample.Seed), isSELU ? new LeCunNormal() : new HeNormal());
            var layers = new List<Layer>();
            for (int i = 0; i < depth; i++)
            {
                layers.Add(new Linear(i == 0 ? inputs.Columns : units, units, random, weightInitializer: weights));
                layers.AddRange(isSELU ? [new SELU()] : [new ReLU(), new BatchNorm(units, epsilon: 1e-3, runningAverageRate: 0.01)]);
            }

            var hidden = new Sequential([.. layers]);
            var network = new Sequential(hidden, new Linear(units, train.TargetSize, random, weightInitializer: weights));
            double[] values = hidden.Clone().Forward(inputs.SliceRows(0, Math.Min(1_000, inputs.Rows))).Doubles();

            // The loss is a mean, so 128 times the rate is 10⁻⁵ on the sum.
            var (loss, optimizer, gradient) = (new SoftmaxCrossEntropy(), new SGD(network, BatchSize * 1e-5), new Matrix(BatchSize, train.TargetSize));
            var (ofEpochs, ofBatches) = (new List<double>(), new List<double>());
            foreach (int epoch in sample.Steps($"{depth} layers, {(isSELU ? "SELU" : "batch norm")}", Enumerable.Range(0, epochs)))
            {
                for (int row = 0; row + BatchSize <= inputs.Rows; row += BatchSize)
                {
                    ofBatches.Add(loss.Evaluate(network.Forward(inputs.SliceRows(row, BatchSize)), train.Targets.SliceRows(row, BatchSize), gradient));
                    network.Backward(gradient);
                    optimizer.Step();
                }

                ofEpochs.Add(Enumerable.Range(0, inputs.Rows / BatchSize).Average(batch => loss.Evaluate(
                    network.Forward(inputs.SliceRows(batch * BatchSize, BatchSize)), train.Targets.SliceRows(batch * BatchSize, BatchSize))));
            }

            curves.Add(new Curve(depth, isSELU, Spread.Of(values), [.. ofEpochs], [.. ofBatches]));
        }
    }

    SampleRun.Print(["layers", "network", "last layer at the start", "last error", "jitter of ln(error)"], curves.Select(curve => (string[])
        [$"{curve.Depth}", curve.Name, curve.Last.Text("0.00;−0.00;0.00"), $"{curve.Errors[^1]:0.0000}", $"{curve.Jitter:0.0e+0}"]));

    // A remark only: single mini-batches vary with what is in them, in both kinds of network.
    SampleRun.Say("Standard deviation of the error of single mini-batches in the last epochs, for comparison: " + string.Join("; ", curves.Select(curve =>
        $"{curve.Depth} layers, {curve.Name}: {Spread.Of(curve.OfBatches.TakeLast(curve.OfBatches.Length / 10)).Deviation:0.000}")));
    sample.Save("self-normalizing.png", path => Figures.Save(path, curves));
    (Curve SELU, Curve BatchNorm)[] pairs = [.. curves.Chunk(2).Select(pair => (pair[0], pair[1]))];
    foreach ((Curve selu, _) in pairs)
    {
        sample.Claim($"SELU drives {selu.Depth} layers to mean 0 and standard deviation 1 by itself: " +
            "the last has a mean within 0.2 and a standard deviation of 0.7 to 1.3",
            Math.Abs(selu.Last.Mean) < 0.2 && selu.Last.Deviation is > 0.7 and < 1.3, selu.Last.Text("0.00;−0.00;0.00"));
    }

    Claim("SELU networks learn faster: they end with a lower training error at every depth", curve => curve.Errors[^1]);
    Claim("SELU networks do not have batch normalisation's variance: their curve jitters less at every depth", curve => curve.Jitter);

    void Claim(string expectation, Func<Curve, double> figure) => sample.Claim(
        expectation, pairs.All(pair => figure(pair.SELU) < figure(pair.BatchNorm)),
        string.Join("; ", pairs.Select(pair => $"{pair.SELU.Depth} layers: {figure(pair.SELU):0.0e+0} against {figure(pair.BatchNorm):0.0e+0}")),
        needsFullRun: true);
});
