// Lecture L6.3 and L6.4: batch normalisation before or after the non-linearity, and with each activation of L3.
return SampleCommand.Run(args, "Batch normalisation: before or after ReLU (lecture L6.3), and with each activation (L6.4).", "2 min", sample =>
{
    (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 500 : 2_000, sample.Quick ? 500 : 5_000);
    var comparison = new Comparison(sample, train, test);
    SampleRun.Say($"Networks of 784-100-100-10, Adam, {comparison.Epochs} epochs; every figure is the mean of {comparison.Seeds} random starts.");
    SampleRun.Say();

    Dictionary<string, Score> orders = comparison.RunAll(
    [
        ("none", (_, _) => [new ReLU()]),
        ("before", (width, _) => [new BatchNorm(width, scaleAndShift: false), new ReLU()]),
        ("before + scale&bias", (width, _) => [new BatchNorm(width), new ReLU()]),
        ("after", (width, _) => [new ReLU(), new BatchNorm(width, scaleAndShift: false)]),
        ("after + scale&bias", (width, _) => [new ReLU(), new BatchNorm(width)]),
    ]);
    Score.Print("batch norm, ReLU", orders, [("before", .474), ("before + scale&bias", .478), ("after", .499), ("after + scale&bias", .493)]);
    sample.Claim("After ReLU is better than before it (L6.3): higher accuracy, without scale and bias",
        orders["after"].Accuracy > orders["before"].Accuracy, $"{orders["after"].Accuracy:0.0 %} against {orders["before"].Accuracy:0.0 %}", needsFullRun: true);
    SampleRun.Say();

    Dictionary<string, Score> activations = comparison.RunAll(
    [
        ("ReLU", (width, _) => [new BatchNorm(width), new ReLU()]),
        ("RReLU", (width, random) => [new BatchNorm(width), new RReLU(random)]),
        ("PReLU", (width, _) => [new BatchNorm(width), new PReLU()]),
        ("ELU", (width, _) => [new BatchNorm(width), new ELU()]),
        ("Maxout", (width, random) => [new BatchNorm(width), new Maxout(width, width, random)]),
        ("Sigmoid", (width, _) => [new BatchNorm(width), new Sigmoid()]),
        ("TanH", (width, _) => [new BatchNorm(width), new Tanh()]),
        ("none", (width, _) => [new BatchNorm(width)]),
    ]);
    Score.Print("activation, batch norm", activations,
        [("ReLU", .499), ("RReLU", .500), ("PReLU", .503), ("ELU", .498), ("Maxout", .487), ("Sigmoid", .475), ("TanH", .448), ("none", .384)]);
    Score.Save(sample, activations, "batch-normalization.png");
    double best = activations.Where(a => a.Key != "none").Min(a => a.Value.Accuracy);
    sample.Claim("Without a non-linearity it is worst (L6.4)", activations["none"].Accuracy < best, $"{activations["none"].Accuracy:0.0 %} against at least {best:0.0 %}", needsFullRun: true);
    string[] leading = ["ReLU", "RReLU", "PReLU", "ELU"];
    sample.Claim("The ReLU family is better than sigmoid and tanh (L6.4)",
        leading.Min(name => activations[name].Accuracy) > Math.Max(activations["Sigmoid"].Accuracy, activations["TanH"].Accuracy),
        $"at least {leading.Min(name => activations[name].Accuracy):0.0 %} against {activations["Sigmoid"].Accuracy:0.0 %} and {activations["TanH"].Accuracy:0.0 %}",
        needsFullRun: true);
    sample.Claim("Every network learns to tell digits apart: right more often than three times chance", activations.Values.Concat(orders.Values).All(score => score.Accuracy > 0.3),
        $"at least {activations.Values.Concat(orders.Values).Min(score => score.Accuracy):0.0 %}");
}, takesData: true);
