namespace NeuralTrain.Samples;

/// <summary>One way to start: how the weights are drawn, and the activation after them.</summary>
internal sealed record Start(string Name, Initializer Weights, Func<Layer> Activation, string ActivationName);

/// <summary>The pictures of this sample.</summary>
internal static class Figures
{
    /// <summary>A small histogram of each layer, a row for each start.</summary>
    public static void SaveHistograms(string path, Start[] starts, List<LayerActivations[]> signals)
    {
        var charts = new List<Plot>();
        foreach ((Start start, LayerActivations[] layers) in starts.Zip(signals))
        {
            charts.AddRange(layers.Select((values, layer) => Chart(start, layer, values, isFirst: start == starts[0], isLast: start == starts[^1])));
        }

        Picture.SaveGrid(charts, columns: 6, path, 800, 640);
    }

    /// <summary>The loss of each start, as means of a window of steps, each at its middle; and chance.</summary>
    public static void SaveCurves(string path, Start[] starts, double[][] means, int window)
    {
        Plot plot = Picture.New("The same network under five kinds of first weights", "step", $"loss (mean of {window} batches)");
        foreach ((int i, Start start) in starts.Index())
        {
            plot.AddLine(means[i].Select((_, place) => (place + 0.5) * window), means[i], $"{start.Name}, {start.ActivationName}", i);
        }

        plot.Add.HorizontalLine(Math.Log(10), 1, Colors.Black, LinePattern.Dashed).LegendText = "chance, ln 10";
        plot.Axes.SetLimitsY(0, 4);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }

    // It shows only the shape, without numbers on the left. Names are only at the edges of the grid.
    private static Plot Chart(Start start, int layer, LayerActivations values, bool isFirst, bool isLast)
    {
        bool isReLU = start.ActivationName == "ReLU";
        Plot plot = Picture.New(isFirst ? $"layer {layer + 1}" : null, isLast ? "value" : "", "");
        ValueHistogram histogram = values.Histogram!;
        foreach ((int bucket, long count) in histogram.Counts.Index())
        {
            // ReLU's zeros, half of all, would hide the shape of the rest: their bucket, the first, is left out.
            double middle = histogram.Lower + ((bucket + 0.5) * histogram.Width), height = isReLU && bucket == 0 ? 0 : count;
            Bar bar = new() { Position = middle, Value = height, Size = histogram.Width };
            bar.FillColor = bar.LineColor = Picture.Color(isReLU ? 1 : 0);
            plot.Add.Bar(bar);
        }

        if (layer == 0)
        {
            plot.YLabel($"{start.ActivationName}{(isReLU ? " > 0" : "")}\n{start.Name}", 12);
            plot.Axes.Left.Label.Bold = false;
        }

        plot.Axes.Title.Label.FontSize = 13;
        plot.Axes.Bottom.SetTicks(isReLU ? [0, 1, 2, 3] : [-1, 0, 1], isReLU ? ["0", "1", "2", "3"] : ["−1", "0", "1"]);
        plot.Axes.Left.SetTicks([], []);
        plot.HideGrid();
        plot.Axes.SetLimitsX(isReLU ? -0.1 : -1.1, isReLU ? 3.1 : 1.1);
        return plot;
    }
}
