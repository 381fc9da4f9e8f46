namespace NeuralTrain.Samples;

/// <summary>Points of the plane in two classes, to be seen at a glance: moons and spirals with noise.</summary>
public static class PlaneData
{
    private static readonly string[] Names = ["x", "y"], Classes = ["first", "second"];

    /// <summary>Two half circles that reach into each other.</summary>
    /// <param name="count">How many points, half of them in each class.</param>
    /// <param name="random">What they are drawn from.</param>
    /// <param name="noise">The standard deviation of each coordinate; the circles have radius 1, so that with 0.3 the classes overlap.</param>
    public static Dataset Moons(int count, Random random, double noise = 0.3) => Create(count, noise, random, (part, isSecond) =>
    {
        double angle = Math.PI * part;
        return isSecond ? (1 - Math.Cos(angle), 0.5 - Math.Sin(angle)) : (Math.Cos(angle), Math.Sin(angle));
    });

    /// <summary>Two spiral arms around each other.</summary>
    /// <param name="count">How many points, half of them in each class.</param>
    /// <param name="random">What they are drawn from.</param>
    /// <param name="noise">The standard deviation of each coordinate; the arms reach 1 from the middle.</param>
    /// <param name="turns">How often each arm goes around.</param>
    public static Dataset Spiral(int count, Random random, double noise, double turns) => Create(count, noise, random, (part, isSecond) =>
    {
        double angle = (2 * Math.PI * turns * part) + (isSecond ? Math.PI : 0), radius = 0.1 + (0.9 * part);
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    });

    private static Dataset Create(int count, double noise, Random random, Func<double, bool, (double X, double Y)> curve)
    {
        var normal = new Normal(noise);
        var inputs = new Matrix(count, 2);
        normal.Fill(inputs.Span, 2, 2, random);
        for (int row = 0; row < count; row++)
        {
            (double x, double y) = curve(random.NextDouble(), row % 2 == 1);
            (inputs[row, 0], inputs[row, 1]) = (inputs[row, 0] + (float)x, inputs[row, 1] + (float)y);
        }

        return new Dataset(inputs, OneHot.Encode([.. Enumerable.Range(0, count).Select(row => row % 2)], 2), Names, classes: Classes);
    }
}
