namespace NeuralTrain.Samples;

/// <summary>How well a network does on data it has not seen.</summary>
internal sealed record Score(Spread Accuracy, Spread LogLoss)
{
    /// <summary>Prints the scores beside the lecture's, which were measured on ImageNet: their order can be compared, not their size.</summary>
    public static void Print(string what, Dictionary<string, Score> scores, (string Name, double Accuracy)[] lecture) =>
        SampleRun.Print([what, "accuracy", "log-loss", "lecture, ImageNet"], scores.Select(entry => new[]
        {
            entry.Key, entry.Value.Accuracy.Percent, entry.Value.LogLoss.Text(3),
            lecture.FirstOrDefault(known => known.Name == entry.Key) is { Name: not null } known ? $"{known.Accuracy:0.000}" : "–",
        }));

    /// <summary>Draws the errors as bars, with the standard deviation of the starts on top.</summary>
    public static void Save(SampleRun sample, Dictionary<string, Score> scores, string name)
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
        sample.Save(plot, name);
    }
}
