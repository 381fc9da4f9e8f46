const string Description = "The two-layer perceptron learns XOR (lecture L1.3, L2.1): from the published weights or a --seed, from zeros, and with biases.";
return SampleCommand.Run(args, Description, full: "2 s", quick: "2 s", run: sample =>
{
    // Lecture L1.3: four cases, whose third input is always 1 and serves as a bias; two layers; and the loop with every step in sight.
    Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } }, targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
    Sequential New(int inputs, int seed, bool bias, Initializer? weights = null, Random? random = null) => new(
        new Linear(inputs, 4, random ??= new Random(seed), bias, weights), new Sigmoid(),
        new Linear(4, 1, random, bias, weights), new Sigmoid());
    double[] Train(Sequential network, Matrix inputs, int iterations)
    {
        var (loss, optimizer, gradient, losses) = (new SumOfSquares(), new SGD(network, learningRate: 1), new Matrix(4, 1), new double[iterations]);
        for (int i = 0; i < iterations; i++)
        {
            losses[i] = loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }
        return losses;
    }

    // 1. From the published weights, a row for each unit, which are NumPy's of seed 1; or from random ones, if a seed is given.
    (Sequential network, bool isPublished) = (New(3, sample.Seed, bias: false, new Uniform(-1, 1)), sample.GivenSeed is null);
    Matrix hidden = new float[,] { { -0.16595599f, -0.70648822f, -0.20646505f }, { 0.44064899f, -0.81532281f, 0.07763347f }, { -0.99977125f, -0.62747958f, -0.16161097f }, { -0.39533485f, -0.30887855f, 0.37043900f } };
    Matrix output = new float[,] { { -0.59109550f, 0.75623472f, -0.94522481f, 0.34093502f } };
    if (isPublished) hidden.CopyTo(network[0].Parameters[0].Value);
    if (isPublished) output.CopyTo(network[2].Parameters[0].Value);
    SampleRun.Say($"XOR from {(isPublished ? "the published weights" : $"random weights of seed {sample.Seed}: the published figures do not apply")}.");

    // 2. The mean error after 0, 10 000, … 50 000 iterations, and the outputs after 60 000, beside the published ones. Float32 gives four digits.
    double[] published = [0.49641003, 0.0085845257, 0.0057894599, 0.0046291768, 0.0039587653, 0.0035101226, 0.00260572, 0.99672209, 0.99701711, 0.00386759];
    var (losses, ours) = (new List<double>(), new List<double>());
    for (int i = 0; i < 6; i++)
    {
        ours.Add(Errors(network, inputs).Average());
        losses.AddRange(Train(network, inputs, 10_000));
    }
    ours.AddRange(network.Predict(inputs).Doubles());
    SampleRun.Print(["", "published", "ours"], published.Zip(ours).Select((pair, i) => (string[])
        [i < 6 ? $"error at {i * 10_000}" : $"output of case {i - 5}", $"{pair.First:F8}", $"{pair.Second:F8}"]));

    // 3. From zeros, all hidden units stay the same (L2.1). With biases in place of the third input, it learns from any start.
    Sequential zeros = New(3, seed: 0, bias: false, new Zeros());
    double[] lossesOfZeros = Train(zeros, inputs, 60_000);
    Matrix plane = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
    Sequential[] starts = [.. Enumerable.Range(1, 100).Append(sample.Seed).Select(seed => New(2, seed, bias: true))];
    foreach (Sequential start in starts) Train(start, plane, 5_000);
    Plot plot = Picture.New("XOR: the same network from two starts", "iteration", "loss ½Σ(y − q)²");
    sample.Save("xor-loss.png", path => plot.SaveLogarithms(path, (isPublished ? "published weights" : "random weights", losses), ("all zeros", lossesOfZeros)));
    sample.Save("xor-surface.png", path => starts[^1].SaveDecisionBoundary(
        new Dataset(plane, targets), OutputKind.Values, path, "XOR as 2-4-1 with biases learnt it: white is 0.5", width: 640));

    int agreeing = published.Where((figure, i) => Math.Abs(ours[i] - figure) < (i < 6 ? 0.0001 * figure : 0.00005)).Count();
    if (isPublished) sample.Claim("Agrees with the published figures", agreeing == published.Length, $"{agreeing} of {published.Length}");
    sample.Claim("Learns XOR (every output within 0.1 of its target)", HasLearnt(network, inputs), string.Join(", ", ours[6..].Select(output => $"{output:F4}")));
    sample.Claim("Zeros never learn XOR (L2.1): every output is still 0.5, and all hidden units are still the same",
        zeros.Predict(inputs).Doubles().All(output => output == 0.5) && zeros.Take(2).Predict(inputs).Doubles().Chunk(4).All(units => units.Distinct().Count() == 1), null);
    sample.Claim("Any seed of 1 to 100 learns XOR (every output within 0.1 of its target)", starts[..100].All(start => HasLearnt(start, plane)), null);
    double[] Errors(Sequential network, Matrix inputs) => [.. network.Predict(inputs).Doubles().Zip(targets.Doubles(), (output, target) => Math.Abs(output - target))];
    bool HasLearnt(Sequential network, Matrix inputs) => Errors(network, inputs).Max() < 0.1;
});
