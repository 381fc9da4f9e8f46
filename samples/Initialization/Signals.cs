using MathNet.Numerics.Statistics;
using ScottPlot;

namespace NeuralTrain.Samples;

/// <summary>What a batch of normally distributed values turns into, layer by layer, before any training.</summary>
internal static class Signals
{
    private const int Width = 500, Bins = 40;

    public static void Run(SampleRun sample)
    {
        var charts = new List<Plot>();
        var rows = new List<string[]>();
        var deviations = new Dictionary<Start, double[]>();
        foreach (Start start in Start.All)
        {
            Random random = sample.NewRandom();
            var batch = new Matrix(sample.Quick ? 200 : 1000, Width);
            new Normal(1).Fill(batch.Span, Width, Width, random);
            Sequential network = start.Build(Width, Width, outputs: null, random);
            double[][] layers = [.. HiddenValues(network, batch)];
            deviations[start] = [.. layers.Select(values => values.PopulationStandardDeviation())];
            charts.AddRange(layers.Select((values, layer) => Chart(start, layer, values)));
            rows.Add([start.Name, start.ActivationName, "mean", .. layers.Select(values => SampleRun.Fixed(values.Mean(), 3))]);
            rows.Add(["", "", "deviation", .. deviations[start].Select(deviation => $"{deviation:0.0000}")]);
        }

        SampleRun.Print(["weights", "activation", "", .. Enumerable.Range(1, 6).Select(layer => $"layer {layer}")], rows);
        sample.Save(charts, columns: 6, "initialization-histograms.png", 800, 640);
        double Last(int start) => deviations[Start.All[start]][5];
        sample.Claim("N(0, 0.01²) lets the values die out: the deviation of layer 6 is below 0.001", Last(0) < 0.001, $"{Last(0):0.0e+0}");
        sample.Claim("N(0, 1²) saturates tanh: the deviation of layer 6 is above 0.9", Last(1) > 0.9, $"{Last(1):0.00}");
        sample.Claim("Xavier keeps tanh alive: the deviation of layer 6 is between 0.2 and 0.9", Last(2) is > 0.2 and < 0.9, $"{Last(2):0.00}");
        sample.Claim("Xavier is too little for ReLU: layer 6 has less than a fourth of layer 1's deviation",
            Last(3) < deviations[Start.All[3]][0] / 4, $"{Last(3):0.000} against {deviations[Start.All[3]][0]:0.000}");
        sample.Claim("He keeps ReLU alive: the deviation of layer 6 is between 0.5 and 1.5", Last(4) is > 0.5 and < 1.5, $"{Last(4):0.00}");
    }

    private static IEnumerable<double[]> HiddenValues(Sequential network, Matrix batch)
    {
        foreach (Layer layer in network.Children)
        {
            var output = new Matrix(batch.Rows, layer.OutputSize(batch.Columns));
            layer.Infer(batch, output);
            batch = output;
            if (layer is not Linear)
            {
                yield return [.. output.Span.ToArray().Select(value => (double)value)];
            }
        }
    }

    // ReLU's zeros, half of all, would hide the shape of the rest and stay out.
    // A small chart without numbers to the left: only the shape counts. Names stand at the edges of the grid alone.
    private static Plot Chart(Start start, int layer, double[] values)
    {
        bool isReLU = start.ActivationName == "ReLU";
        (double low, double high) = isReLU ? (0, 3) : (-1.0001, 1.0001);
        var histogram = new Histogram(values.Where(value => value > low && value < high), Bins, low, high);
        Plot plot = Picture.New(start == Start.All[0] ? $"layer {layer + 1}" : null, start == Start.All[^1] ? "value" : "", "");
        for (int bin = 0; bin < Bins; bin++)
        {
            double share = histogram[bin].Count / values.Length;
            Bar bar = new() { Position = (histogram[bin].LowerBound + histogram[bin].UpperBound) / 2, Value = share, Size = (high - low) / Bins };
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
        plot.Axes.SetLimitsX(low - 0.1, high + 0.1);
        return plot;
    }
}
