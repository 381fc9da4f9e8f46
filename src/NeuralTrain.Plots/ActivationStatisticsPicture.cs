using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace NeuralTrain;

/// <summary>Draws a histogram of the values that each layer gives for a batch, all over the same range.</summary>
public static class ActivationStatisticsPicture
{
    /// <summary>A panel needs this much, in pixels, for its title and a readable axis.</summary>
    private const int NarrowestPanel = 260, HeightOfPanel = 200;

    /// <summary>More characters of a layer's name would leave the narrowest panel.</summary>
    private const int LongestName = 34;

    /// <summary>Above this multiple of the highest other bar, the bar of the zeros is cut: it would press the others flat.</summary>
    private const double TallestZeros = 3;

    /// <summary>Draws a panel for each layer into a file: <c>ActivationStatistics.Measure(network, train).SavePng("activations.png")</c>.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">Of the whole, in pixels, 100 to 10 000; a row has as many panels as fit at 260 pixels each. Default 800.</param>
    /// <param name="height">Of the whole picture, in pixels, 100 to 10 000. Default null: 200 for each row of panels, at most 10 000.</param>
    /// <exception cref="ArgumentException">The file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SavePng(this ActivationStatistics statistics, string path, int width = Picture.DefaultWidth, int? height = null)
    {
        IReadOnlyList<Plot> panels = statistics.ToPlots();
        int columns = ColumnsFor(panels.Count, width);
        int rows = (panels.Count + columns - 1) / columns;
        Picture.SaveGrid(panels, columns, path, width, height ?? Math.Min(rows * HeightOfPanel, PictureFile.LargestSide));
    }

    /// <summary>The same picture as charts, one for each layer in order, to add to or to draw elsewhere.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <returns>
    /// New charts with the same horizontal axis. Bars show proportions of the layer's values. Values that are exactly 0 have a separate bar at 0, which is cut
    /// where it is more than three times as high as the others; the title gives its percentage.
    /// </returns>
    public static IReadOnlyList<Plot> ToPlots(this ActivationStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ValueHistogram[] histograms = [.. statistics.Layers.Select(layer => layer.Histogram).OfType<ValueHistogram>()];
        double low = histograms.Length > 0 ? histograms.Min(histogram => histogram.Lower) : -1;
        double high = histograms.Length > 0 ? histograms.Max(histogram => histogram.Upper) : 1;
        double margin = 0.03 * (high - low);
        return [.. statistics.Layers.Select(layer => Panel(layer, low - margin, high + margin))];
    }

    /// <summary>As few rows as the width allows, filled as evenly as possible: four panels go two by two.</summary>
    internal static int ColumnsFor(int panels, int width)
    {
        int most = Math.Max(1, width / NarrowestPanel);
        int rows = (panels + most - 1) / most;
        return (panels + rows - 1) / rows;
    }

    private static Plot Panel(LayerActivations layer, double low, double high)
    {
        Plot plot = Picture.New(TitleOf(layer), "value", "share of values");
        plot.Axes.Title.FullFigureCenter = true;
        plot.Axes.Title.Label.FontSize = plot.Axes.Bottom.Label.FontSize = plot.Axes.Left.Label.FontSize = 12;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 11;

        // The same for all, so that equal values line up vertically.
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = 64;
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = Percent };
        double top = layer.Histogram is ValueHistogram histogram ? AddBars(plot, histogram, layer) : 1;
        plot.Axes.SetLimits(low, high, 0, top);
        return plot;
    }

    // Gives the upper end of the axis.
    private static double AddBars(Plot plot, ValueHistogram histogram, LayerActivations layer)
    {
        long zeros = (long)Math.Round(layer.ZeroRatio * layer.Count);
        int zeroRange = zeros > 0 ? RangeOfZero(histogram, zeros) : -1;
        var bars = new List<Bar>();
        double highest = 0;
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            long others = histogram.Counts[i] - (i == zeroRange ? zeros : 0);
            if (others > 0)
            {
                highest = Math.Max(highest, (double)others / layer.Count);
                bars.Add(BarAt(MiddleOf(histogram, i), histogram.Width, (double)others / layer.Count, Picture.Color(0)));
            }
        }

        if (zeroRange >= 0)
        {
            bars.Add(BarAt(0, histogram.Width, layer.ZeroRatio, Picture.Color(1)));
            highest = highest > 0 && layer.ZeroRatio > TallestZeros * highest ? highest : Math.Max(highest, layer.ZeroRatio);
        }

        plot.Add.Bars(bars);
        return 1.1 * highest;
    }

    private static int RangeOfZero(ValueHistogram histogram, long zeros) =>
        Enumerable.Range(0, histogram.Counts.Count).Where(i => histogram.Counts[i] >= zeros).MinBy(i => Math.Abs(MiddleOf(histogram, i)));

    // The outline keeps a bar visible whose range is narrower than a pixel.
    private static Bar BarAt(double middle, double width, double share, Color color) => new()
    {
        Position = middle,
        Size = width,
        Value = share,
        FillColor = color,
        LineColor = color,
        LineWidth = 1,
    };

    private static double MiddleOf(ValueHistogram histogram, int range) => histogram.Lower + ((range + 0.5) * histogram.Width);

    private static string TitleOf(LayerActivations layer)
    {
        string name = $"{layer.Path} {layer.Layer}";
        var notes = new List<string>();
        if (layer.ZeroRatio > 0)
        {
            notes.Add($"{Percent(layer.ZeroRatio)} zeros (orange)");
        }

        if (layer is { Saturated: double saturated, Histogram: not null })
        {
            notes.Add($"{Percent(saturated)} saturated");
        }

        if (layer.DeadUnits > 0)
        {
            notes.Add($"{layer.DeadUnits} of {layer.Units} dead");
        }

        if (layer.NonFinite > 0)
        {
            notes.Add($"{layer.NonFinite} not finite");
        }

        string numbers = layer.Histogram is null
            ? "no finite value"
            : string.Create(CultureInfo.InvariantCulture, $"mean {layer.Mean:g3}, std dev {layer.StandardDeviation:g3}");
        return $"{Names.Cut(name, LongestName)}\n{numbers}\n{string.Join(", ", notes)}";
    }

    private static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Round(100 * share, 100 * share < 10 ? 1 : 0):0.#} %");
}
