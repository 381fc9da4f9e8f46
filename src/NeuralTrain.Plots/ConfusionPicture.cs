using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws which classes are taken for which: a square for each pair, darker for more, with the count in it.</summary>
public static class ConfusionPicture
{
    /// <summary>With more classes than this, counts would not fit into the squares of a usual picture.</summary>
    private const int MostWithCounts = 20;

    /// <summary>Draws the matrix into a file: <c>ConfusionMatrix.Of(network, test).SavePng("confusion.png")</c>.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="path">Where to; it ends in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 640.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 600.</param>
    /// <exception cref="ArgumentException">The name has another ending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of its range.</exception>
    public static void SavePng(this ConfusionMatrix matrix, string path, int width = 640, int height = 600) =>
        Picture.Save(matrix.ToPlot(), path, width, height);

    /// <summary>The same as a chart, to add to it or to draw it elsewhere.</summary>
    /// <param name="matrix">The counts.</param>
    /// <returns>A new chart. The shade is the share of the row, so that rare classes show as clearly as common ones.</returns>
    public static Plot ToPlot(this ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int classes = matrix.Classes.Count;
        string title = string.Create(CultureInfo.InvariantCulture, $"Confusion matrix: {100 * matrix.Accuracy:0.0} % of {matrix.Total} right");
        Plot plot = Picture.New(title, "predicted class", "actual class");
        double[,] shares = SharesOfRows(matrix);
        Heatmap cells = plot.Add.Heatmap(shares);
        cells.Colormap = new CellColors();
        cells.ManualRange = new ScottPlot.Range(0, 1);
        // From the middle of the first cell to that of the last one; ScottPlot adds half a cell around.
        cells.Position = new CoordinateRect(0, classes - 1, 0, classes - 1);
        for (int actual = 0; actual < classes && classes <= MostWithCounts; actual++)
        {
            for (int predicted = 0; predicted < classes; predicted++)
            {
                // The first class stands above, as in the table.
                Text count = plot.Add.Text($"{matrix[actual, predicted]}", predicted, classes - 1 - actual);
                (count.LabelFontName, count.LabelFontSize, count.Alignment) = (EmbeddedFont.Name, 13, Alignment.MiddleCenter);
                count.LabelFontColor = shares[actual, predicted] >= CellColors.Dark ? Colors.White : Colors.Black;
            }
        }

        double[] places = [.. Enumerable.Range(0, classes).Select(place => (double)place)];
        plot.Axes.Bottom.SetTicks(places, [.. matrix.Classes]);
        plot.Axes.Left.SetTicks(places, [.. matrix.Classes.Reverse()]);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        return plot;
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
