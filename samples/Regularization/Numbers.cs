namespace NeuralTrain.Samples;

/// <summary>The lecture's figures: scaled weights decide the same and are surer of it (L4.1), and R prefers spread weights (L4.3).</summary>
internal static class Numbers
{
    public static void Run(SampleRun sample)
    {
        Matrix weights = new float[,] { { 0.016f, -0.002f, 0.003f }, { 0.003f, -0.006f, 0.006f }, { -0.004f, -0.006f, -0.008f } };
        (double[] scores, double[] once) = Scores(weights, scale: 1);
        (_, double[] tenfold) = Scores(weights, scale: 10);
        SampleRun.Print(["L4.1", "first", "second", "third"], [["scores", .. Cells(scores)], ["softmax with W", .. Cells(once)], ["softmax with 10·W", .. Cells(tenfold)]]);
        sample.Claim("The scores are the lecture's 0.21, 0.09, −0.40", AreNear(scores, 0.005, 0.21, 0.09, -0.40), Text(scores));
        sample.Claim("Softmax gives the lecture's 0.41, 0.36, 0.22", AreNear(once, 0.005, 0.41, 0.36, 0.22), Text(once));

        // The lecture says "about": rounded, they are 0.77, 0.23, 0.00.
        sample.Claim("With 10·W it gives the lecture's 0.76, 0.24, 0.00 to within 0.01", AreNear(tenfold, 0.01, 0.76, 0.24, 0.00), Text(tenfold));
        sample.Claim("Both decide for the same class", Array.IndexOf(once, once.Max()) == Array.IndexOf(tenfold, tenfold.Max()), "the first");

        Matrix ones = new float[,] { { 1, 1, 1, 1 } }, single = new float[,] { { 1, 0, 0, 0 } }, spread = new float[,] { { 0.25f, 0.25f, 0.25f, 0.25f } };
        (double ofSingle, double ofSpread) = (Dot(ones, single), Dot(ones, spread));
        (double penalty, double penaltyOfSpread) = (Dot(single, single), Dot(spread, spread));
        sample.Claim("L4.3: (1,0,0,0) and (¼,¼,¼,¼) score the same, and R prefers the second, 1 against ¼",
            ofSingle == ofSpread && penalty == 1 && penaltyOfSpread == 0.25, $"scores {ofSingle} and {ofSpread}, R {penalty} and {penaltyOfSpread}");
    }

    private static (double[] Scores, double[] Probabilities) Scores(Matrix weights, float scale)
    {
        var layer = new Linear(3, 3, new Random(0), bias: false);
        weights.CopyTo(layer.Weight.Value);
        foreach (ref float weight in layer.Weight.Value.Span)
        {
            weight *= scale;
        }

        Matrix input = new float[,] { { 10, 20, 30 } };
        return (new Sequential(layer.Clone()).Predict(input).Doubles(), new Sequential(layer, new Softmax()).Predict(input).Doubles());
    }

    private static bool AreNear(double[] values, double bound, params double[] expected) => values.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= bound);

    private static double Dot(Matrix first, Matrix second) => first.Doubles().Zip(second.Doubles(), (a, b) => a * b).Sum();

    private static string[] Cells(double[] values) => [.. values.Select(value => SampleRun.Fixed(value, 4))];

    private static string Text(double[] values) => string.Join(", ", Cells(values));
}
