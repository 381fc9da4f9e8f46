using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws what the learning-rate finder saw: the loss over the rate, with its suggestions.</summary>
public static class LearningRateCurvePicture
{
    /// <summary>Draws the curve into a file: <c>LearningRateFinder.Run(…).SavePng("finder.png")</c>.</summary>
    /// <param name="curve">The curve, with at least one point.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 800.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <exception cref="ArgumentException">The curve has no point, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SavePng(this LearningRateCurve curve, string path, int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Picture.Save(curve.ToPlot(), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="curve">The curve, with at least one point.</param>
    /// <returns>A new chart: each batch's loss, the smoothed loss, and lines at the suggestions. Losses that are not finite are left out.</returns>
    /// <exception cref="ArgumentException">The curve has no point.</exception>
    public static Plot ToPlot(this LearningRateCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        LearningRatePoint[] points = [.. curve.Points.Where(point => double.IsFinite(point.Loss) && double.IsFinite(point.SmoothedLoss))];
        if (points.Length == 0)
        {
            throw new ArgumentException($"The curve has no finite point to draw. {curve.Reason}", nameof(curve));
        }

        Plot plot = Picture.New(curve.Suggestion is null ? "Learning-rate finder: no suggestion" : "Learning-rate finder", "learning rate", "loss of the batch");
        double[] rates = [.. points.Select(point => Math.Log10(point.LearningRate))];
        Markers batches = plot.Add.Markers(rates, points.Select(point => point.Loss).ToArray(), MarkerShape.FilledCircle, 4, Picture.Color(5));
        batches.LegendText = "each batch";
        Scatter smooth = plot.Add.ScatterLine(rates, points.Select(point => point.SmoothedLoss).ToArray(), Picture.Color(0));
        (smooth.LegendText, smooth.LineWidth) = ("smoothed", 2.5f);
        AddSuggestion(plot, "valley", curve.Suggestion, Picture.Color(1), LinePattern.Solid);
        AddSuggestion(plot, "steepest", curve.Steepest, Picture.Color(2), LinePattern.Dashed);
        AddSuggestion(plot, "minimum / 10", curve.MinimumOverTen, Picture.Color(4), LinePattern.Dotted);
        Picture.ShowPowersOfTen(plot.Axes.Bottom);

        // Where the loss explodes, the fall that matters would look flat, so the axis ends a little above where the curve began.
        double low = points.Min(point => Math.Min(point.Loss, point.SmoothedLoss)), high = 1.5 * points[0].SmoothedLoss;
        if (high > low && points.Any(point => point.Loss > 2 * high))
        {
            plot.Axes.SetLimitsY(low - (0.05 * (high - low)), high + (0.05 * (high - low)));
        }

        Picture.ShowLegend(plot);
        return plot;
    }

    private static void AddSuggestion(Plot plot, string name, double? rate, Color color, LinePattern pattern)
    {
        if (rate is double value)
        {
            VerticalLine line = plot.Add.VerticalLine(Math.Log10(value), 2, color, pattern);
            line.LegendText = string.Create(CultureInfo.InvariantCulture, $"{name}, {value:g2}");
        }
    }
}
