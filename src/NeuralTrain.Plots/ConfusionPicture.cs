using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws a confusion matrix: a square for each pair of classes, darker for more, with the count in it.</summary>
public static class ConfusionPicture
{
    /// <summary>Roughly how much of the width class names and margins take, in pixels.</summary>
    private const int Beside = 130;

    /// <summary>A count in smaller letters than this could not be read, and is left out.</summary>
    private const float SmallestSize = 9, UsualSize = 13;

    /// <summary>More characters of a class's name would leave the squares no room.</summary>
    private const int LongestName = 20;

    /// <summary>The size of an axis without its tick labels: the marks and its name, in pixels.</summary>
    private const int RoomOfAxis = 36;

    private const int DefaultWidth = 640;

    /// <summary>Draws the matrix into a file: <c>ConfusionMatrix.Of(network, test).SavePng("confusion.png")</c>.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 640.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 600.</param>
    /// <exception cref="ArgumentException">The file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SavePng(this ConfusionMatrix matrix, string path, int width = DefaultWidth, int height = 600) =>
        Picture.Save(ToPlot(matrix, width), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="matrix">The counts.</param>
    /// <returns>
    /// A new chart. The shade is the proportion of the row, so that rare classes show as clearly as common ones. With too many classes for the counts to fit, a
    /// scale of the shades is shown instead.
    /// </returns>
    public static Plot ToPlot(this ConfusionMatrix matrix) => ToPlot(matrix, DefaultWidth);

    private static Plot ToPlot(ConfusionMatrix matrix, int width)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int classes = matrix.Classes.Count;
        string title = string.Create(CultureInfo.InvariantCulture, $"Confusion matrix: {100 * matrix.Accuracy:0.0} % of {matrix.Total} right");
        Plot plot = Picture.New(title, "predicted class", "actual class");
        double[,] shares = SharesOfRows(matrix);
        Heatmap cells = plot.Add.Heatmap(shares);
        cells.Colormap = new CellColors();
        cells.ManualRange = new ScottPlot.Range(0, 1);
        cells.Rectangle = new CoordinateRect(-0.5, classes - 0.5, -0.5, classes - 0.5);
        double cell = (double)(width - Beside) / classes;
        double fontSize = Math.Min(Math.Min(UsualSize, 0.8 * cell), cell / (0.7 * $"{LargestCount(matrix)}".Length));
        if (fontSize >= SmallestSize)
        {
            AddCounts(plot, matrix, shares, (float)fontSize);
        }
        else
        {
            AddScale(plot, cells);
        }

        ShowNames(plot, matrix.Classes, cell);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        return plot;
    }

    private static void AddCounts(Plot plot, ConfusionMatrix matrix, double[,] shares, float fontSize)
    {
        int classes = matrix.Classes.Count;
        for (int actual = 0; actual < classes; actual++)
        {
            for (int predicted = 0; predicted < classes; predicted++)
            {
                // The first class is on top, as in the table.
                Text count = plot.Add.Text($"{matrix[actual, predicted]}", predicted, classes - 1 - actual);
                (count.LabelFontName, count.LabelFontSize, count.Alignment) = (EmbeddedFont.Name, fontSize, Alignment.MiddleCenter);
                count.LabelFontColor = shares[actual, predicted] >= CellColors.Dark ? Colors.White : Colors.Black;
            }
        }
    }

    private static void AddScale(Plot plot, Heatmap cells)
    {
        ScottPlot.Panels.ColorBar scale = plot.Add.ColorBar(cells);
        scale.Label = "share of the actual class";
        (scale.LabelStyle.FontName, scale.LabelStyle.FontSize, scale.LabelStyle.Bold) = (EmbeddedFont.Name, 14, false);
        (scale.Axis.TickLabelStyle.FontName, scale.Axis.TickLabelStyle.FontSize) = (EmbeddedFont.Name, UsualSize);
        double[] shares = [0, 0.25, 0.5, 0.75, 1];
        scale.Axis.SetTicks(shares, [.. shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %"))]);
    }

    private static void ShowNames(Plot plot, IReadOnlyList<string> classes, double cell)
    {
        string[] names = Names.Cut(classes, LongestName);
        plot.Axes.Bottom.TickGenerator = new ClassTicks(names);
        plot.Axes.Left.TickGenerator = new ClassTicks(names, firstAtEnd: true);
        LabelStyle below = plot.Axes.Bottom.TickLabelStyle;
        float widest = names.Max(name => EmbeddedFont.WidthOf(name, below.FontSize));
        if (widest + (below.FontSize / 2) > cell)
        {
            // Vertical names need a taller axis, which ScottPlot does not provide.
            (below.Rotation, below.Alignment) = (-90, Alignment.MiddleRight);
            plot.Axes.Bottom.MinimumSize = widest + RoomOfAxis;
        }
    }

    private static long LargestCount(ConfusionMatrix matrix)
    {
        int classes = matrix.Classes.Count;
        return Enumerable.Range(0, classes).Max(actual => Enumerable.Range(0, classes).Max(predicted => matrix[actual, predicted]));
    }

    private static double[,] SharesOfRows(ConfusionMatrix matrix)
    {
        int classes = matrix.Classes.Count;
        var shares = new double[classes, classes];
        for (int actual = 0; actual < classes; actual++)
        {
            double all = Enumerable.Range(0, classes).Sum(predicted => matrix[actual, predicted]);
            for (int predicted = 0; predicted < classes && all > 0; predicted++)
            {
                shares[actual, predicted] = matrix[actual, predicted] / all;
            }
        }

        return shares;
    }
}
