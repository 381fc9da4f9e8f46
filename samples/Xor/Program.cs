const string Description = "The two-layer perceptron learns XOR (lecture L1.3, L2.1): from the published weights or a --seed, from zeros, and with biases.";
return SampleCommand.Run(args, Description, full: "2 s", quick: "2 s", run: sample =>
{
    // Lecture L1.3: four cases, of which the third input is always 1 and serves as a bias; two layers; and the loop with every step in sight.
    Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } }, targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
    Sequential New(int inputs, int seed, bool bias, Initializer? weights = null, Random? random = null) => new(
        new Linear(inputs, 4, random ??= new Random(seed), bias, weights), new Sigmoid(),
        new Linear(4, 1, random, bias, weights), new Sigmoid());
    Sequential Train(Sequential network, Matrix inputs, int iterations, List<(double Loss, double Error)>? curve = null)
    {
        var (loss, optimizer, gradient) = (new SumOfSquares(), new SGD(network, learningRate: 1), new Matrix(4, 1));
        for (int i = 0; i < iterations; i++)
        {
            Matrix outputs = network.Forward(inputs);
            double value = loss.Evaluate(outputs, targets, gradient);
            if (i % 50 == 0) curve?.Add((value, Errors(outputs).Average()));
            network.Backward(gradient);
            optimizer.Step();
        }
        return network;
    }

    // From random weights of a seed, or the published ones, which are NumPy's with seed 1. Every 50th iteration notes its loss and mean error.
    (int? seed, Sequential network) = (sample.GivenSeed, New(3, sample.Seed, bias: false, new Uniform(-1, 1)));
    float[] weights = [-0.16595599f, -0.70648822f, -0.20646505f, 0.44064899f, -0.81532281f, 0.07763347f, -0.99977125f, -0.62747958f,
        -0.16161097f, -0.39533485f, -0.30887855f, 0.37043900f, -0.59109550f, 0.75623472f, -0.94522481f, 0.34093502f];
    if (seed is null) for (int i = 0; i < 2; i++) weights.AsSpan(12 * i, 12 - (8 * i)).CopyTo(network.Children[2 * i].Parameters[0].Value.Span);
    SampleRun.Say(seed is null ? "XOR from the published weights." : $"XOR from random weights of seed {seed}: the published figures do not apply.");
    var (clock, curve, ofZeros) = (System.Diagnostics.Stopwatch.StartNew(), new List<(double Loss, double Error)>(), new List<(double Loss, double Error)>());
    Matrix outputs = Train(network, inputs, 60_000, curve).Predict(inputs);
    SampleRun.Say($"60 000 iterations took {clock.Elapsed.TotalSeconds:0.000} s.");
    Sequential zeros = Train(New(3, sample.Seed, bias: false, new Zeros()), inputs, 60_000, ofZeros);
    // The published mean errors at iterations 0, 10 000, …, 50 000 and last outputs. Float32 gives 4 digits of the errors, 4 decimals of the outputs.
    double[] published = [0.49641003, 0.0085845257, 0.0057894599, 0.0046291768, 0.0039587653, 0.0035101226, 0.00260572, 0.99672209, 0.99701711, 0.00386759];
    double[] ours = [.. Enumerable.Range(0, 6).Select(i => curve[200 * i].Error), .. outputs.Doubles()];
    bool[] agrees = [.. published.Select((p, i) => Math.Abs(p - ours[i]) <= (i < 6 ? Math.Pow(10, Math.Floor(Math.Log10(p)) - 3) / 2 : 0.00005))];
    SampleRun.Print(["", "published", "ours", "agrees"], published.Select((p, i) => new[]
        { i < 6 ? $"error at {i * 10_000}" : $"output of case {i - 5}", $"{p:F8}", $"{ours[i]:F8}", seed is not null ? "–" : agrees[i] ? "yes" : "no" }));
    Matrix plane = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
    int learnt = Enumerable.Range(1, 100).Count(start => HasLearnt(Train(New(2, start, bias: true), plane, 5_000).Predict(plane)));
    SampleRun.Say($"XOR with biases, 2-4-1, 5 000 steps: {learnt} of 100 seeds learn it.");
    Plot plot = Picture.New("XOR: the same network from two starts", "iteration", "loss");
    IEnumerable<double> iterations = curve.Select((_, i) => 50.0 * i);
    plot.AddLine(iterations, curve.Select(point => Math.Log10(point.Loss)), seed is null ? "published weights" : "random weights", color: 0);
    plot.AddLine(iterations, ofZeros.Select(point => Math.Log10(point.Loss)), "all zeros", color: 1);
    Picture.ShowPowersOfTen(plot.Axes.Left);
    Picture.ShowLegend(plot);
    sample.Save("xor-loss.png", path => Picture.Save(plot, path));
    sample.Save("xor-surface.png", path => Train(New(2, sample.Seed, bias: true), plane, 5_000).SaveDecisionBoundary(
        new Dataset(plane, targets), OutputKind.Values, path, "XOR as 2-4-1 with biases learnt it: white is 0.5", width: 640));

    if (seed is null) sample.Claim("Agrees with the published figures", agrees.All(one => one), $"{agrees.Count(one => one)} of {agrees.Length}");
    sample.Claim("Learns XOR (every output within 0.1 of its target)", HasLearnt(outputs), string.Join(", ", ours[6..].Select(output => $"{output:F4}")));
    float[][] units = [.. zeros.Children[0].Parameters[0].Value.Span.ToArray().Chunk(3)];
    sample.Claim("Zeros never learn XOR (L2.1): every output is still 0.5, and all hidden units are still the same",
        zeros.Predict(inputs).Doubles().All(output => output == 0.5) && units.All(unit => unit.SequenceEqual(units[0])), null);
    sample.Claim("Any seed of 1 to 100 learns XOR (every output within 0.1 of its target)", learnt == 100, $"{learnt}");
    IEnumerable<double> Errors(Matrix outputs) => outputs.Doubles().Zip(targets.Doubles(), (output, target) => Math.Abs(output - target));
    bool HasLearnt(Matrix outputs) => Errors(outputs).Max() < 0.1;
});
