namespace NeuralTrain.Samples;

/// <summary>p as a hyper-parameter (L4.7): a wide network memorises noisy points, dropout prevents it, and too much of it hinders learning.</summary>
internal static class DropoutRates
{
    private const int Epochs = 600;

    public static void Run(SampleRun sample)
    {
        Dataset train = PlaneData.Moons(120, sample.NewRandom()), unseen = PlaneData.Moons(2_000, sample.NewRandom(1));
        SampleRun.Say($"L4.7: 2-128-128-2 on the same {train.Count} points, {Epochs} epochs of Adam.");
        Plot curves = Picture.New("Overfit and its cure", "epoch", "loss");
        var results = new List<(double P, double Train, Evaluation Unseen, double Lowest)>();
        foreach (double p in sample.Steps("dropout", [0, 0.2, 0.4, 0.6, 0.8]))
        {
            Trainer trainer = sample.NewTrainer(Perceptron.New(sample.NewRandom(), [2, 128, 128, 2], dropout: p));
            History history = sample.Fit(trainer, train, unseen, Epochs);
            curves.AddEpochs(history.Epochs, epoch => epoch.Validation!.Loss, $"p = {p}, unseen", color: results.Count);
            if (p == 0)
            {
                // With dropout the training loss is measured while values are dropped: another quantity, shown only in the table.
                curves.AddEpochs(history.Epochs, epoch => epoch.Training.Loss, "p = 0, training", color: 0, LinePattern.Dotted);
            }

            results.Add((p, history.Epochs[^1].Training.Loss, history.Epochs[^1].Validation!, history.Best!.Validation!.Loss));
        }

        curves.Axes.SetLimitsY(0, 1.2);
        sample.Save(curves, "regularization-dropout.png");
        SampleRun.Print(["p", "training loss", "loss on unseen", "its lowest", "accuracy on unseen"], results.Select(one => new[]
            { $"{one.P}", $"{one.Train:0.000}", $"{one.Unseen.Loss:0.000}", $"{one.Lowest:0.000}", $"{one.Unseen.Accuracy:0.0 %}" }));
        var (none, most, best) = (results[0], results[^1], results.MinBy(one => one.Unseen.Loss));
        sample.Claim("Without dropout it memorises: its loss on unseen points ends above ten times its training loss",
            none.Unseen.Loss > 10 * none.Train, $"{none.Unseen.Loss:0.000} against {none.Train:0.000}");
        sample.Claim("Some p > 0 ends with a lower loss on them", best.P > 0,
            $"p = {best.P}: {best.Unseen.Loss:0.000} against {none.Unseen.Loss:0.000}");
        sample.Claim("Too much hinders: the greatest p is not the best", best.P < most.P,
            $"p = {most.P}: {most.Unseen.Loss:0.000} against {best.Unseen.Loss:0.000}");
    }
}
