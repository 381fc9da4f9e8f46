namespace NeuralTrain.Samples;

/// <summary>Where an optimizer went on a terrain, step by step.</summary>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Path">The places, the start first.</param>
/// <param name="Heights">The height at each.</param>
internal sealed record Journey(double Rate, (double X, double Y)[] Path, double[] Heights)
{
    // One rate each, chosen once so that none leaves the map of the valley; the saddle is taken at the same.
    private static readonly (string Name, Func<Layer, Optimizer> Create)[] Optimizers =
    [
        ("SGD", network => new SGD(network, 0.1)),
        ("Momentum", network => new Momentum(network, 0.1, momentum: 0.9)),
        ("Nesterov", network => new Nesterov(network, 0.1, momentum: 0.9)),
        ("AdaGrad", network => new AdaGrad(network, 0.4)),
        ("RMSprop", network => new RMSprop(network, 0.01)),
        ("Adam", network => new Adam(network, 0.1)),

        // Without correction the second moment begins far too low: a third of the rate already makes the first step as long.
        ("Adam, lecture's form", network => new Adam(network, 0.03, biasCorrection: false, epsilonPlacement: EpsilonPlacement.InsideRoot)),
    ];

    /// <summary>The place furthest on the other side of the valley.</summary>
    public double LargestSwing => -Path.Min(place => place.Y);

    /// <summary>How far the first step went along x, as a share of how far it went along y.</summary>
    public double FirstStepRatio => Math.Abs((Path[1].X - Path[0].X) / (Path[1].Y - Path[0].Y));

    /// <summary>The first step from which on the height stays below a bound; <see cref="int.MaxValue"/> if none.</summary>
    public int StepsBelow(double bound)
    {
        int last = Array.FindLastIndex(Heights, height => height >= bound);
        return last == Heights.Length - 1 ? int.MaxValue : last + 1;
    }

    /// <summary>Every optimizer from the same start.</summary>
    public static Dictionary<string, Journey> All(Terrain terrain, int steps) =>
        Optimizers.ToDictionary(entry => entry.Name, entry => Run(terrain, entry.Create, steps));

    private static Journey Run(Terrain terrain, Func<Layer, Optimizer> create, int steps)
    {
        // The two coordinates are the weights of a layer; its gradient is the slope, with no data in between.
        var place = new Linear(2, 1, new Random(0), bias: false);
        (place.Weight.Value[0, 0], place.Weight.Value[0, 1]) = ((float)terrain.Start.X, (float)terrain.Start.Y);
        Optimizer optimizer = create(place);
        var path = new (double X, double Y)[steps + 1];
        path[0] = terrain.Start;
        for (int i = 1; i <= steps; i++)
        {
            (double x, double y) = terrain.Slope(path[i - 1].X, path[i - 1].Y);
            (place.Weight.Gradient[0, 0], place.Weight.Gradient[0, 1]) = ((float)x, (float)y);
            optimizer.Step();
            path[i] = (place.Weight.Value[0, 0], place.Weight.Value[0, 1]);
        }

        return new Journey(optimizer.LearningRate, path, [.. path.Select(at => terrain.Height(at.X, at.Y))]);
    }
}
