namespace NeuralTrain.Samples;

/// <summary>Early stopping (L7.4): training and validation drift apart; the best weights come back, not the last.</summary>
internal static class Stopping
{
    public static void Run(SampleRun sample)
    {
        Dataset train = PlaneData.Moons(120, sample.NewRandom());
        Dataset validation = PlaneData.Moons(1_000, sample.NewRandom(1)), test = PlaneData.Moons(5_000, sample.NewRandom(2));
        Trainer stopped = New(), last = New();
        stopped.EarlyStopping = new EarlyStopping(patience: 100);
        History history = sample.Fit(stopped, train, validation, epochs: 500);
        sample.Fit(last, train, validation, epochs: 500);
        SampleRun.Say($"L7.4, 2-64-64-2 on {train}: {history}");
        sample.Save("practice-stopping.png", path => history.SavePng(path));
        (double ofStopped, double ofLast) = (stopped.Evaluate(test).Loss, last.Evaluate(test).Loss);
        double restored = stopped.Evaluate(validation).Loss, best = history.Best!.Validation!.Loss;
        sample.Claim("It stops before the 500 epochs are over",
            history.StopReason == StopReason.EarlyStopping, $"after {history.Epochs.Count}, best {history.Best!.Number}");
        sample.Claim("The best weights are back: the validation loss is that of the best epoch", restored == best, $"{restored:0.0000}");
        sample.Claim("On a third part of the data it is better than the network trained to the end",
            ofStopped < ofLast, $"loss {ofStopped:0.000} against {ofLast:0.000}");

        Trainer New() => sample.NewTrainer(Perceptron.New(sample.NewRandom(), [2, 64, 64, 2]), showsProgress: true);
    }
}
