using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

public static class Shortcuts
{
    public static Scatter AddLine(this Plot plot, IEnumerable<double> x, IEnumerable<double> y, string? name, int color, LinePattern? pattern = null)
    {
        Scatter line = plot.Add.ScatterLine(x.ToArray(), y.ToArray(), Picture.Color(color));
        (line.LegendText, line.LineWidth, line.LinePattern) = (name ?? "", 2, pattern ?? LinePattern.Solid);
        return line;
    }

    /// <summary>Saves a chart of courses on a logarithmic axis, with a legend.</summary>
    public static void SaveLogarithms(this Plot plot, string path, params (string Name, IEnumerable<double> Values)[] courses)
    {
        foreach ((int i, (string name, IEnumerable<double> values)) in courses.Index())
            plot.AddLine(values.Select((_, place) => (double)place), values.Select(Math.Log10), name, i);
        Picture.ShowPowersOfTen(plot.Axes.Left);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }

    public static double[] Doubles(this Matrix matrix) => Array.ConvertAll(matrix.Span.ToArray(), value => (double)value);
}
