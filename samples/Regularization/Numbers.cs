namespace NeuralTrain.Samples;

/// <summary>The lecture's figures: scaled weights make the same decision with more confidence (L4.1), and R prefers spread weights (L4.3).</summary>
internal static class Numbers
{
    public static void Run(SampleRun sample)
    {
        Matrix weights = new float[,] { { 0.016f, -0.002f, 0.003f }, { 0.003f, -0.006f, 0.006f }, { -0.004f, -0.006f, -0.008f } };
        Matrix input = new float[,] { { 10, 20, 30 } };
        var layer = new Linear(3, 3, new Random(0), bias: false);
        var network = new Sequential(layer, new Softmax());
        weights.CopyTo(layer.Weight.Value);
        double[] scores = network.Take(1).Predict(input).Doubles(), once = network.Predict(input).Doubles();
        weights.Span.ToArray().Select(weight => 10 * weight).ToArray().CopyTo(layer.Weight.Value.Span);
        double[] tenfold = network.Predict(input).Doubles();
        SampleRun.Print(["L4.1", "first", "second", "third"],
            [["scores", .. Cells(scores)], ["softmax with W", .. Cells(once)], ["softmax with 10·W", .. Cells(tenfold)]]);
        Compare("The scores are the lecture's 0.21, 0.09, −0.40", scores, [0.21, 0.09, -0.40], bound: 0.005);
        Compare("Softmax gives the lecture's 0.41, 0.36, 0.22", once, [0.41, 0.36, 0.22], bound: 0.005);

        // The lecture says "about": rounded, they are 0.77, 0.23, 0.00.
        Compare("With 10·W it gives the lecture's 0.76, 0.24, 0.00 to within 0.01", tenfold, [0.76, 0.24, 0.00], bound: 0.01);
        sample.Claim("Both decide for the same class", once.IndexOf(once.Max()) == tenfold.IndexOf(tenfold.Max()), "the first");

        // With x = (1, 1, 1, 1), the score is the sum of the weights.
        double[] single = [1, 0, 0, 0], spread = [0.25, 0.25, 0.25, 0.25];
        sample.Claim("L4.3: (1,0,0,0) and (¼,¼,¼,¼) score the same, and R prefers the second, 1 against ¼",
            single.Sum() == spread.Sum() && R(single) == 1 && R(spread) == 0.25,
            $"scores {single.Sum()} and {spread.Sum()}, R {R(single)} and {R(spread)}");

        void Compare(string expectation, double[] ours, double[] lecture, double bound) => sample.Claim(
            expectation, ours.Zip(lecture).All(pair => Math.Abs(pair.First - pair.Second) <= bound), string.Join(", ", Cells(ours)));
    }

    private static double R(double[] weights) => weights.Sum(weight => weight * weight);

    private static string[] Cells(double[] values) => [.. values.Select(value => SampleRun.Fixed(value, 4))];
}
