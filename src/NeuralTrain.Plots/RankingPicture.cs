using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws how well probabilities or scores rank positive rows above negative ones, at every threshold: the ROC curve, and precision over recall.</summary>
/// <remarks>
/// Each column is one binary decision; for classes, each class against all others. A curve has a point for each distinct score, so ties are one step. The areas in the legend are those of
/// <see cref="RocAuc"/> and <see cref="AveragePrecision"/>, each row counting the same. A column without positives, or for the ROC curve without negatives, has no curve.
/// </remarks>
public static class RankingPicture
{
    private const int DefaultWidth = 700, DefaultHeight = 560, LongestName = 20;

    // A little beyond 0 and 1, so that a curve along the frame is not hidden by it.
    private const double Beyond = 0.02;

    /// <summary>Draws the ROC curve into a file: <c>probabilities.SaveRocCurve(truths, "roc.png")</c>.</summary>
    /// <param name="scores">Probabilities or scores, <c>[rows × columns]</c>; greater means positive.</param>
    /// <param name="truths">1 for positive and 0 for negative, of the same shape.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="names">The names of the columns, such as classes; null (the default) or an empty list for their numbers.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 700.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 560.</param>
    /// <exception cref="ArgumentException">The shapes differ, a truth is neither 0 nor 1, a score is NaN, no column has both a positive and a negative, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SaveRocCurve(this Matrix scores, Matrix truths, string path, IReadOnlyList<string>? names = null, int width = DefaultWidth, int height = DefaultHeight) =>
        Picture.Save(scores.ToRocCurve(truths, names), path, width, height);

    /// <summary>The ROC curve as a chart, to add to or to draw elsewhere: the true positive rate over the false positive rate.</summary>
    /// <param name="scores">Probabilities or scores, <c>[rows × columns]</c>; greater means positive.</param>
    /// <param name="truths">1 for positive and 0 for negative, of the same shape.</param>
    /// <param name="names">The names of the columns, such as classes; null (the default) or an empty list for their numbers.</param>
    /// <returns>A new chart, with guessing as a dotted line.</returns>
    /// <exception cref="ArgumentException">The shapes differ, a truth is neither 0 nor 1, a score is NaN, or no column has both a positive and a negative.</exception>
    public static Plot ToRocCurve(this Matrix scores, Matrix truths, IReadOnlyList<string>? names = null)
    {
        Plot plot = ToPlot(scores, truths, names, isPrecision: false, Picture.New("ROC curve", "false positive rate", "true positive rate"));
        Scatter guessing = plot.Add.ScatterLine(new double[] { 0, 1 }, new double[] { 0, 1 }, Colors.Gray);
        guessing.LinePattern = LinePattern.Dotted;
        return plot;
    }

    /// <summary>Draws precision over recall into a file: <c>probabilities.SavePrecisionCurve(truths, "precision.png")</c>.</summary>
    /// <param name="scores">Probabilities or scores, <c>[rows × columns]</c>; greater means positive.</param>
    /// <param name="truths">1 for positive and 0 for negative, of the same shape.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="names">The names of the columns, such as classes; null (the default) or an empty list for their numbers.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 700.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 560.</param>
    /// <exception cref="ArgumentException">The shapes differ, a truth is neither 0 nor 1, a score is NaN, no column has a positive, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SavePrecisionCurve(this Matrix scores, Matrix truths, string path, IReadOnlyList<string>? names = null, int width = DefaultWidth, int height = DefaultHeight) =>
        Picture.Save(scores.ToPrecisionCurve(truths, names), path, width, height);

    /// <summary>Precision over recall as a chart, to add to or to draw elsewhere: recall is the fraction of positives that is found, precision the fraction of predicted positives that is positive.</summary>
    /// <param name="scores">Probabilities or scores, <c>[rows × columns]</c>; greater means positive.</param>
    /// <param name="truths">1 for positive and 0 for negative, of the same shape.</param>
    /// <param name="names">The names of the columns, such as classes; null (the default) or an empty list for their numbers.</param>
    /// <returns>A new chart, of steps: what lies between two thresholds is no precision that could be had.</returns>
    /// <exception cref="ArgumentException">The shapes differ, a truth is neither 0 nor 1, a score is NaN, or no column has a positive.</exception>
    public static Plot ToPrecisionCurve(this Matrix scores, Matrix truths, IReadOnlyList<string>? names = null) =>
        ToPlot(scores, truths, names, isPrecision: true, Picture.New("Precision over recall", "recall", "precision"));

