namespace NeuralTrain.Samples;

/// <summary>How well a network does on data it has not seen.</summary>
internal sealed record Score(Spread Accuracy, Spread LogLoss);

/// <summary>The picture of this sample.</summary>
internal static class Figures
{
    /// <summary>The errors as bars, with the standard deviation of the starts on top.</summary>
    public static void SaveErrors(string path, Dictionary<string, Score> scores)
    {
        int starts = scores.Values.First().Accuracy.Count;
        Plot plot = Picture.New(
            "Batch normalisation with each activation", "activation", $"wrong on test data, %\n(mean ± deviation of {starts} starts)");
        foreach ((int i, Score score) in scores.Values.Index())
        {
            plot.Add.Bar(new Bar { Position = i, Value = 100 * (1 - score.Accuracy.Mean), FillColor = Picture.Color(0), LineWidth = 0, Size = 0.7 });
            plot.Add.ErrorBar([i], [100 * (1 - score.Accuracy.Mean)], [100 * score.Accuracy.Deviation]).Color = Colors.Black;
        }

        plot.Axes.Bottom.SetTicks([.. scores.Select((_, i) => (double)i)], [.. scores.Keys]);
        plot.Axes.Margins(bottom: 0);
        Picture.Save(plot, path);
    }
}
