namespace NeuralTrain.Samples;

/// <summary>Points of the plane in two classes, to be seen at a glance, with noise of some standard deviation in each coordinate.</summary>
public static class PlaneData
{
    /// <summary>Two half circles of radius 1 that reach into each other; with the default noise the classes overlap.</summary>
    public static Dataset Moons(int count, Random random, double noise = 0.3) => Create(count, noise, random, (part, isSecond) =>
    {
        double angle = Math.PI * part;
        return isSecond ? (1 - Math.Cos(angle), 0.5 - Math.Sin(angle)) : (Math.Cos(angle), Math.Sin(angle));
    });

    /// <summary>Two spiral arms around each other, which reach 1 from the middle.</summary>
    public static Dataset Spiral(int count, Random random, double noise, double turns) => Create(count, noise, random, (part, isSecond) =>
    {
        double angle = (2 * Math.PI * turns * part) + (isSecond ? Math.PI : 0), radius = 0.1 + (0.9 * part);
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    });

    private static Dataset Create(int count, double noise, Random random, Func<double, bool, (double X, double Y)> curve)
    {
        var inputs = new Matrix(count, 2);
        new Normal(noise).Fill(inputs.Span, 2, 2, random);
        for (int row = 0; row < count; row++)
        {
            (double x, double y) = curve(random.NextDouble(), row % 2 == 1);
            (inputs[row, 0], inputs[row, 1]) = (inputs[row, 0] + (float)x, inputs[row, 1] + (float)y);
        }

        Matrix targets = OneHot.Encode([.. Enumerable.Range(0, count).Select(row => row % 2)], 2);
        return new Dataset(inputs, targets, ["x", "y"], classes: ["first", "second"]);
    }
}
