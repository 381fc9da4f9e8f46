namespace NeuralTrain.Samples;

/// <summary>Before training (L7.1, L7.2): last layer against task, the first loss against chance, one batch, and the baseline.</summary>
internal static class SanityChecks
{
    public static void Run(SampleRun sample)
    {
        (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 2_000 : 5_000, 1_000);
        (var loss, Random random) = (new SoftmaxCrossEntropy(), sample.NewRandom());
        var wrong = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random), new Softmax());
        CheckReport ofWrong = wrong.Check(train, loss);
        SampleRun.Say($"Probabilities where the loss takes scores:\n{ofWrong}");
        sample.Claim("A softmax before a loss that includes one is found (NT007)", Has(ofWrong, "NT007"), $"{ofWrong.Count} findings");

        // A bounded output for targets without bounds: sines up to 3, and a sigmoid that ends at 1.
        Dataset sines = Dataset.From(Enumerable.Range(0, 200), i => [i / 100f], i => [3 * MathF.Sin(i / 30f)]);
        var bounded = new Sequential(new Linear(1, 16, random), new Tanh(), new Linear(16, 1, random), new Sigmoid());
        CheckReport ofBounded = bounded.Check(sines, new MeanSquaredError());
        SampleRun.Say($"Sigmoid as the output of a regression without bounds:\n{ofBounded}");
        sample.Claim("Targets that the output cannot reach are found (NT008)", Has(ofBounded, "NT008"), $"{ofBounded.Count} findings");

        Sequential network = Perceptron.New(random, [784, 64, 10]);
        Trainer trainer = sample.NewTrainer(network, new Adam(network, learningRate: 3e-4), showsProgress: true);
        CheckReport ofTrivial = network.Check(train, loss, trainer.Optimizer);
        SampleRun.Say($"A trivial network with scores at its end:\n{ofTrivial}");
        sample.Claim("Nothing serious is found in it", !ofTrivial.HasErrors, $"{ofTrivial.Count} findings");

        // Scores of about 0 prefer no class. The last layer's default weights give scores that do, which costs some steps and no more.
        var quiet = new Sequential(new Linear(784, 64, random), new ReLU(), new Linear(64, 10, random, bias: true, new Normal(0.01)));
        (double first, double chance) = (quiet.Evaluate(train, loss).Loss, Math.Log(10));
        sample.Claim($"With small weights in the last layer the first loss is that of chance, ln 10 = {chance:0.000}, within 2 %",
            Math.Abs((first / chance) - 1) < 0.02, $"{first:0.000}; with the default ones {trainer.Evaluate(train).Loss:0.000}");
        OverfitResult overfit = network.OverfitOneBatch(train, loss);
        sample.Claim("It memorises a single batch", overfit.Reached, $"{overfit}");
        SampleRun.Say($"Baseline, Adam with γ = 3·10⁻⁴ and nothing else: {sample.Fit(trainer, train, validation: null, epochs: 20)}");
        double accuracy = trainer.Evaluate(test)["accuracy"];
        sample.Claim("The baseline reads at least 85 % of unseen digits", accuracy >= 0.85, $"{accuracy:0.0 %}");

        static bool Has(CheckReport findings, string code) => findings.Any(finding => finding.Code == code);
    }
}
