using System.Diagnostics;

namespace NeuralTrain.Samples;

/// <summary>The activations of the lecture's Table 3, and SELU: curve, derivative, mean output, and the fraction of inputs without gradient.</summary>
internal static class Table3
{
    private const int Points = 241;

    public static void Run(SampleRun sample)
    {
        (string Name, int Year, Layer Layer)[] activations = All(sample.NewRandom());
        var rows = new List<string[]>();
        var dead = new Dictionary<string, double>();
        var means = new Dictionary<string, double>();
        foreach ((string name, int year, Layer layer) in sample.Steps("activations", activations))
        {
            // What arrives in a well-started network: normally distributed values.
            var inputs = new Matrix(sample.Quick ? 100_000 : 1_000_000, 1);
            new Normal(1).Fill(inputs.Span, 1, 1, sample.NewRandom());
            (Matrix outputs, Matrix slopes, double nanoseconds) = Measure(layer, inputs);
            dead[name] = slopes.Doubles().Count(slope => slope == 0) / (double)slopes.Rows;
            means[name] = outputs.Doubles().Average();
            rows.Add(
            [
                name, year == 0 ? "–" : $"{year}", SampleRun.Fixed(means[name], 2), $"{slopes.Doubles().Average():0.00}", $"{dead[name]:0 %}",
                $"{nanoseconds:0.0}",
            ]);
        }

        SampleRun.Print(["activation", "year", "mean output", "mean derivative", "no gradient", "ns per value"], rows);
        sample.Save([.. activations.Select(a => Chart(a.Name, a.Layer)), Key()], columns: 4, "activations.png", 800, 800);
        sample.Claim("Sigmoid gives only positive values (L3.1): its mean output is 0.5, that of tanh 0",
            Math.Abs(means["sigmoid"] - 0.5) < 0.01 && Math.Abs(means["tanh"]) < 0.01, $"{means["sigmoid"]:0.000} and {Math.Abs(means["tanh"]):0.000}");
        sample.Claim("ReLU has no gradient for half of such values, PReLU for none (L3.2)",
            dead["ReLU"] is > 0.49 and < 0.51 && dead["PReLU"] == 0, $"{dead["ReLU"]:0.0 %} and {dead["PReLU"]:0.0 %}");
        var probabilities = new Matrix(1, 3);
        new Softmax().Infer(new float[,] { { 10_000, 10_001, 10_002 } }, probabilities);
        sample.Claim("Softmax is computed stably (L3.3): scores of 10 000, 10 001, 10 002 give e²/(1+e+e²) = 0.6652 for the last",
            Math.Abs(probabilities[0, 2] - 0.66524) < 1e-4, $"{probabilities[0, 2]:0.0000}");
    }

    private static (string, int, Layer)[] All(Random random)
    {
        // Two pieces and two hinges that can be seen; networks learn them.
        var maxout = new Maxout(1, 1, random);
        ((Matrix)new float[,] { { 1 }, { -0.4f } }).CopyTo(maxout.Weight.Value);
        var hinges = new APL(1, 2, random);
        ((Matrix)new float[,] { { 0.4f }, { -0.6f } }).Span.CopyTo(hinges.Slopes.Value.Span);
        ((Matrix)new float[,] { { 0 }, { -1.2f } }).Span.CopyTo(hinges.Offsets.Value.Span);
        return
        [
            ("none", 0, new Identity()), ("sigmoid", 1986, new Sigmoid()), ("tanh", 1986, new Tanh()), ("ReLU", 2010, new ReLU()),
            ("centred softplus", 2011, new Softplus(centered: true)), ("LReLU 0.01", 2011, new LeakyReLU()), ("maxout, 2 pieces", 2013, maxout),
            ("APL, 2 hinges", 2014, hinges), ("VReLU 0.1", 2014, new LeakyReLU(0.1)), ("VReLU 0.5", 2014, new LeakyReLU(0.5)),
            ("RReLU", 2015, new RReLU(random)), ("PReLU", 2015, new PReLU()), ("ELU", 2015, new ELU()), ("SELU", 2017, new SELU()),
        ];
    }

    private static (Matrix Outputs, Matrix Slopes, double Nanoseconds) Measure(Layer layer, Matrix inputs)
    {
        (Matrix outputs, Matrix ones, Matrix slopes) = (new(inputs.Rows, 1), new(inputs.Rows, 1), new(inputs.Rows, 1));
        ones.Span.Fill(1);
        double nanoseconds = double.PositiveInfinity;
        for (int i = 0; i < 5; i++)
        {
            var clock = Stopwatch.StartNew();
            layer.Infer(inputs, outputs);
            nanoseconds = Math.Min(nanoseconds, clock.Elapsed.TotalNanoseconds / inputs.Rows);
        }

        var forward = new Matrix(inputs.Rows, 1);
        layer.Forward(inputs, forward);
        layer.Backward(inputs, forward, ones, slopes);
        return (outputs, slopes, nanoseconds);
    }

    private static Plot Chart(string name, Layer layer)
    {
        var inputs = new Matrix(Points, 1);
        double[] x = [.. Enumerable.Range(0, Points).Select(i => -3 + (6.0 * i / (Points - 1)))];
        x.Select(value => (float)value).ToArray().CopyTo(inputs.Span);
        (Matrix outputs, Matrix slopes, _) = Measure(layer, inputs);
        Plot plot = Picture.New(name, "input x", "");
        // Points, as a derivative may jump.
        plot.AddPoints(x, slopes.Doubles(), null, color: 1, size: 2);
        plot.AddLine(x, outputs.Doubles(), null, color: 0);
        plot.Axes.Title.Label.FontSize = 13;
        plot.Axes.Bottom.Label.FontSize = 12;
        plot.Axes.SetLimits(-3, 3, -2, 3);
        return plot;
    }

    // The legend of all, in the place after the last.
    private static Plot Key()
    {
        Plot plot = Picture.New(null, "", "");
        plot.HideAxesAndGrid();
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "output y", LineColor = Picture.Color(0), LineWidth = 2 });
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "derivative dy/dx", LineColor = Picture.Color(1), LineWidth = 2 });
        plot.ShowLegend(Alignment.UpperCenter);
        return plot;
    }
}
