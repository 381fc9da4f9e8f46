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

    public static double[] Doubles(this Matrix matrix) => Array.ConvertAll(matrix.Span.ToArray(), value => (double)value);
}
