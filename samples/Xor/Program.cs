// Lecture L1.3 and L2.1: the two-layer perceptron in 11 lines, from the published weights, from zeros, and with biases from 100 random starts.
const string Description = "The two-layer perceptron learns XOR (lecture L1.3, L2.1): from the published weights or a --seed, from zeros, and with biases.";
return SampleCommand.Run(args, Description, full: "2 s", quick: "2 s", run: sample =>
{
    // The third input is always 1 and serves as a bias. The published start has NumPy's seed 1; weights are [outputs × inputs].
    Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } }, targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
    Sequential network = New(3, sample.Seed, bias: false, new Uniform(-1, 1)), zeros = New(3, sample.Seed, bias: false, new Zeros());
    if (sample.GivenSeed is null)
    {
        float[] hidden = [-0.16595599f, -0.70648822f, -0.20646505f, 0.44064899f, -0.81532281f, 0.07763347f, -0.99977125f, -0.62747958f, -0.16161097f, -0.39533485f, -0.30887855f, 0.37043900f];
        hidden.CopyTo(((Linear)network.Children[0]).Weight.Value.Span);
        new[] { -0.59109550f, 0.75623472f, -0.94522481f, 0.34093502f }.CopyTo(((Linear)network.Children[2]).Weight.Value.Span);
    }

    SampleRun.Say(sample.GivenSeed is int seed ? $"XOR from random weights of seed {seed}: the published figures do not apply." : "XOR from the published weights.");
    var clock = System.Diagnostics.Stopwatch.StartNew();
    List<(double Loss, double Error)> curve = Train(network, inputs, 60_000);
    SampleRun.Say($"60 000 iterations took {clock.Elapsed.TotalSeconds:0.000} s.");
    List<(double Loss, double Error)> ofZeros = Train(zeros, inputs, 60_000);

    // The published mean errors at iterations 0, 10 000, …, 50 000 and last outputs; float32 weights give 4 digits of the errors, 4 decimals of the outputs.
    double[] published = [0.496410031903, 0.00858452565325, 0.00578945986251, 0.00462917677677, 0.00395876528027, 0.00351012256786, 0.00260572, 0.99672209, 0.99701711, 0.00386759];
    double[] outputs = network.Predict(inputs).Doubles(), ours = [.. Enumerable.Range(0, 6).Select(i => curve[200 * i].Error), .. outputs];
    bool[] agrees = [.. published.Select((p, i) => Math.Abs(p - ours[i]) <= (i < 6 ? Math.Pow(10, Math.Floor(Math.Log10(p)) - 3) / 2 : 0.00005))];
    SampleRun.Print(["", "published", "ours", "agrees"], published.Select((p, i) => new[]
        { i < 6 ? $"error at {i * 10_000}" : $"output of case {i - 5}", $"{p:0.00000000}", $"{ours[i]:0.00000000}", sample.GivenSeed is not null ? "–" : agrees[i] ? "yes" : "no" }));
    Sequential[] biased = [.. Enumerable.Range(1, 100).Append(sample.Seed).Select(start => New(2, start, bias: true))];
    Matrix plane = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
    int learnt = biased.SkipLast(1).Count(one => Train(one, plane, 5_000).Count > 0 && HasLearnt(one.Predict(plane)));
    SampleRun.Say($"XOR with biases, 2-4-1, 5 000 steps: {learnt} of 100 seeds learn it.");
    Train(biased[^1], plane, 5_000);
    sample.SaveLosses("XOR: the same network from two starts", "xor-loss.png", 50, (sample.GivenSeed is null ? "published weights" : "random weights", curve.Select(p => p.Loss)), ("all zeros", ofZeros.Select(p => p.Loss)));
    sample.Save("xor-surface.png", path => biased[^1].SaveDecisionBoundary(new Dataset(plane, targets), OutputKind.Values, path, "XOR as 2-4-1 with biases learnt it: white is 0.5", width: 640));

    if (sample.GivenSeed is null) sample.Claim("Agrees with the published figures", agrees.All(one => one), $"{agrees.Count(one => one)} of {agrees.Length}");
    sample.Claim("Learns XOR (every output within 0.1 of its target)", HasLearnt(network.Predict(inputs)), string.Join(", ", outputs.Select(output => $"{output:0.0000}")));
    Matrix units = ((Linear)zeros.Children[0]).Weight.Value;
    sample.Claim("Zeros never learn XOR (L2.1): every output is still 0.5, and all hidden units are still the same",
        zeros.Predict(inputs).Doubles().All(output => output == 0.5) && Enumerable.Range(1, 3).All(unit => units.Row(unit).SequenceEqual(units.Row(0))), null);
    sample.Claim("Any seed of 1 to 100 learns XOR (every output within 0.1 of its target)", learnt == 100, $"{learnt}");

    // The loop, with every step visible. It notes the loss and the mean absolute error of every 50th iteration.
    List<(double Loss, double Error)> Train(Sequential network, Matrix inputs, int iterations)
    {
        var (loss, optimizer, gradient, curve) = (new SumOfSquares(), new SGD(network, learningRate: 1), new Matrix(4, 1), new List<(double, double)>());
        for (int i = 0; i < iterations; i++)
        {
            Matrix outputs = network.Forward(inputs);
            double value = loss.Evaluate(outputs, targets, gradient);
            if (i % 50 == 0) curve.Add((value, Errors(outputs).Average()));
            network.Backward(gradient);
            optimizer.Step();
        }
        return curve;
    }
    IEnumerable<double> Errors(Matrix outputs) => outputs.Doubles().Zip(targets.Doubles(), (output, target) => Math.Abs(output - target));
    bool HasLearnt(Matrix outputs) => Errors(outputs).Max() < 0.1;
    static Sequential New(int inputs, int seed, bool bias, Initializer? weights = null, Random? random = null) => new(
        new Linear(inputs, 4, random ??= new Random(seed), bias, weights), new Sigmoid(), new Linear(4, 1, random, bias, weights), new Sigmoid());
});
