// Lecture L7: what to do in which order, from a baseline and sanity checks to the search for hyper-parameters, and transfer.
using System.CommandLine;

const string Description = "Training in practice: checks, baseline, early stopping, search, transfer (lecture L7.1-L7.5).";
const int PointsOfGrid = 4, Trials = PointsOfGrid * PointsOfGrid, Few = 50, Draws = 5;
var onlyTransfer = new Option<bool>("--transfer") { Description = "Transfer alone (L7.4): 20 draws of few examples in each of several set-ups." };
return SampleCommand.Run(args, Description, full: args.Contains("--transfer") ? "3 min" : "8 s", quick: "4 s", takesData: true, more: [onlyTransfer], run: sample =>
{
    if (sample.Arguments.GetValue(onlyTransfer))
    {
        TransferStudy.Run(sample);
        return;
    }

    // 1. Before training (L7.1, L7.2): last layer against task. Probabilities where the loss takes scores; and a bounded output for sines up to 3.
    (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 2_000 : 5_000, 1_000);
    var loss = new SoftmaxCrossEntropy();
    var random = new Random(sample.Seed);
    var wrong = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random), new Softmax());
    CheckReport ofWrong = wrong.Check(train, loss);
    SampleRun.Say($"Probabilities where the loss takes scores:\n{ofWrong}");
    Dataset sines = Dataset.From(Enumerable.Range(0, 200), i => [i / 100f], i => [3 * MathF.Sin(i / 30f)]);
    var bounded = new Sequential(new Linear(1, 16, random), new Tanh(), new Linear(16, 1, random), new Sigmoid());
    CheckReport ofBounded = bounded.Check(sines, new MeanSquaredError());
    SampleRun.Say($"Sigmoid as the output of a regression without bounds:\n{ofBounded}");

    // The baseline: a trivial network, Adam at 3·10⁻⁴, and nothing else. Before it trains, it must be able to memorise one batch.
    var baseline = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random));
    var trainer = new Trainer(baseline, loss, new Adam(baseline, learningRate: 3e-4)) { Seed = (ulong)sample.Seed, Progress = new ConsoleProgress() };
    CheckReport ofBaseline = baseline.Check(train, loss, trainer.Optimizer);
    SampleRun.Say($"A trivial network with scores at its end:\n{ofBaseline}");

    // The first loss should be that of chance. Scores of about 0 prefer no class; those of the default weights do, which costs some steps and no more.
    var quiet = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random, bias: true, new Normal(0.01)));
    double chance = Math.Log(10), first = quiet.Evaluate(train, loss).Loss, ofDefault = trainer.Evaluate(train).Loss;
    OverfitResult overfit = baseline.OverfitOneBatch(train, loss);
    SampleRun.Say($"Baseline, Adam with γ = 3·10⁻⁴ and nothing else: {trainer.Fit(train, epochs: 20, cancellationToken: sample.Stop)}");
    double accuracy = trainer.Evaluate(test)["accuracy"];
    SampleRun.Say();

    // 2. Early stopping (L7.4): training and validation drift apart; the best weights come back, not the last.
    Dataset moons = PlaneData.Moons(120, new Random(sample.Seed)), others = PlaneData.Moons(1_000, new Random(sample.Seed + 1));
    Dataset unseen = PlaneData.Moons(5_000, new Random(sample.Seed + 2));
    Trainer stopped = NewTrainer();
    stopped.EarlyStopping = new EarlyStopping(patience: 100);
    History history = stopped.Fit(moons, others, epochs: 500, sample.Stop);
    Trainer last = NewTrainer();
    last.Fit(moons, others, epochs: 500, sample.Stop);
    SampleRun.Say($"L7.4, 2-64-64-2 on {moons}: {history}");
    sample.Save("practice-stopping.png", path => history.SavePng(path));
    double ofStopped = stopped.Evaluate(unseen).Loss, ofLast = last.Evaluate(unseen).Loss, restored = stopped.Evaluate(others).Loss;
    SampleRun.Say();

    // 3. Hyper-parameters come last (L7.5): a grid and random draws on the same budget, rates and strengths on a logarithmic scale.
    Dataset spiral = PlaneData.Spiral(300, new Random(sample.Seed), noise: 0.05, turns: 1.25);
    Dataset otherSpiral = PlaneData.Spiral(1_000, new Random(sample.Seed + 1), noise: 0.05, turns: 1.25);
    Study grid = Search(new GridSampler(PointsOfGrid, (ulong)sample.Seed)), draws = Search(new RandomSampler((ulong)sample.Seed));
    double unsearched = Train(3e-4, strength: 0, new Random(sample.Seed));
    double best = Math.Min(grid.Best.Score!.Value, draws.Best.Score!.Value);
    SampleRun.Say($"L7.5, 2-32-32-2 on {spiral} (spirals), the loss on {otherSpiral.Count} others; rate 10⁻⁴ to 1, λ 10⁻⁶ to 10⁻¹:");
    SampleRun.Print(["search", "trials", "rates tried", "best rate", "best λ", "best loss"],
        [Row("grid", grid), Row("random", draws), ["baseline", "1", "1", "0.0003", "0", $"{unsearched:0.000}"]]);
    sample.Save("practice-search.png", path => Figures.SaveSearch(path, grid, draws));
    SampleRun.Say();

    // 4. A pretrained network (L7.4): load, freeze the first layers, replace the head; then few examples are enough.
    (Dataset digits, Dataset otherDigits) = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, 4_000, standardize: false);
    Dataset low = Digits.Only(digits, 0, 1, 2, 3, 4), high = Digits.Only(otherDigits, 5, 6, 7, 8, 9);
    Dataset unseenHigh = high.Select([.. Enumerable.Range(Draws * Few, high.Inputs.Rows - (Draws * Few))]);
    SampleRun.Say($"L7.4: pretrained on {low.Count} digits 0 to 4, then {Few} of 5 to 9 to learn from, {Draws} times others, and {unseenHigh.Count} to measure on.");
    Sequential pretrained = NewDigitNetwork(new Random(sample.Seed));
    new Trainer(pretrained, loss, new Adam(pretrained)) { Seed = (ulong)sample.Seed }.Fit(low, epochs: sample.Quick ? 5 : 20, cancellationToken: sample.Stop);
    string file = sample.PathOf("practice-pretrained.safetensors");
    ModelFile.Save(file, pretrained, low.Classes, loss);

    var loaded = new List<Sequential>();
    Spread allFrozen = Tune(start => Pretrained(start, frozen: 4));
    Spread firstFrozen = Tune(start => Pretrained(start, frozen: 1));
    Spread fromRandom = Tune(NewDigitNetwork);
    bool areSame = loaded.All(network => pretrained[0].Parameters.Zip(network[0].Parameters)
        .All(pair => pair.First.Value.Span.SequenceEqual(pair.Second.Value.Span)));
    SampleRun.Print(["network", "accuracy on unseen 5 to 9"],
    [
        ["pretrained, all frozen but the new head", allFrozen.Percent],
        ["pretrained, the first layer frozen", firstFrozen.Percent],
        ["from random weights", fromRandom.Percent],
    ]);

    sample.Claim("A softmax before a loss that includes one is found (NT007)", Has(ofWrong, "NT007"), Count(ofWrong));
    sample.Claim("Targets that the output cannot reach are found (NT008)", Has(ofBounded, "NT008"), Count(ofBounded));
    sample.Claim("Nothing serious is found in the baseline", !ofBaseline.HasErrors, Count(ofBaseline));
    sample.Claim($"With small weights in the last layer the first loss is that of chance, ln 10 = {chance:0.000}, within 2 %",
        Math.Abs((first / chance) - 1) < 0.02, $"{first:0.000}; with the default ones {ofDefault:0.000}");
    sample.Claim("It memorises a single batch", overfit.Reached, $"{overfit}");
    sample.Claim("The baseline reads at least 85 % of unseen digits", accuracy >= 0.85, $"{accuracy:0.0 %}");
    sample.Claim("It stops before the 500 epochs are over",
        history.StopReason == StopReason.EarlyStopping, $"after {history.Epochs.Count}, best {history.Best!.Number}");
    sample.Claim("The best weights are back: the validation loss is that of the best epoch", restored == history.Best.Validation!.Loss, $"{restored:0.0000}");
    sample.Claim("On a third part of the data it is better than the network trained to the end", ofStopped < ofLast, $"loss {ofStopped:0.000} against {ofLast:0.000}");
    sample.Claim("On the same budget random draws try as many rates as there are trials, the grid a fourth",
        Rates(draws) == Trials && Rates(grid) == PointsOfGrid, $"{Rates(draws)} and {Rates(grid)} of {Trials}");
    sample.Claim("The search improves on the baseline of L7.1 in the same number of epochs", best < unsearched, $"loss {best:0.000} against {unsearched:0.000}");
    sample.Claim("The frozen layer has not changed by a bit", areSame, "compared with that of the pretrained network");
    sample.ClaimAbove($"With {Few} examples, the pretrained network with its first layer frozen is better than one from random weights",
        firstFrozen, fromRandom, spread => spread.Percent, needsFullRun: true);

    Trainer NewTrainer()
    {
        Sequential network = NewNetwork(64, new Random(sample.Seed));
        return new Trainer(network, loss, new Adam(network)) { Seed = (ulong)sample.Seed, Progress = new ConsoleProgress() };
    }

    Study Search(Sampler sampler)
    {
        var study = new Study(Direction.Minimize, sampler, options: new StudyOptions { Window = Trials });
        study.Run(Trials, Math.Min(Compute.MaxThreads, Trials), trial =>
            Train(trial.Suggest("rate", 1e-4, 1, log: true), trial.Suggest("L2", 1e-6, 1e-1, log: true), trial.Random), sample.Stop);
        return study;
    }

    double Train(double rate, double strength, Random random)
    {
        Sequential network = NewNetwork(32, random);
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, rate) { L2 = strength }) { Seed = (ulong)sample.Seed };
        return trainer.Fit(spiral, otherSpiral, epochs: sample.Quick ? 40 : 100, sample.Stop).Best!.Validation!.Loss;
    }

    static Sequential NewNetwork(int width, Random random) =>
        new(new Linear(2, width, random), new ReLU(), new Linear(width, width, random), new ReLU(), new Linear(width, 2, random));

    static Sequential NewDigitNetwork(Random random) =>
        new(new Linear(784, 128, random), new ReLU(), new Linear(128, 64, random), new ReLU(), new Linear(64, 5, random));

    // The layers with weights are 0, 2 and 4; the last of them is the new head.
    Sequential Pretrained(Random start, int frozen)
    {
        Sequential network = ModelFile.Load(file).Network.Take(^1).Append(new Linear(64, 5, start));
        foreach (Layer layer in network.Children.Take(frozen)) layer.Freeze();
        loaded.Add(network);
        return network;
    }

    // Each draw has other examples and another start.
    Spread Tune(Func<Random, Sequential> create)
    {
        var accuracies = new List<double>();
        foreach (int draw in sample.Steps("few examples", Enumerable.Range(0, Draws)))
        {
            Sequential network = create(new Random(sample.Seed + draw));
            var tuner = new Trainer(network, loss, new Adam(network)) { Seed = (ulong)sample.Seed };
            tuner.Fit(high.Select([.. Enumerable.Range(draw * Few, Few)]), epochs: 200, cancellationToken: sample.Stop);
            accuracies.Add(tuner.Evaluate(unseenHigh)["accuracy"]);
        }

        return Spread.Of(accuracies);
    }

    static string Count(CheckReport findings) => findings.Count == 1 ? "1 finding" : $"{findings.Count} findings";

    static bool Has(CheckReport findings, string code) => findings.Any(finding => finding.Code == code);

    static int Rates(Study study) => study.Trials.Select(trial => trial.Coordinates["rate"]).Distinct().Count();

    static string[] Row(string name, Study study) => [name, $"{study.Trials.Count}", $"{Rates(study)}",
        $"{study.Best.Coordinates["rate"]:g3}", $"{study.Best.Coordinates["L2"]:g3}", $"{study.Best.Score:0.000}"];
});
