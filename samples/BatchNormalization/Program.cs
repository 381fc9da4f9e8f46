// Lecture L6.3 and L6.4: batch normalisation before or after the non-linearity, and with each activation of L3.
const string Description = "Batch normalisation: before or after ReLU (lecture L6.3), and with each activation (L6.4).";
return SampleCommand.Run(args, Description, full: "25 s", quick: "2 s", takesData: true, run: sample =>
{
    (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 500 : 2_000, sample.Quick ? 500 : 5_000);
    (int epochs, int starts) = sample.Quick ? (3, 3) : (10, 10);
    SampleRun.Say($"Networks of 784-100-100-10, Adam, {epochs} epochs; figures are mean ± standard deviation of {starts} random starts.");
    SampleRun.Say("A mean counts as higher if it is by more than two standard errors of the difference.\n");
    Dictionary<string, Score> orders = Compare(new()
    {
        ["none"] = (_, _) => [new ReLU()],
        ["before"] = (width, _) => [new BatchNorm(width, scaleAndShift: false), new ReLU()],
        ["before + scale&bias"] = (width, _) => [new BatchNorm(width), new ReLU()],
        ["after"] = (width, _) => [new ReLU(), new BatchNorm(width, scaleAndShift: false)],
        ["after + scale&bias"] = (width, _) => [new ReLU(), new BatchNorm(width)],
    });
    Print("batch norm, ReLU", orders, new() { ["before"] = .474, ["before + scale&bias"] = .478, ["after"] = .499, ["after + scale&bias"] = .493 });
    SampleRun.Say();
    Dictionary<string, Score> activations = Compare(new()
    {
        ["ReLU"] = (width, _) => [new BatchNorm(width), new ReLU()],
        ["RReLU"] = (width, random) => [new BatchNorm(width), new RReLU(random)],
        ["PReLU"] = (width, _) => [new BatchNorm(width), new PReLU()],
        ["ELU"] = (width, _) => [new BatchNorm(width), new ELU()],
        ["Maxout"] = (width, random) => [new BatchNorm(width), new Maxout(width, width, random)],
        ["Sigmoid"] = (width, _) => [new BatchNorm(width), new Sigmoid()],
        ["TanH"] = (width, _) => [new BatchNorm(width), new Tanh()],
        ["none"] = (width, _) => [new BatchNorm(width)],
    });
    Print("activation, batch norm", activations, new()
    {
        ["ReLU"] = .499, ["RReLU"] = .500, ["PReLU"] = .503, ["ELU"] = .498, ["Maxout"] = .487, ["Sigmoid"] = .475, ["TanH"] = .448, ["none"] = .384,
    });
    sample.Save("batch-normalization.png", path => Figures.SaveErrors(path, activations));

    // The same weights and the same order of the rows for every variant: the layers after each of the two hidden linear layers.
    Dictionary<string, Score> Compare(Dictionary<string, Func<int, Random, Layer[]>> variants)
    {
        var results = new List<Evaluation>();
        foreach ((var layers, int start) in sample.Steps("Training", variants.Values.SelectMany(_ => Enumerable.Range(0, starts), ValueTuple.Create)))
        {
            var random = new Random(sample.Seed + start);
            var network = new Sequential(
            [
                new Linear(784, 100, random), .. layers(100, random),
                new Linear(100, 100, random), .. layers(100, random),
                new Linear(100, 10, random),
            ]);
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { BatchSize = 50, Seed = (ulong)(sample.Seed + start) };
            trainer.Fit(train, epochs: epochs, cancellationToken: sample.Stop);
            results.Add(trainer.Evaluate(test));
        }

        return variants.Keys.Zip(results.Chunk(starts)).ToDictionary(pair => pair.First, pair => new Score(
            Spread.Of(pair.Second.Select(result => result["accuracy"])), Spread.Of(pair.Second.Select(result => result.Loss))));
    }

    // Beside the lecture's figures, which were measured on ImageNet: their order can be compared, not their size.
    static void Print(string what, Dictionary<string, Score> scores, Dictionary<string, double> lecture) => SampleRun.Print(
        [what, "accuracy", "log-loss", "lecture, ImageNet"], scores.Select(one => new[]
        { one.Key, one.Value.Accuracy.Percent, one.Value.LogLoss.Text("0.000"), lecture.TryGetValue(one.Key, out double known) ? $"{known:0.000}" : "–" }));

    foreach ((string ending, string what) in new[] { ("", "without"), (" + scale&bias", "with") })
    {
        sample.ClaimAbove($"After ReLU is better than before it (L6.3): higher accuracy, {what} scale and bias",
            orders["after" + ending].Accuracy, orders["before" + ending].Accuracy, spread => spread.Percent, needsFullRun: true);
    }

    string Worst(params IEnumerable<string> names) => names.MinBy(name => activations[name].Accuracy.Mean)!;
    string weakest = Worst(activations.Keys.Where(name => name != "none")), family = Worst("ReLU", "RReLU", "PReLU", "ELU");
    string rival = Worst("Sigmoid", "TanH") == "TanH" ? "Sigmoid" : "TanH";
    sample.ClaimAbove($"Without a non-linearity it is worst (L6.4): below {weakest}, the next",
        activations[weakest].Accuracy, activations["none"].Accuracy, spread => spread.Percent, needsFullRun: true);
    sample.ClaimAbove($"The ReLU family is better than sigmoid and tanh (L6.4): {family}, its last, is above {rival}, the better of these",
        activations[family].Accuracy, activations[rival].Accuracy, spread => spread.Percent, needsFullRun: true);
    double least = activations.Values.Concat(orders.Values).Min(score => score.Accuracy.Mean);
    sample.Claim("Every network learns to tell digits apart: right more often than three times chance", least > 0.3, $"at least {least:0.0 %}");
});