    private static Plot ToPlot(Matrix scores, Matrix truths, IReadOnlyList<string>? names, bool isPrecision, Plot plot)
    {
        string[] shown = Judged.Names(scores, truths, names, LongestName);
        bool isDrawn = false;
        for (int column = 0; column < scores.Columns; column++)
        {
            (double[] x, double[] y, double area) = Curve(scores, truths, column, isPrecision);
            if (double.IsNaN(area)) continue;
            Scatter line = plot.Add.ScatterLine(x, y, Picture.Color(column));
            (line.LineWidth, line.ConnectStyle) = (2, isPrecision ? ConnectStyle.StepVertical : ConnectStyle.Straight);
            string measure = isPrecision ? "average precision" : "area";
            line.LegendText = string.Create(CultureInfo.InvariantCulture, $"{(scores.Columns > 1 || names is { Count: > 0 } ? $"{shown[column]}: " : "")}{measure} {area:0.000}");
            isDrawn = true;
        }

        if (!isDrawn) throw new ArgumentException($"There is no curve without a positive row{(isPrecision ? "" : " and a negative one")}, and no column has them. Draw more rows.", nameof(truths));
        plot.Axes.SetLimits(-Beyond, 1 + Beyond, -Beyond, 1 + Beyond);
        Judged.ShowLegend(plot, scores.Columns, isPrecision ? Alignment.LowerLeft : Alignment.LowerRight);
        return plot;
    }

    // The points from the highest score down, and the area below them; NaN without a positive, or for ROC without a negative.
    private static (double[] X, double[] Y, double Area) Curve(Matrix scores, Matrix truths, int column, bool isPrecision)
    {
        int[] rows = [.. Enumerable.Range(0, scores.Rows).OrderByDescending(row => scores[row, column])];
        double positives = rows.Count(row => truths[row, column] == 1), negatives = rows.Length - positives, truePositives = 0, falsePositives = 0, area = 0;
        var points = new List<(double X, double Y)>();
        if (!isPrecision) points.Add((0, 0));
        for (int i = 0; i < rows.Length;)
        {
            float score = scores[rows[i], column];
            (double trueBefore, double falseBefore) = (truePositives, falsePositives);
            for (; i < rows.Length && scores[rows[i], column] == score; i++) (truePositives, falsePositives) = truths[rows[i], column] == 1 ? (truePositives + 1, falsePositives) : (truePositives, falsePositives + 1);
            (double X, double Y) point = isPrecision ? (truePositives / positives, truePositives / (truePositives + falsePositives)) : (falsePositives / negatives, truePositives / positives);
            area += isPrecision ? (truePositives - trueBefore) / positives * point.Y : (falsePositives - falseBefore) / negatives * (truePositives + trueBefore) / 2 / positives;

            // The first precision holds from the left on.
            if (isPrecision && points.Count == 0) points.Add((0, point.Y));
            points.Add(point);
        }

        return ([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)], positives == 0 || (negatives == 0 && !isPrecision) ? double.NaN : area);
    }
}

/// <summary>What pictures of predictions and truths have in common.</summary>
internal static class Judged
{
    // More lines would cover the curves.
    private const int MostInside = 6;

    /// <summary>Puts the legend into a corner that good curves leave empty, or beside the chart if it is long.</summary>
    public static void ShowLegend(Plot plot, int lines, Alignment corner)
    {
        if (lines > MostInside) Picture.ShowLegend(plot);
        else plot.ShowLegend(corner, Orientation.Vertical);
    }

    /// <summary>Throws if shapes differ or a value is not 0 or 1, and names the columns.</summary>
    public static string[] Names(Matrix predicted, Matrix truths, IReadOnlyList<string>? names, int longest, bool areAnswers = true)
    {
        if (predicted.Rows != truths.Rows || predicted.Columns != truths.Columns || predicted.IsEmpty)
        {
            throw new ArgumentException($"Predictions and truths must have the same shape and a row, received [{predicted.Rows} × {predicted.Columns}] and [{truths.Rows} × {truths.Columns}].", nameof(truths));
        }

        if (names is { Count: > 0 } && names.Count != predicted.Columns)
        {
            throw new ArgumentException($"There must be a name for each of {predicted.Columns} columns, received {names.Count}. Of two classes with one column, name the positive one.", nameof(names));
        }

        for (int row = 0; row < predicted.Rows; row++)
        {
            for (int column = 0; column < predicted.Columns; column++)
            {
                float one = predicted[row, column], truth = truths[row, column];
                if (areAnswers ? float.IsNaN(one) || truth is not (0 or 1) : !float.IsFinite(one) || !float.IsFinite(truth))
                {
                    throw new ArgumentException(
                        $"Row {row}, column {column} has the prediction {one} and the truth {truth}; expected were {(areAnswers ? "a number, and 1 for positive or 0 for negative" : "finite numbers")}. Leave such rows out.", nameof(truths));
                }
            }
        }

        return NeuralTrain.Names.Cut(names is { Count: > 0 } ? names : [.. Enumerable.Range(0, predicted.Columns).Select(column => column.ToString(CultureInfo.InvariantCulture))], longest);
    }
}
