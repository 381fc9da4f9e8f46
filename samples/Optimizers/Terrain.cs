namespace NeuralTrain.Samples;

/// <summary>A height over the plane, with its slope: what the loss of two weights looks like.</summary>
internal sealed record Terrain(
    string Name, string Formula, Func<double, double, double> Height, Func<double, double, (double X, double Y)> Slope,
    (double X, double Y) Start, (double Left, double Right, double Bottom, double Top) Map)
{
    /// <summary>Twenty times as steep across as along.</summary>
    public static readonly Terrain Valley = new(
        "An elongated valley", "(x² + 20y²) / 20",
        (x, y) => ((x * x) + (20 * y * y)) / 20, (x, y) => (x / 10, 2 * y),
        Start: (-4, 1.2), Map: (-4.5, 2.5, -1.6, 1.6));

    /// <summary>Level at the origin, rising along x, falling along y; further out it rises again, so that there is an end.</summary>
    public static readonly Terrain Saddle = new(
        "Past a saddle", "½x² − ½y² + y⁴/16",
        (x, y) => (x * x / 2) - (y * y / 2) + (y * y * y * y / 16), (x, y) => (x, -y + (y * y * y / 4)),
        Start: (-1.5, 0.01), Map: (-1.8, 1.2, -0.6, 2.9));
}
