namespace NeuralTrain.Samples;

/// <summary>The learning-rate finder (L5.7): the rate rises with each batch, from 10⁻⁸ to 10⁰ over 200 batches and further, until the loss explodes.</summary>
internal static class Finder
{
    public const int BatchSize = 50;

    public static Sequential NewNetwork(Dataset digits, Random random) =>
        new(new Linear(digits.InputSize, 100, random), new ReLU(), new Linear(100, digits.TargetSize, random));

    public static LearningRateCurve Run(SampleRun sample, Dataset digits)
    {
        Sequential network = NewNetwork(digits, sample.NewRandom());
        Matrix before = network.Predict(digits.Inputs);

        // The lecture's 25 batches for each power of ten, two of them further, where plain SGD has its limit.
        var options = new LearningRateFinderOptions { Lowest = 1e-8, Highest = 100, Batches = 250, BatchSize = BatchSize, Seed = (ulong)sample.Seed };
        LearningRateCurve curve = LearningRateFinder.Run(network, digits, new SoftmaxCrossEntropy(), new SGD(network), options);
        SampleRun.Say($"Finder: {curve}");
        sample.Save("learning-rate-finder.png", path => curve.SavePng(path));

        double[] early = [.. curve.Points.TakeWhile(point => point.LearningRate < 1e-5).Select(point => point.Loss)];
        (double first, double second) = (early.Take(early.Length / 2).Average(), early.Skip(early.Length / 2).Average());
        sample.Claim("Below 0.00001 nothing is learnt: the mean loss of the second half of those batches is that of the first within 5 %",
            Math.Abs((second / first) - 1) < 0.05, $"{first:0.000} and {second:0.000}");
        (double lowest, double highest) = (curve.Points.Min(point => point.Loss), curve.Points.Max(point => point.Loss));
        sample.Claim("The loss then falls below half of that, and explodes after it, beyond ten times chance",
            lowest < first / 2 && highest > 10 * Math.Log(10), $"down to {lowest:0.000}, up to {highest:g2}");
        sample.Claim("It suggests a rate in between", curve.Suggestion is > 1e-5 and < 1, $"{curve.Suggestion:g2}");
        sample.Claim("The network is untouched", before.Span.SequenceEqual(network.Predict(digits.Inputs).Span), $"{before.Span.Length} outputs compared");
        return curve;
    }
}
