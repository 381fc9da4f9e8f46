using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws the reliability diagram: how often predictions of each probability came true, which lies on the diagonal if the probabilities are calibrated.</summary>
/// <remarks>
/// For a single column, or several that are separate binary decisions, the probability is that of the positive class; for several classes, of which each row has one, it is that
/// of the predicted one, as in <see cref="CalibrationError"/>. Rows are put into bins of equal width. A bar shows the number of rows in each. Source: DeGroot and Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
/// </remarks>
public static class ReliabilityPicture
{
    private const int DefaultWidth = 700, DefaultHeight = 560;

    /// <summary>Draws the diagram into a file: <c>probabilities.SaveReliability(truths, "reliability.png")</c>.</summary>
    /// <param name="probabilities">Probabilities in 0 … 1, <c>[rows × columns]</c>.</param>
    /// <param name="truths">1 for positive and 0 for negative, of the same shape.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="bins">The number of bins, 1 to 1000. Default 10, as is usual.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 700.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 560.</param>
    /// <exception cref="ArgumentException">The shapes differ, a truth is neither 0 nor 1, a value is no probability, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of bins or a side is out of range.</exception>
    public static void SaveReliability(this Matrix probabilities, Matrix truths, string path, int bins = 10, int width = DefaultWidth, int height = DefaultHeight) =>
        Picture.Save(probabilities.ToReliability(truths, bins), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="probabilities">Probabilities in 0 … 1, <c>[rows × columns]</c>.</param>
    /// <param name="truths">1 for positive and 0 for negative, of the same shape.</param>
    /// <param name="bins">The number of bins, 1 to 1000. Default 10, as is usual.</param>
    /// <returns>A new chart: a point for each bin that has rows, at their mean probability, with one standard error of a proportion.</returns>
    /// <exception cref="ArgumentException">The shapes differ, a truth is neither 0 nor 1, or a value is no probability.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of bins is out of range.</exception>
    public static Plot ToReliability(this Matrix probabilities, Matrix truths, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 1000);
        Judged.Names(probabilities, truths, null, 1);
        (double Probability, bool CameTrue)[] answers = [.. Answers(probabilities, truths)];
        if (answers.FirstOrDefault(answer => answer.Probability is < 0 or > 1).Probability is double wrong and not 0)
        {
            throw new ArgumentException($"Probabilities lie in 0 … 1, received {wrong.ToString(CultureInfo.InvariantCulture)}. Scores become probabilities in a Predictor.", nameof(probabilities));
        }

        (double Mean, double CameTrue, int Rows, int Bin)[] points =
        [
            .. answers.GroupBy(answer => Math.Min((int)(answer.Probability * bins), bins - 1)).OrderBy(bin => bin.Key)
                .Select(bin => (bin.Average(answer => answer.Probability), bin.Average(answer => answer.CameTrue ? 1.0 : 0), bin.Count(), bin.Key)),
        ];
        double error = points.Sum(point => point.Rows * Math.Abs(point.CameTrue - point.Mean)) / answers.Length;
        int most = points.Max(point => point.Rows);
        Plot plot = Picture.New(
            string.Create(CultureInfo.InvariantCulture, $"Reliability: calibration error {100 * error:0.0} %"),
            string.Create(CultureInfo.InvariantCulture, $"predicted probability (bars: rows, up to {most})"), "observed frequency");

        // At the bottom, so that points on few rows are not taken for more than they are.
        plot.Add.Bars(points.Select(point => new Bar
        {
            Position = (point.Bin + 0.5) / bins, Value = 0.25 * point.Rows / most, Size = 0.9 / bins, FillColor = Colors.LightGray, LineWidth = 0,
        }).ToArray());
        Scatter perfect = plot.Add.ScatterLine(new double[] { 0, 1 }, new double[] { 0, 1 }, Colors.Gray);
        perfect.LinePattern = LinePattern.Dotted;
        double[] means = [.. points.Select(point => point.Mean)], came = [.. points.Select(point => point.CameTrue)];
        ErrorBar errors = plot.Add.ErrorBar(means, came, [.. points.Select(point => Math.Sqrt(point.CameTrue * (1 - point.CameTrue) / point.Rows))]);
        errors.Color = Picture.Color(0);
        Scatter line = plot.Add.Scatter(means, came, Picture.Color(0));
        (line.LineWidth, line.MarkerSize) = (2, 8);
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        return plot;
    }

    // Of classes, of which each row has one, the predicted one.
    private static IEnumerable<(double Probability, bool CameTrue)> Answers(Matrix probabilities, Matrix truths)
    {
        bool areClasses = probabilities.Columns > 1 && Enumerable.Range(0, truths.Rows).All(row => truths.Row(row).Count(1f) == 1);
        for (int row = 0; row < probabilities.Rows; row++)
        {
            int predicted = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities.Row(row));
            for (int column = areClasses ? predicted : 0; column < (areClasses ? predicted + 1 : probabilities.Columns); column++)
            {
                yield return (probabilities[row, column], truths[row, column] == 1);
            }
        }
    }
}
