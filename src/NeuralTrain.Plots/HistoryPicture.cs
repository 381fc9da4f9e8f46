using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws the course of a training run: the loss, or a metric, by epoch.</summary>
public static class HistoryPicture
{
    /// <summary>Curves with more epochs are thin, because their noise would cover each other.</summary>
    private const int MostWide = 500;

    /// <summary>Draws training and validation over the epochs into a file: <c>history.SavePng("loss.png")</c>.</summary>
    /// <param name="history">The history, with at least one epoch.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="metric">One of <see cref="History.MetricNames"/>, as <c>"accuracy"</c>. Default null: the loss.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 800.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <exception cref="ArgumentException">There is no epoch, no such metric or no finite value, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SavePng(
        this History history, string path, string? metric = null, int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Picture.Save(history.ToPlot(metric), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="history">The history, with at least one epoch.</param>
    /// <param name="metric">One of <see cref="History.MetricNames"/>. Default null: the loss.</param>
    /// <returns>A new chart; the best epoch is marked, values that are not finite are left out, and the legend says how many.</returns>
    /// <exception cref="ArgumentException">There is no epoch, no such metric, or no finite value.</exception>
    public static Plot ToPlot(this History history, string? metric = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.Epochs.Count == 0)
        {
            throw new ArgumentException("The history has no epoch yet. Draw it after training.", nameof(history));
        }

        Plot plot = Picture.New(metric is null ? "Loss by epoch" : $"{char.ToUpperInvariant(metric[0])}{metric[1..]} by epoch", "epoch", metric ?? "loss");
        AddCurve(plot, "training", [.. history.Epochs.Select(epoch => new Coordinates(epoch.Number, Value(epoch.Training, metric)))], Picture.Color(0));
        IEnumerable<Epoch> validated = history.Epochs.Where(epoch => epoch.Validation is not null);
        AddCurve(plot, "validation", [.. validated.Select(epoch => new Coordinates(epoch.Number, Value(epoch.Validation!, metric)))], Picture.Color(1));
        if (!plot.GetPlottables<Scatter>().Any())
        {
            throw new ArgumentException(
                $"None of the {history.Epochs.Count} epochs has a finite {metric ?? "loss"} to draw, the last is {Value(history.Epochs[^1].Training, metric)}. " +
                $"Look at the values in history.{nameof(History.Epochs)}.",
                nameof(history));
        }

        if (history.Best is Epoch best)
        {
            VerticalLine line = plot.Add.VerticalLine(best.Number, 1.5f, Colors.Black, LinePattern.Dashed);
            line.LegendText = $"best, epoch {best.Number}";
        }

        Epochs.ShowOn(plot, history.Epochs[0].Number, history.Epochs[^1].Number);
        Picture.ShowLegend(plot);
        return plot;
    }

    private static double Value(Evaluation evaluation, string? metric) => metric is null ? evaluation.Loss : evaluation[metric];

    private static void AddCurve(Plot plot, string name, Coordinates[] points, Color color)
    {
        Coordinates[] finite = [.. points.Where(point => double.IsFinite(point.Y))];
        if (finite.Length == 0)
        {
            return;
        }

        Scatter curve = plot.Add.Scatter(finite, color);
        (curve.LineWidth, curve.MarkerSize) = (finite.Length <= MostWide ? 2 : 1, Epochs.MarkerSize(finite.Length));

        // The line bridges them, and the bridge would look like values.
        curve.LegendText = finite.Length == points.Length ? name : $"{name},\n{points.Length - finite.Length} not finite";
    }
}
