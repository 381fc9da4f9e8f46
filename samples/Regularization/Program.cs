// Lecture L4: what a penalty on weights does to scores and to decision boundaries, and dropout as an ensemble and as a hyper-parameter.
const string Description = "Regularisation: penalties on weights, and dropout (lecture L4.1-L4.7).";
return SampleCommand.Run(args, Description, full: "8 s", quick: "6 s", run: sample =>
{
    // 1. The lecture's figures: scaled weights make the same decision with more confidence (L4.1).
    Matrix weights = new float[,] { { 0.016f, -0.002f, 0.003f }, { 0.003f, -0.006f, 0.006f }, { -0.004f, -0.006f, -0.008f } };
    Matrix input = new float[,] { { 10, 20, 30 } };
    var layer = new Linear(3, 3, new Random(0), bias: false);
    var classifier = new Sequential(layer, new Softmax());
    weights.CopyTo(layer.Weight.Value);
    double[] scores = classifier.Take(1).Predict(input).Doubles(), once = classifier.Predict(input).Doubles();
    foreach (ref float weight in layer.Weight.Value.Span) weight *= 10;
    double[] tenfold = classifier.Predict(input).Doubles();
    SampleRun.Print(["L4.1", "first", "second", "third"],
        [["scores", .. Cells(scores)], ["softmax with W", .. Cells(once)], ["softmax with 10·W", .. Cells(tenfold)]]);
    SampleRun.Say();

    // 2. One network, several λ: the stronger the penalty, the smoother the boundary (L4.4, after cs231n, neural-networks-1).
    Dataset train = PlaneData.Moons(120, new Random(sample.Seed)), unseen = PlaneData.Moons(2_000, new Random(sample.Seed + 1));
    SampleRun.Say($"L4.4: 2-32-32-2 on {train}, two moons with noise 0.3; {unseen.Count} others to test on. " +
        "Circles and triangles are the classes, the background colour is the answer.");
    var penalised = new List<(double Strength, Sequential Network, double Size, Evaluation Train, Evaluation Test)>();
    foreach (double strength in sample.Steps("boundaries", [0, 0.0001, 0.001, 0.01]))
    {
        var random = new Random(sample.Seed);
        var network = new Sequential(new Linear(2, 32, random), new ReLU(), new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
        var optimizer = new Momentum(network, learningRate: 0.1) { L2 = strength };
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer) { BatchSize = train.Inputs.Rows };
        trainer.Fit(train, epochs: sample.Quick ? 1_000 : 5_000, cancellationToken: sample.Stop);
        double size = network.Children.OfType<Linear>().Sum(linear => linear.Weight.Value.Doubles().Sum(w => w * w));
        penalised.Add((strength, network, size, trainer.Evaluate(train), trainer.Evaluate(unseen)));
    }

    sample.Save("regularization-boundaries.png", path => Figures.SaveBoundaries(
        path, train, [.. penalised.Select(one => (one.Network, $"λ = {one.Strength}: test {one.Test.Accuracy:0.0 %}"))]));
    SampleRun.Print(["λ", "Σw²", "training loss", "training accuracy", "test loss", "test accuracy"], penalised.Select(one => new[]
        { $"{one.Strength}", $"{one.Size:0.0}", $"{one.Train.Loss:0.000}", $"{one.Train.Accuracy:0.0 %}", $"{one.Test.Loss:0.000}", $"{one.Test.Accuracy:0.0 %}" }));
    SampleRun.Say();

    // 3. Dropout as an ensemble (L4.6): 100 random passes compared with the single one of prediction, with their spread as an uncertainty.
    var draws = new Random(sample.Seed);
    Dataset waves = NoisySine(200, draws);
    SampleRun.Say($"L4.6: 1-128-128-1 with p = 0.1 on {waves}, a sine with noise.");
    Sequential dropping = WithDropout(inputs: 1, outputs: 1, p: 0.1, draws);
    var waveTrainer = new Trainer(dropping, new MeanSquaredError(), new Adam(dropping, 0.003))
    {
        BatchSize = 50,
        Schedule = new CosineDecay(),
        Seed = (ulong)sample.Seed,
    };
    waveTrainer.Fit(waves, epochs: sample.Quick ? 200 : 1_000, cancellationToken: sample.Stop);
    double[] places = [.. Enumerable.Range(0, 241).Select(i => -6 + (i * 0.05))];
    var inputs = new Matrix([.. places.Select(place => (float)place)], places.Length, 1);
    MonteCarloPrediction many = MonteCarlo.Predict(dropping, inputs, passes: 100, (ulong)sample.Seed);
    double[] mean = many.Mean.Doubles(), deviation = many.StandardDeviation.Doubles(), single = dropping.Predict(inputs).Doubles();
    double near = AverageWhere(place => Math.Abs(place) is >= 1 and <= 4, deviation), far = AverageWhere(place => Math.Abs(place) > 5, deviation);
    double difference = AverageWhere(place => Math.Abs(place) is >= 1 and <= 4, [.. mean.Zip(single, (m, s) => Math.Abs(m - s))]);
    sample.Save("regularization-ensemble.png", path => Figures.SaveEnsemble(path, places, mean, deviation, single, waves));
    SampleRun.Say();

    // 4. p as a hyper-parameter (L4.7): a wide network memorises noisy points, dropout prevents it, and too much of it hinders learning.
    const int epochs = 600;
    SampleRun.Say($"L4.7: 2-128-128-2 on the same {train.Count} points, {epochs} epochs of Adam.");
    var dropped = new List<(double P, History History)>();
    foreach (double p in sample.Steps("dropout", [0, 0.2, 0.4, 0.6, 0.8]))
    {
        Sequential network = WithDropout(inputs: 2, outputs: 2, p, new Random(sample.Seed));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { Seed = (ulong)sample.Seed };
        dropped.Add((p, trainer.Fit(train, unseen, epochs, sample.Stop)));
    }

    sample.Save("regularization-dropout.png", path => Figures.SaveDropout(path, dropped));
    SampleRun.Print(["p", "training loss", "loss on unseen", "its lowest", "accuracy on unseen"], dropped.Select(one => new[]
    {
        $"{one.P}", $"{one.History.Epochs[^1].Training.Loss:0.000}", $"{End(one.History).Loss:0.000}", $"{one.History.Best!.Validation!.Loss:0.000}",
        $"{End(one.History).Accuracy:0.0 %}",
    }));
    double memorised = dropped[0].History.Epochs[^1].Training.Loss, none = End(dropped[0].History).Loss, most = End(dropped[^1].History).Loss;
    (double best, double bestP) = dropped.Select(one => (End(one.History).Loss, one.P)).Min();

    ClaimClose("The scores are the lecture's 0.21, 0.09, −0.40", scores, [0.21, 0.09, -0.40], bound: 0.005);
    ClaimClose("Softmax gives the lecture's 0.41, 0.36, 0.22", once, [0.41, 0.36, 0.22], bound: 0.005);

    // The lecture says "about": rounded, they are 0.77, 0.23, 0.00.
    ClaimClose("With 10·W it gives the lecture's 0.76, 0.24, 0.00 to within 0.01", tenfold, [0.76, 0.24, 0.00], bound: 0.01);
    sample.Claim("Both decide for the same class", once.IndexOf(once.Max()) == tenfold.IndexOf(tenfold.Max()), "the first");


    // With x = (1, 1, 1, 1), the score is the sum of the weights.
    double[] one = [1, 0, 0, 0], spread = [0.25, 0.25, 0.25, 0.25];
    sample.Claim("L4.3: (1,0,0,0) and (¼,¼,¼,¼) score the same, and R prefers the second, 1 against ¼",
        one.Sum() == spread.Sum() && R(one) == 1 && R(spread) == 0.25, $"scores {one.Sum()} and {spread.Sum()}, R {R(one)} and {R(spread)}");
    double[] sizes = [.. penalised.Select(one => one.Size)], losses = [.. penalised.Select(one => one.Train.Loss)];
    sample.Claim("The weights shrink from each λ to the next",
        sizes.Zip(sizes.Skip(1)).All(pair => pair.First > pair.Second), string.Join(", ", sizes.Select(size => $"{size:0.0}")));
    sample.Claim("The training loss rises from each λ to the next",
        losses.Zip(losses.Skip(1)).All(pair => pair.First < pair.Second), string.Join(", ", losses.Select(loss => $"{loss:0.000}")));
    (double strengthOfBest, _, _, _, Evaluation ofBest) = penalised.MinBy(one => one.Test.Loss);
    sample.Claim("On points never seen, some λ is better than none", strengthOfBest > 0,
        $"test loss {ofBest.Loss:0.000} with λ = {strengthOfBest} against {penalised[0].Test.Loss:0.000}");
    sample.Claim("Where there is data, 100 passes agree on average with the single pass to within their spread",
        difference < near, $"{difference:0.000} against {near:0.000}");
    sample.Claim("Beyond the data they agree less: the spread is at least half as large again", far > 1.5 * near, $"{far:0.000} against {near:0.000}");
    sample.Claim("Without dropout it memorises: its loss on unseen points ends above ten times its training loss",
        none > 10 * memorised, $"{none:0.000} against {memorised:0.000}");
    sample.Claim("Some p > 0 ends with a lower loss on them", bestP > 0, $"p = {bestP}: {best:0.000} against {none:0.000}");
    sample.Claim("Too much hinders: the greatest p is not the best", bestP < dropped[^1].P, $"p = {dropped[^1].P}: {most:0.000} against {best:0.000}");

    void ClaimClose(string expectation, double[] ours, double[] lecture, double bound) => sample.Claim(
        expectation, ours.Zip(lecture).All(pair => Math.Abs(pair.First - pair.Second) <= bound), string.Join(", ", Cells(ours)));

    double AverageWhere(Func<double, bool> isMeant, double[] values) => values.Where((_, i) => isMeant(places[i])).Average();

    // Without points in the middle, and none beyond −4 and 4.
    static Dataset NoisySine(int count, Random random)
    {
        IEnumerable<float> places = Enumerable.Range(0, count).Select(i => (float)(1 + (3 * random.NextDouble())) * (i % 2 == 0 ? 1 : -1));
        return Dataset.From(places, x => [x], x =>
        {
            Span<float> noise = [0];
            new Normal(0.1).Fill(noise, 1, 1, random);
            return [noise[0] + MathF.Sin(x)];
        });
    }

    static Sequential WithDropout(int inputs, int outputs, double p, Random random) => new(
        new Linear(inputs, 128, random), new ReLU(), new Dropout(p, random),
        new Linear(128, 128, random), new ReLU(), new Dropout(p, random),
        new Linear(128, outputs, random));

    static double R(double[] weights) => weights.Sum(weight => weight * weight);

    static string[] Cells(double[] values) => [.. values.Select(value => $"{value:0.0000;−0.0000;0.0000}")];

    static Evaluation End(History history) => history.Epochs[^1].Validation!;
});
