// Lecture L3: the activations of Table 3 with their derivatives, and what these do to the gradient of a deep network.
using System.Diagnostics;

const string Description = "Activations: curves with their derivatives, and how the gradient fades with depth (lecture L3).";
return SampleCommand.Run(args, Description, full: "3 s", quick: "1 s", run: sample =>
{
    // 1. Table 3, and SELU. What arrives in a well-started network: normally distributed values.
    var inputs = new Matrix(sample.Quick ? 100_000 : 1_000_000, 1);
    new Normal(1).Fill(inputs.Span, 1, 1, new Random(sample.Seed));
    (string Name, int Year, Layer Layer)[] activations = Table3(new Random(sample.Seed));
    var (rows, dead, means) = (new List<string[]>(), new Dictionary<string, double>(), new Dictionary<string, double>());
    foreach ((string name, int year, Layer layer) in sample.Steps("activations", activations))
    {
        (double[] outputs, double[] slopes) = Curve(layer, inputs);
        (means[name], dead[name]) = (outputs.Average(), slopes.Count(slope => slope == 0) / (double)slopes.Length);
        rows.Add([
            name, year == 0 ? "–" : $"{year}", $"{means[name]:0.00;−0.00;0.00}", $"{slopes.Average():0.00}", $"{dead[name]:0 %}", $"{Nanoseconds(layer, inputs):0.0}",
        ]);
    }

    SampleRun.Print(["activation", "year", "mean output", "mean derivative", "no gradient", "ns per value"], rows);
    sample.Save("activations.png", path => Figures.SaveCurves(path, [.. activations.Select(a => (a.Name, a.Layer))], Curve));
    var probabilities = new Matrix(1, 3);
    new Softmax().Infer(new float[,] { { 10_000, 10_001, 10_002 } }, probabilities);

    // 2. How long the gradient of each layer's weights is in a network of 20 layers before its first step.
    SampleRun.Say();
    (string Name, Func<Layer> Activation, Initializer Weights)[] deep =
    [
        ("sigmoid, Xavier", () => new Sigmoid(), new LeCunNormal()),
        ("tanh, Xavier", () => new Tanh(), new LeCunNormal()),
        ("ReLU, He", () => new ReLU(), new HeNormal()),
    ];
    const int depth = 20, width = 100, batch = 64;
    var norms = new List<double[]>();
    foreach ((_, Func<Layer> activation, Initializer weights) in deep)
    {
        var random = new Random(sample.Seed);
        Linear[] linears = [.. Enumerable.Range(0, depth).Select(_ => new Linear(width, width, random, weightInitializer: weights))];
        var network = new Sequential([.. linears.SelectMany(linear => new[] { linear, activation() })]);
        (var values, var gradient) = (new Matrix(batch, width), new Matrix(batch, width));
        new Normal(1).Fill(values.Span, width, width, random);
        new Normal(1).Fill(gradient.Span, width, width, random);
        network.Forward(values);
        network.Backward(gradient);
        norms.Add([.. linears.Select(linear => Math.Sqrt(linear.Weight.Gradient.Doubles().Sum(value => value * value)))]);
    }

    sample.Save("fading-gradients.png", path => Figures.SaveNorms(path, [.. deep.Select(one => one.Name)], norms));
    double[] ratios = [.. norms.Select(norm => norm[0] / norm[^1])];
    SampleRun.Print(["activation, weights", "layer 1", "layer 5", "layer 10", "layer 15", "layer 20", "first / last"], deep.Select((one, i) =>
        (string[])[one.Name, .. new[] { 0, 4, 9, 14, 19 }.Select(layer => $"{norms[i][layer]:0.0e+0}"), $"{ratios[i]:0.0e+0}"]));

    sample.Claim("Sigmoid gives only positive values (L3.1): its mean output is 0.5, that of tanh 0",
        Math.Abs(means["sigmoid"] - 0.5) < 0.01 && Math.Abs(means["tanh"]) < 0.01, $"{means["sigmoid"]:0.000} and {Math.Abs(means["tanh"]):0.000}");
    sample.Claim("ReLU has no gradient for half of such values, PReLU for none (L3.2)",
        dead["ReLU"] is > 0.49 and < 0.51 && dead["PReLU"] == 0, $"{dead["ReLU"]:0.0 %} and {dead["PReLU"]:0.0 %}");
    sample.Claim("Softmax is computed stably (L3.3): scores of 10 000, 10 001, 10 002 give e²/(1+e+e²) = 0.6652 for the last",
        Math.Abs(probabilities[0, 2] - 0.66524) < 1e-4, $"{probabilities[0, 2]:0.0000}");
    sample.Claim("Sigmoid lets the gradient vanish (L3.1): the first of 20 layers gets less than a millionth of the last's",
        ratios[0] < 1e-6, $"{ratios[0]:0.0e+0}");
    sample.Claim("tanh with Xavier fades far less: more than a thousandth arrives at the first layer", ratios[1] > 1e-3, $"{ratios[1]:0.000}");
    sample.Claim("ReLU with He keeps it: between a tenth and ten times", ratios[2] is > 0.1 and < 10, $"{ratios[2]:0.00}");
});

static (string, int, Layer)[] Table3(Random random)
{
    // Two pieces and two hinges that can be seen; networks learn them.
    (var maxout, var hinges) = (new Maxout(1, 1, random), new APL(1, 2, random));
    ((Matrix)new float[,] { { 1 }, { -0.4f } }).CopyTo(maxout.Weight.Value);
    new[] { 0.4f, -0.6f }.CopyTo(hinges.Slopes.Value.Span);
    new[] { 0, -1.2f }.CopyTo(hinges.Offsets.Value.Span);
    return
    [
        ("none", 0, new Identity()), ("sigmoid", 1986, new Sigmoid()), ("tanh", 1986, new Tanh()), ("ReLU", 2010, new ReLU()),
        ("centred softplus", 2011, new Softplus(centered: true)), ("LReLU 0.01", 2011, new LeakyReLU()), ("maxout, 2 pieces", 2013, maxout),
        ("APL, 2 hinges", 2014, hinges), ("VReLU 0.1", 2014, new LeakyReLU(0.1)), ("VReLU 0.5", 2014, new LeakyReLU(0.5)),
        ("RReLU", 2015, new RReLU(random)), ("PReLU", 2015, new PReLU()), ("ELU", 2015, new ELU()), ("SELU", 2017, new SELU()),
    ];
}

// The derivative is what the backward pass makes of a gradient of 1.
static (double[] Outputs, double[] Slopes) Curve(Layer layer, Matrix inputs)
{
    (Matrix outputs, Matrix forward, Matrix ones, Matrix slopes) = (new(inputs.Rows, 1), new(inputs.Rows, 1), new(inputs.Rows, 1), new(inputs.Rows, 1));
    ones.Span.Fill(1);
    layer.Infer(inputs, outputs);
    layer.Forward(inputs, forward);
    layer.Backward(inputs, forward, ones, slopes);
    return (outputs.Doubles(), slopes.Doubles());
}

static double Nanoseconds(Layer layer, Matrix inputs)
{
    var outputs = new Matrix(inputs.Rows, 1);
    return Enumerable.Range(0, 5).Min(_ =>
    {
        var clock = Stopwatch.StartNew();
        layer.Infer(inputs, outputs);
        return clock.Elapsed.TotalNanoseconds / inputs.Rows;
    });
}
