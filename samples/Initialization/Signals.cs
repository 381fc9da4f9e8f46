namespace NeuralTrain.Samples;

/// <summary>What a batch of normally distributed values turns into, layer by layer, before any training.</summary>
internal static class Signals
{
    private const int Width = 500;

    public static void Run(SampleRun sample)
    {
        var charts = new List<Plot>();
        var rows = new List<string[]>();
        var deviations = new List<double[]>();
        foreach (Start start in sample.Steps("histograms", Start.All))
        {
            Random random = sample.NewRandom();
            var batch = new Matrix(sample.Quick ? 200 : 1000, Width);
            new Normal(1).Fill(batch.Span, Width, Width, random);
            var statistics = ActivationStatistics.Measure(start.Build(Width, Width, outputs: null, random), batch);
            LayerActivations[] layers = [.. statistics.Layers.Where((_, i) => i % 2 == 1)];
            deviations.Add([.. layers.Select(layer => layer.StandardDeviation)]);
            charts.AddRange(layers.Select((layer, i) => Chart(start, i, layer)));
            rows.Add([start.Name, start.ActivationName, "mean", .. layers.Select(layer => SampleRun.Fixed(layer.Mean, 3))]);
            rows.Add(["", "", "deviation", .. layers.Select(layer => $"{layer.StandardDeviation:0.0000}")]);
        }

        SampleRun.Print(["weights", "activation", "", .. Enumerable.Range(1, 6).Select(layer => $"layer {layer}")], rows);
        SampleRun.Say("The picture has a histogram of each. The vertical axis is the proportion of values, with a separate scale for each chart.");
        sample.Save(charts, columns: 6, "initialization-histograms.png", 800, 640);
        double Last(int start) => deviations[start][5];
        sample.Claim("N(0, 0.01²) lets the values die out: the standard deviation of layer 6 is below 0.001", Last(0) < 0.001, $"{Last(0):0.0e+0}");
        sample.Claim("N(0, 1²) saturates tanh: the standard deviation of layer 6 is above 0.9", Last(1) > 0.9, $"{Last(1):0.00}");
        sample.Claim("Xavier keeps tanh alive: the standard deviation of layer 6 is between 0.2 and 0.9", Last(2) is > 0.2 and < 0.9, $"{Last(2):0.00}");
        sample.Claim("Xavier is too little for ReLU: layer 6 has less than a fourth of layer 1's standard deviation",
            Last(3) < deviations[3][0] / 4, $"{Last(3):0.000} against {deviations[3][0]:0.000}");
        sample.Claim("He keeps ReLU alive: the standard deviation of layer 6 is between 0.5 and 1.5", Last(4) is > 0.5 and < 1.5, $"{Last(4):0.00}");
    }

    // A small chart that shows only the shape, without numbers on the left. Names are only at the edges of the grid.
    private static Plot Chart(Start start, int layer, LayerActivations values)
    {
        bool isReLU = start.ActivationName == "ReLU";
        Plot plot = Picture.New(start == Start.All[0] ? $"layer {layer + 1}" : null, start == Start.All[^1] ? "value" : "", "");
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
