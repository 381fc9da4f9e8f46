// A custom layer, from its first line to the file it is loaded from. The layer itself is Swish.cs.
const string Description = "A custom layer: checked, registered, trained, saved and loaded.";
return SampleCommand.Run(args, Description, full: "3 s", quick: "1 s", run: sample =>
{
    // 1. Is the backward pass the derivative of the forward pass?
    GradientCheckResult check = GradientCheck.Run(new Swish(), inputSize: 5);
    SampleRun.Say($"{check}");

    // 2. To load it from a file, a program registers once, at its start, how to make one.
    LayerKinds.Register("Swish", settings => new Swish(settings.Number("maxInput")));

    // 3. It trains like any other: y = sin(3x) + x, with β learnt along with the weights.
    var random = new Random(sample.Seed);
    Matrix inputs = new Matrix(256, 1), targets = new Matrix(256, 1);
    for (int row = 0; row < inputs.Rows; row++)
    {
        inputs[row, 0] = (float)((4 * random.NextDouble()) - 2);
        targets[row, 0] = MathF.Sin(3 * inputs[row, 0]) + inputs[row, 0];
    }

    var swish = new Swish();
    var network = new Sequential(new Linear(1, 32, random), swish, new Linear(32, 1, random));
    var loss = new MeanSquaredError();
    var optimizer = new Adam(network, learningRate: 0.01);
    var gradient = new Matrix(inputs.Rows, 1);
    double first = loss.Evaluate(network.Predict(inputs), targets, gradient);
    foreach (int _ in sample.Steps("training", Enumerable.Range(0, sample.Quick ? 3_000 : 10_000)))
    {
        loss.Evaluate(network.Forward(inputs), targets, gradient);
        network.Backward(gradient);
        optimizer.Step();
    }

    double last = loss.Evaluate(network.Predict(inputs), targets, gradient);

    // 4. And it is saved with the model.
    string file = sample.PathOf("custom-layer.safetensors");
    ModelFile.Save(file, network, loss: loss);
    Sequential loaded = ModelFile.Load(file).Network;
    bool isSame = loaded.Predict(inputs).Span.SequenceEqual(network.Predict(inputs).Span);

    sample.Claim("Its backward pass is the derivative of its forward pass",
        check.Rows.All(row => row.Agreeing == row.Checked), $"{check.Rows.Count} arrays checked");
    sample.Claim("The network with it learns", last < first / 20, $"the loss fell from {first:0.000} to {last:0.0000}");
    sample.Claim("Its parameter is learnt too", Math.Abs(swish.Beta.Value.Span[0] - 1) > 0.01, $"β went from 1 to {swish.Beta.Value.Span[0]:0.00}");
    sample.Claim("Saved and loaded, it predicts the same to the bit", isSame, $"{file}, {new FileInfo(file).Length} bytes, {loaded}");
});
