using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Named lines in a chart, and what draws them from the losses of a run.</summary>
public static class Lines
{
    /// <summary>Adds a line of 2 pixels.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="x">To the right.</param>
    /// <param name="y">Upwards.</param>
    /// <param name="name">For the legend; null for none.</param>
    /// <param name="color">Which colour of the palette.</param>
    /// <param name="pattern">Dashes; a full line if null.</param>
    public static Scatter AddLine(this Plot plot, IEnumerable<double> x, IEnumerable<double> y, string? name, int color, LinePattern? pattern = null)
    {
        ArgumentNullException.ThrowIfNull(plot);
        Scatter line = plot.Add.ScatterLine(x.ToArray(), y.ToArray(), Picture.Color(color));
        (line.LegendText, line.LineWidth, line.LinePattern) = (name ?? "", 2, pattern ?? LinePattern.Solid);
        return line;
    }

    /// <summary>Adds a mark at each place, without a line between them.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="x">To the right.</param>
    /// <param name="y">Upwards.</param>
    /// <param name="name">For the legend; null for none.</param>
    /// <param name="color">Which colour of the palette.</param>
    /// <param name="size">Of the marks, in pixels.</param>
    public static void AddPoints(this Plot plot, IEnumerable<double> x, IEnumerable<double> y, string? name, int color, float size)
    {
        Scatter points = plot.AddLine(x, y, name, color);
        (points.LineWidth, points.MarkerSize) = (0, size);
    }

    /// <summary>Adds a line of one figure over the epochs.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="epochs">The epochs of a training.</param>
    /// <param name="figure">What is drawn of each.</param>
    /// <param name="name">For the legend; null for none.</param>
    /// <param name="color">Which colour of the palette.</param>
    /// <param name="pattern">Dashes; a full line if null.</param>
    public static Scatter AddEpochs(
        this Plot plot, IReadOnlyList<Epoch> epochs, Func<Epoch, double> figure, string? name, int color, LinePattern? pattern = null) =>
        plot.AddLine(epochs.Select(epoch => (double)epoch.Number), epochs.Select(figure), name, color, pattern);

    /// <summary>Draws losses on a logarithmic axis into the folder for pictures.</summary>
    /// <param name="sample">The run.</param>
    /// <param name="title">The title.</param>
    /// <param name="picture">The name of the file.</param>
    /// <param name="interval">Iterations from one loss to the next.</param>
    /// <param name="lines">Names and losses.</param>
    public static void SaveLosses(this SampleRun sample, string title, string picture, int interval, params (string Name, IEnumerable<double> Losses)[] lines)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Plot plot = Picture.New(title, "iteration", "loss");
        foreach ((int color, (string name, IEnumerable<double> losses)) in lines.Index())
        {
            plot.AddLine(losses.Select((_, i) => (double)i * interval), losses.Select(Math.Log10), name, color);
        }

        Picture.ShowPowersOfTen(plot.Axes.Left);
        sample.Save(plot, picture);
    }

    /// <summary>The means of one window after the other, each at its middle; what is left at the end and fills none is left out.</summary>
    /// <param name="losses">One for each step.</param>
    /// <param name="window">Steps in a window.</param>
    public static (double[] Steps, double[] Means) Smooth(IReadOnlyList<double> losses, int window)
    {
        double[] means = [.. losses.Chunk(window).Where(part => part.Length == window).Select(part => part.Average())];
        return ([.. means.Select((_, i) => (i + 0.5) * window)], means);
    }

    /// <summary>The values of a matrix as the charts want them.</summary>
    /// <param name="matrix">The matrix, row by row.</param>
    public static double[] Doubles(this Matrix matrix) => [.. matrix.Span.ToArray().Select(value => (double)value)];
}
