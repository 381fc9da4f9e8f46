using ScottPlot;

namespace NeuralTrain.Samples;

/// <summary>p as a hyper-parameter (L4.7): a wide network learns a few noisy points by heart, and dropout cures it, up to where it hinders.</summary>
internal static class DropoutRates
{
    private const int Epochs = 600;

    private static readonly double[] Probabilities = [0, 0.2, 0.4, 0.6, 0.8];

    public static void Run(SampleRun sample)
    {
        (Dataset train, Dataset unseen) = (PlaneData.Moons(120, noise: 0.3, sample.NewRandom()), PlaneData.Moons(2_000, noise: 0.3, new Random(sample.Seed + 1)));
        SampleRun.Say($"L4.7: 2-128-128-2 on the same {train.Inputs.Rows} points, {Epochs} epochs of Adam.");
        Plot curves = Picture.New("Overfit and its cure", "epoch", "loss");
        var results = new List<(double Train, double Test, double Accuracy, double Lowest)>();
        foreach (int i in sample.Steps("dropout", Probabilities.Length))
        {
            (double p, Random random) = (Probabilities[i], sample.NewRandom());
            var network = new Sequential(
                new Linear(2, 128, random), new ReLU(), new Dropout(p, random), new Linear(128, 128, random), new ReLU(), new Dropout(p, random), new Linear(128, 2, random));
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { Seed = (ulong)sample.Seed };
            IReadOnlyList<Epoch> epochs = sample.Fit(trainer, train, unseen, Epochs).Epochs;
            Evaluation last = epochs[^1].Validation!;
            results.Add((epochs[^1].Training.Loss, last.Loss, last.Accuracy, epochs.Min(epoch => epoch.Validation!.Loss)));
            curves.AddLine(epochs.Select(epoch => (double)epoch.Number), epochs.Select(epoch => epoch.Validation!.Loss), $"p = {p}, unseen", i);
            if (i == 0)
            {
                // With dropout the training loss is measured while values are dropped: another quantity, which is in the table only.
                curves.AddLine(epochs.Select(epoch => (double)epoch.Number), epochs.Select(epoch => epoch.Training.Loss), "p = 0, training", i, LinePattern.Dotted);
            }
        }

        curves.Axes.SetLimitsY(0, 1.2);
        Picture.ShowLegend(curves);
        sample.Save(curves, "regularization-dropout.png");
        SampleRun.Print(["p", "training loss", "loss on unseen", "its lowest", "accuracy on unseen"], results.Select((result, i) => new[]
            { $"{Probabilities[i]}", $"{result.Train:0.000}", $"{result.Test:0.000}", $"{result.Lowest:0.000}", $"{result.Accuracy:0.0 %}" }));
        sample.Claim("Without dropout it learns by heart: its loss on unseen points ends above ten times its training loss",
            results[0].Test > 10 * results[0].Train, $"{results[0].Test:0.000} against {results[0].Train:0.000}");
        int best = Enumerable.Range(0, results.Count).MinBy(i => results[i].Test);
        sample.Claim("Some p > 0 ends with a lower loss on them", best > 0, $"p = {Probabilities[best]}: {results[best].Test:0.000} against {results[0].Test:0.000}");
        sample.Claim("Too much hinders: the greatest p is not the best", best < results.Count - 1, $"p = {Probabilities[^1]}: {results[^1].Test:0.000} against {results[best].Test:0.000}");
    }
}
