namespace NeuralTrain.Samples;

/// <summary>How long the gradient of each layer's weights is in a network of 20 layers before its first step (L3.1).</summary>
internal static class FadingGradients
{
    private const int Depth = 20, Width = 100, Rows = 64;

    public static void Run(SampleRun sample)
    {
        (string Name, Func<Layer> Create, Initializer Weights)[] activations =
        [
            ("sigmoid", () => new Sigmoid(), new LeCunNormal()), ("tanh", () => new Tanh(), new LeCunNormal()), ("ReLU", () => new ReLU(), new HeNormal()),
        ];
        Plot plot = Picture.New("How the gradient fades with depth", "layer (1 = next to the input)", "norm of the gradient of the layer's weights");
        var norms = new List<double[]>();
        foreach ((string name, Func<Layer> create, Initializer weights) in activations)
        {
            norms.Add(GradientNorms(create, weights, sample.NewRandom()));
            IEnumerable<double> layers = Enumerable.Range(1, Depth).Select(layer => (double)layer);
            plot.AddLine(layers, norms[^1].Select(Math.Log10), $"{name}, {weights.GetType().Name}", norms.Count - 1).MarkerSize = 6;
        }

        Picture.ShowPowersOfTen(plot.Axes.Left);
        sample.Save(plot, "fading-gradients.png");
        SampleRun.Print(["activation", "layer 1", "layer 5", "layer 10", "layer 15", "layer 20", "first / last"], activations.Select((a, i) =>
            (string[])[a.Name, .. new[] { 0, 4, 9, 14, 19 }.Select(layer => $"{norms[i][layer]:0.0e+0}"), $"{norms[i][0] / norms[i][^1]:0.0e+0}"]));
        double Ratio(int i) => norms[i][0] / norms[i][^1];
        sample.Claim("Sigmoid lets the gradient vanish (L3.1): the first of 20 layers gets less than a millionth of the last's",
            Ratio(0) < 1e-6, $"{Ratio(0):0.0e+0}");
        sample.Claim("tanh with Xavier fades far less: more than a thousandth arrives", Ratio(1) > 1e-3, $"{Ratio(1):0.000}");
        sample.Claim("ReLU with He keeps it: between a tenth and ten times", Ratio(2) is > 0.1 and < 10, $"{Ratio(2):0.00}");
    }

    private static double[] GradientNorms(Func<Layer> create, Initializer weights, Random random)
    {
        Linear[] linears = [.. Enumerable.Range(0, Depth).Select(_ => new Linear(Width, Width, random, weightInitializer: weights))];
        var network = new Sequential([.. linears.SelectMany(linear => new Layer[] { linear, create() })]);
        (var inputs, var gradient) = (new Matrix(Rows, Width), new Matrix(Rows, Width));
        new Normal(1).Fill(inputs.Span, Width, Width, random);
        new Normal(1).Fill(gradient.Span, Width, Width, random);
        network.Forward(inputs);
        network.Backward(gradient);
        return [.. linears.Select(linear => Math.Sqrt(linear.Weight.Gradient.Doubles().Sum(value => value * value)))];
    }
}
