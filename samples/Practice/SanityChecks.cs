namespace NeuralTrain.Samples;

/// <summary>Before training (L7.1, L7.2): the end of the network against the task, the first loss against chance, one batch by heart; then the baseline.</summary>
internal static class SanityChecks
{
    public static void Run(SampleRun sample)
    {
        (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 2_000 : 5_000, 1_000);
        var loss = new SoftmaxCrossEntropy();
        Random random = sample.NewRandom();

        var wrong = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random), new Softmax());
        Findings aboutWrong = wrong.Check(train, loss);
        SampleRun.Say($"Probabilities where the loss takes scores:\n{aboutWrong}");
        sample.Claim("Softmax in front of a loss that has its own is found (NT007)", aboutWrong.Any(finding => finding.Code == "NT007"), $"{aboutWrong.Count} findings");

        // A bounded output for targets without bounds: sines up to 3, and a sigmoid that ends at 1.
        Dataset sines = Dataset.From(Enumerable.Range(0, 200), i => [i / 100f], i => [3 * MathF.Sin(i / 30f)]);
        var bounded = new Sequential(new Linear(1, 16, random), new Tanh(), new Linear(16, 1, random), new Sigmoid());
        Findings aboutBounded = bounded.Check(sines, new MeanSquaredError());
        SampleRun.Say($"Sigmoid as the output of a regression without bounds:\n{aboutBounded}");
        sample.Claim("Targets that the output cannot reach are found (NT008)", aboutBounded.Any(finding => finding.Code == "NT008"), $"{aboutBounded.Count} findings");

        var network = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random));
        Findings about = network.Check(train, loss, new Adam(network, learningRate: 3e-4));
        SampleRun.Say($"A trivial network with scores at its end:\n{about}");
        sample.Claim("Nothing grave is found in it", !about.HasErrors, $"{about.Count} findings");

        // Scores of about 0 prefer no class. The default weights of the last layer give scores that do, which costs some steps and no more.
        var quiet = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random, weightInitializer: new Normal(0.01)));
        var trainer = new Trainer(network, loss, new Adam(network, learningRate: 3e-4)) { Seed = (ulong)sample.Seed, Progress = new ConsoleProgress() };
        (double first, double chance) = (quiet.Evaluate(train, loss).Loss, Math.Log(10));
        sample.Claim($"With small weights in the last layer the first loss is that of chance, ln 10 = {chance:0.000}, within 2 %",
            Math.Abs((first / chance) - 1) < 0.02, $"{first:0.000}; with the default ones {trainer.Evaluate(train).Loss:0.000}");
        OverfitResult overfit = network.OverfitOneBatch(train, loss);
        sample.Claim("It learns a single batch by heart", overfit.Reached, $"{overfit}");

        History history = sample.Fit(trainer, train, validation: null, epochs: 20);
        double accuracy = trainer.Evaluate(test).Accuracy;
        SampleRun.Say($"Baseline, Adam with γ = 3·10⁻⁴ and nothing else: {history}");
        sample.Claim("The baseline reads at least 85 % of unseen digits", accuracy >= 0.85, $"{accuracy:0.0 %}");
    }
}
