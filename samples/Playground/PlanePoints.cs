namespace NeuralTrain.Samples;

/// <summary>Points of the plane with their answer: a class, 0 or 1, or the value of a function.</summary>
internal static class PlanePoints
{
    /// <summary>The data of a setup, divided into a part to train on and one to test on.</summary>
    public static (Dataset Train, Dataset Test) Create(Setup setup)
    {
        var random = new Random(setup.Seed);
        double[][] points = setup.Data == "drawn"
            ? setup.Drawn
            : [.. Enumerable.Range(0, setup.Points).Select(i => Choices.Data[setup.Data].Point(random, i))];
        var noise = new float[2 * points.Length];
        if (setup.Data != "drawn" && setup.Noise > 0)
        {
            new Normal(setup.Noise).Fill(noise, 2, 2, random);
        }

        var all = Dataset.From(
            points.Index(),
            point => [(float)(setup.InputScale * (point.Item[0] + noise[2 * point.Index])), (float)(setup.InputScale * (point.Item[1] + noise[(2 * point.Index) + 1]))],
            point => [(float)point.Item[2]], inputNames: ["x", "y"]);
        return all.Split(1 - setup.TestShare, random);
    }

    public static double[] Circle(Random random, int i)
    {
        (double angle, bool inside) = (2 * Math.PI * random.NextDouble(), i % 2 == 0);
        double radius = inside ? 0.9 * Math.Sqrt(random.NextDouble()) : Between(random, 1.25, 1.9);
        return [radius * Math.Cos(angle), radius * Math.Sin(angle), inside ? 1 : 0];
    }

    public static double[] Xor(Random random, int i)
    {
        (double x, double y) = (Between(random, 0.15, 1.8), Between(random, 0.15, 1.8));
        (x, y) = (random.Next(2) == 0 ? x : -x, random.Next(2) == 0 ? y : -y);
        return [x, y, x * y < 0 ? 1 : 0];
    }

    public static double[] Spirals(Random random, int i)
    {
        double part = random.NextDouble(), radius = 0.15 + (1.75 * part), angle = (1.6 * 2 * Math.PI * part) + (i % 2 * Math.PI);
        return [radius * Math.Sin(angle), radius * Math.Cos(angle), i % 2];
    }

    public static double[] Moons(Random random, int i)
    {
        double angle = Math.PI * random.NextDouble();
        return i % 2 == 0
            ? [(1.3 * Math.Cos(angle)) - 0.6, (1.3 * Math.Sin(angle)) - 0.3, 0]
            : [0.6 - (1.3 * Math.Cos(angle)), 0.3 - (1.3 * Math.Sin(angle)), 1];
    }

    public static double[] Gaussians(Random random, int i)
    {
        float[] around = [0, 0];
        new Normal(0.4).Fill(around, 2, 2, random);
        return i % 2 == 0 ? [around[0] - 0.9, around[1] - 0.9, 0] : [around[0] + 0.9, around[1] + 0.9, 1];
    }

    public static double[] Plane(Random random, int i) => Function(random, (x, y) => (x + y) / 4);

    public static double[] Waves(Random random, int i) => Function(random, (x, y) => Math.Sin(2 * x) * Math.Cos(1.5 * y));

    private static double[] Function(Random random, Func<double, double, double> value)
    {
        (double x, double y) = (Between(random, -2, 2), Between(random, -2, 2));
        return [x, y, value(x, y)];
    }

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
