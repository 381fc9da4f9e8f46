using ScottPlot;

namespace NeuralTrain.Samples;

/// <summary>How well a network does on data it has not seen: accuracy and log-loss at the end, and the log-loss after one epoch.</summary>
internal sealed record Score(double Accuracy, double LastLoss, double FirstLoss)
{
    /// <summary>The mean of several random starts.</summary>
    public static Score MeanOf(IReadOnlyCollection<Score> scores) =>
        new(scores.Average(score => score.Accuracy), scores.Average(score => score.LastLoss), scores.Average(score => score.FirstLoss));

    /// <summary>Prints the scores beside the lecture's, which were measured on ImageNet: their order can be compared, not their size.</summary>
    public static void Print(string what, Dictionary<string, Score> scores, (string Name, double Accuracy)[] lecture) =>
        SampleRun.Print([what, "accuracy", "log-loss", "log-loss after epoch 1", "lecture, ImageNet"], scores.Select(entry => new[]
        {
            entry.Key, $"{entry.Value.Accuracy:0.0 %}", $"{entry.Value.LastLoss:0.000}", $"{entry.Value.FirstLoss:0.000}",
            lecture.FirstOrDefault(known => known.Name == entry.Key) is { Name: not null } known ? $"{known.Accuracy:0.000}" : "–",
        }));

    /// <summary>Draws the errors as bars.</summary>
    public static void Save(SampleRun sample, Dictionary<string, Score> scores, string name)
    {
        Plot plot = Picture.New("Batch normalisation with each activation", "activation", "wrong on test data (%)");
        double[] places = [.. scores.Select((_, i) => (double)i)];
        foreach ((int i, Score score) in scores.Values.Index())
        {
            plot.Add.Bar(new Bar { Position = i, Value = 100 * (1 - score.Accuracy), FillColor = Picture.Color(0), LineWidth = 0, Size = 0.7 });
        }

        plot.Axes.Bottom.SetTicks(places, [.. scores.Keys]);
        plot.Axes.Margins(bottom: 0);
        sample.Save(plot, name);
    }
}
