namespace NeuralTrain.Samples;

/// <summary>The lecture's figures: scaled weights decide the same and are surer of it (L4.1), and R prefers spread weights (L4.3).</summary>
internal static class Numbers
{
    public static void Run(SampleRun sample)
    {
        Matrix weights = new float[,] { { 0.016f, -0.002f, 0.003f }, { 0.003f, -0.006f, 0.006f }, { -0.004f, -0.006f, -0.008f } };
        Matrix input = new float[,] { { 10, 20, 30 } };
        var layer = new Linear(3, 3, new Random(0), bias: false);
        weights.CopyTo(layer.Weight.Value);
        var network = new Sequential(layer, new Softmax());
        (float[] scores, float[] once) = (Values(layer, input), Values(network, input));
        foreach (ref float weight in layer.Weight.Value.Span)
        {
            weight *= 10;
        }

        float[] tenfold = Values(network, input);
        SampleRun.Print(["L4.1", "first", "second", "third"], [Row("scores", scores), Row("softmax with W", once), Row("softmax with 10·W", tenfold)]);
        sample.Claim("The scores are the lecture's 0.21, 0.09, −0.40", AreNear(scores, 0.005, 0.21, 0.09, -0.40), Text(scores));
        sample.Claim("Softmax gives the lecture's 0.41, 0.36, 0.22", AreNear(once, 0.005, 0.41, 0.36, 0.22), Text(once));

        // The lecture says "about": rounded, they are 0.77, 0.23, 0.00.
        sample.Claim("With 10·W it gives the lecture's 0.76, 0.24, 0.00 to within 0.01", AreNear(tenfold, 0.01, 0.76, 0.24, 0.00), Text(tenfold));
        sample.Claim("Both decide for the same class", Array.IndexOf(once, once.Max()) == Array.IndexOf(tenfold, tenfold.Max()), "the first");

        float[] ones = [1, 1, 1, 1], single = [1, 0, 0, 0], spread = [0.25f, 0.25f, 0.25f, 0.25f];
        (float scoreOfSingle, float scoreOfSpread) = (Dot(ones, single), Dot(ones, spread));
        (float penaltyOfSingle, float penaltyOfSpread) = (Dot(single, single), Dot(spread, spread));
        sample.Claim("L4.3: (1,0,0,0) and (¼,¼,¼,¼) score the same, and R prefers the second, 1 against ¼",
            scoreOfSingle == scoreOfSpread && penaltyOfSingle == 1 && penaltyOfSpread == 0.25f, $"scores {scoreOfSingle} and {scoreOfSpread}, R {penaltyOfSingle} and {penaltyOfSpread}");
    }

    private static float[] Values(Layer layer, Matrix input)
    {
        var output = new Matrix(1, 3);
        layer.Infer(input, output);
        return output.Span.ToArray();
    }

    private static bool AreNear(float[] values, double bound, params double[] expected) =>
        values.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= bound);

    private static float Dot(float[] first, float[] second) => first.Zip(second, (a, b) => a * b).Sum();

    private static string[] Row(string name, float[] values) => [name, .. values.Select(value => $"{value:0.0000}")];

    private static string Text(float[] values) => string.Join(", ", values.Select(value => $"{value:0.0000}"));
}
