using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws predicted numbers against the true ones: on the diagonal, where they are the same.</summary>
public static class PredictedPicture
{
    private const int DefaultWidth = 640, DefaultHeight = 600;

    /// <summary>Draws the points into a file: <c>predicted.SavePredictions(truths, "strength.png", column: 0, name: "strength, MPa")</c>.</summary>
    /// <param name="predicted">The predicted numbers, <c>[rows × targets]</c>, in the units to show.</param>
    /// <param name="truths">The true ones, of the same shape.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="column">Which target. Default 0.</param>
    /// <param name="name">What it is, with its unit; null (the default) for nothing.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 640.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 600.</param>
    /// <exception cref="ArgumentException">The shapes differ, a number is not finite, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or a side is out of range.</exception>
    public static void SavePredictions(this Matrix predicted, Matrix truths, string path, int column = 0, string? name = null, int width = DefaultWidth, int height = DefaultHeight) =>
        Picture.Save(predicted.ToPredictions(truths, column, name), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="predicted">The predicted numbers, <c>[rows × targets]</c>, in the units to show.</param>
    /// <param name="truths">The true ones, of the same shape.</param>
    /// <param name="column">Which target. Default 0.</param>
    /// <param name="name">What it is, with its unit; null (the default) for nothing.</param>
    /// <returns>A new chart with a point for each row, R² and the root mean square error.</returns>
    /// <exception cref="ArgumentException">The shapes differ, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static Plot ToPredictions(this Matrix predicted, Matrix truths, int column = 0, string? name = null)
    {
        Judged.Names(predicted, truths, null, 1, areAnswers: false);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, predicted.Columns);
        double[] x = [.. Enumerable.Range(0, truths.Rows).Select(row => (double)truths[row, column])], y = [.. Enumerable.Range(0, truths.Rows).Select(row => (double)predicted[row, column])];
        double mean = x.Average(), squares = x.Zip(y, (truth, found) => (truth - found) * (truth - found)).Sum(), spread = x.Sum(truth => (truth - mean) * (truth - mean));
        string explained = spread > 0 ? string.Create(CultureInfo.InvariantCulture, $"R² {1 - (squares / spread):0.000}, ") : "";
        string of = name is null ? "" : $" {name}";
        Plot plot = Picture.New(string.Create(CultureInfo.InvariantCulture, $"Predicted and true: {explained}RMSE {Math.Sqrt(squares / x.Length):g3}"), $"true{of}", $"predicted{of}");
        double low = Math.Min(x.Min(), y.Min()), high = Math.Max(x.Max(), y.Max()), margin = high > low ? 0.04 * (high - low) : 1;
        (low, high) = (low - margin, high + margin);
        Scatter same = plot.Add.ScatterLine(new[] { low, high }, new[] { low, high }, Colors.Gray);
        same.LinePattern = LinePattern.Dotted;

        // Many points are smaller and fainter, so that where they crowd shows.
        plot.Add.Markers(x, y, MarkerShape.FilledCircle, x.Length > 2000 ? 4 : 6, Picture.Color(0).WithAlpha(x.Length > 200 ? 0.4 : 0.8));
        plot.Axes.SetLimits(low, high, low, high);
        return plot;
    }
}
