// Lecture L6.3 and L6.4: batch normalisation before or after the non-linearity, and with each activation of L3.
const string Description = "Batch normalisation: before or after ReLU (lecture L6.3), and with each activation (L6.4).";
return SampleCommand.Run(args, Description, full: "25 s", quick: "2 s", takesData: true, run: sample =>
{
    (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 500 : 2_000, sample.Quick ? 500 : 5_000);
    var comparison = new Comparison(sample, train, test);
    SampleRun.Say($"Networks of 784-100-100-10, Adam, {comparison.Epochs} epochs; figures are mean ± standard deviation of {comparison.Starts} random starts.");
    SampleRun.Say("A mean counts as higher if it is by more than two standard errors of the difference.");
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
    foreach ((string ending, string what) in new[] { ("", "without"), (" + scale&bias", "with") })
    {
        sample.ClaimAbove($"After ReLU is better than before it (L6.3): higher accuracy, {what} scale and bias",
            orders["after" + ending].Accuracy, orders["before" + ending].Accuracy, spread => spread.Percent, needsFullRun: true);
    }

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

    string Worst(params string[] names) => names.MinBy(name => activations[name].Accuracy.Mean)!;
    string weakest = Worst([.. activations.Keys.Where(name => name != "none")]), family = Worst("ReLU", "RReLU", "PReLU", "ELU");
    string rival = Worst("Sigmoid", "TanH") == "TanH" ? "Sigmoid" : "TanH";
    sample.ClaimAbove($"Without a non-linearity it is worst (L6.4): below {weakest}, the next",
        activations[weakest].Accuracy, activations["none"].Accuracy, spread => spread.Percent, needsFullRun: true);
    sample.ClaimAbove($"The ReLU family is better than sigmoid and tanh (L6.4): {family}, its last, is above {rival}, the better of these",
        activations[family].Accuracy, activations[rival].Accuracy, spread => spread.Percent, needsFullRun: true);
    double least = activations.Values.Concat(orders.Values).Min(score => score.Accuracy.Mean);
    sample.Claim("Every network learns to tell digits apart: right more often than three times chance", least > 0.3, $"at least {least:0.0 %}");
});
