using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws how much a model relies on each column, as bars with their spread, the most important on top.</summary>
public static class ImportancePicture
{
    private const int DefaultWidth = 700, DefaultHeight = 500, MostShown = 20, LongestName = 24;

    /// <summary>Draws the bars into a file: <c>importance.Columns.Select(column => (column.Name, column.Rise, column.Deviation)).SaveImportance("importance.png")</c>.</summary>
    /// <param name="columns">The name of each column, its importance, and the standard deviation of that between repeats.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="measure">What the numbers are. Default: <c>increase in loss when shuffled</c>.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 700.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <exception cref="ArgumentException">There is no column, a number is not finite or a deviation negative, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SaveImportance(
        this IEnumerable<(string Name, double Importance, double Deviation)> columns, string path, string measure = "increase in loss when shuffled", int width = DefaultWidth, int height = DefaultHeight) =>
        Picture.Save(columns.ToImportance(measure), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="columns">The name of each column, its importance, and the standard deviation of that between repeats.</param>
    /// <param name="measure">What the numbers are. Default: <c>increase in loss when shuffled</c>.</param>
    /// <returns>A new chart of the 20 most important columns.</returns>
    /// <exception cref="ArgumentException">There is no column, or a number is not finite or a deviation negative.</exception>
    public static Plot ToImportance(this IEnumerable<(string Name, double Importance, double Deviation)> columns, string measure = "increase in loss when shuffled")
    {
        ArgumentNullException.ThrowIfNull(columns);
        (string Name, double Importance, double Deviation)[] sorted = [.. columns.OrderByDescending(column => column.Importance)];
        if (sorted.Length == 0 || Array.Exists(sorted, column => !double.IsFinite(column.Importance) || !(column.Deviation >= 0) || !double.IsFinite(column.Deviation)))
        {
            throw new ArgumentException($"A picture needs at least one column, with a finite importance and a deviation of 0 or more, received {sorted.Length} columns.", nameof(columns));
        }

        string title = sorted.Length > MostShown ? $"Importance, of {MostShown} of {sorted.Length} columns" : "Importance";
        sorted = sorted[..Math.Min(sorted.Length, MostShown)];
        Plot plot = Picture.New(title, measure, "");
        BarPlot bars = plot.Add.Bars(sorted.Select((column, i) => new Bar
        {
            Position = sorted.Length - 1 - i, Value = column.Importance, Size = 0.7, FillColor = Picture.Color(0), LineWidth = 0,
        }).ToArray());
        bars.Horizontal = true;
        double[] deviations = [.. sorted.Select(column => column.Deviation)], values = [.. sorted.Select(column => column.Importance)];
        plot.Add.Plottable(new ErrorBar(values, [.. sorted.Select((_, i) => (double)(sorted.Length - 1 - i))], deviations, deviations, null, null) { Color = Colors.Black, LineWidth = 1.5f });
        plot.Axes.Left.TickGenerator = new ClassTicks(Names.Cut([.. sorted.Select(column => column.Name)], LongestName), firstAtEnd: true);
        plot.HideGrid();
        double low = sorted.Min(column => Math.Min(0, column.Importance - column.Deviation)), high = sorted.Max(column => Math.Max(0, column.Importance + column.Deviation));
        double margin = high > low ? 0.04 * (high - low) : 1;
        plot.Axes.SetLimits(low < 0 ? low - margin : 0, high + margin, -0.6, sorted.Length - 0.4);
        return plot;
    }
}
