namespace NeuralTrain.Samples;

/// <summary>Early stopping (L7.4): training and validation drift apart; the best weights come back, not the last.</summary>
internal static class Stopping
{
    public static void Run(SampleRun sample)
    {
        const int epochs = 500;
        Dataset train = PlaneData.Moons(120, noise: 0.3, sample.NewRandom());
        Dataset validation = PlaneData.Moons(1_000, noise: 0.3, new Random(sample.Seed + 1)), test = PlaneData.Moons(5_000, noise: 0.3, new Random(sample.Seed + 2));
        (Trainer stopped, History history) = Train(sample, train, validation, epochs, new EarlyStopping(patience: 100));
        (Trainer last, _) = Train(sample, train, validation, epochs, earlyStopping: null);
        SampleRun.Say($"L7.4, 2-64-64-2 on {train}: {history}");
        sample.Save("practice-stopping.png", path => history.SavePng(path));
        (double ofStopped, double ofLast) = (stopped.Evaluate(test).Loss, last.Evaluate(test).Loss);
        double restored = stopped.Evaluate(validation).Loss, best = history.Best.Validation!.Loss;
        sample.Claim($"It stops before the {epochs} epochs are over", history.StopReason == StopReason.EarlyStopping, $"after {history.Epochs.Count}, best {history.Best.Number}");
        sample.Claim("The best weights are back: the validation loss is that of the best epoch", restored == best, $"{restored:0.0000}");
        sample.Claim("On a third part of the data it is better than the network trained to the end", ofStopped < ofLast, $"loss {ofStopped:0.000} against {ofLast:0.000}");
    }

    private static (Trainer Trainer, History History) Train(SampleRun sample, Dataset train, Dataset validation, int epochs, EarlyStopping? earlyStopping)
    {
        Random random = sample.NewRandom();
        var network = new Sequential(new Linear(2, 64, random), new ReLU(), new Linear(64, 64, random), new ReLU(), new Linear(64, 2, random));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network))
        {
            EarlyStopping = earlyStopping,
            Seed = (ulong)sample.Seed,
            Progress = new ConsoleProgress(),
        };
        return (trainer, sample.Fit(trainer, train, validation, epochs));
    }
}
