namespace NeuralTrain.Samples;

/// <summary>Reading the learning rate off the loss (L7.3): too low, good, too high, far too high.</summary>
internal static class FourCurves
{
    private const int Window = 20;
    private const double Ceiling = 4;

    public static void Run(SampleRun sample, Dataset digits, LearningRateCurve found)
    {
        // The usual reading of the finder's picture, a tenth of the rate of the lowest loss; then far below it, and beyond where the loss turned up.
        double good = found.MinimumOverTen ?? throw new InvalidDataException(found.Reason);
        (string Name, double Rate)[] rates = [("too low", good / 100), ("good", good), ("too high", 100 * good), ("far too high", 1_000 * good)];
        Plot plot = Picture.New("Reading the learning rate off the loss", "step", $"loss (mean of {Window} batches; cut at {Ceiling:0})");
        var courses = new List<double[]>();
        foreach ((int i, (string name, double rate)) in rates.Index())
        {
            Sequential network = Finder.NewNetwork(digits, sample.NewRandom());
            double[] losses = TrainingLoop.Losses(sample, name, network, new SGD(network, rate), digits, Finder.BatchSize, sample.Quick ? 160 : 1_600);
            (double[] steps, double[] means) = Lines.Smooth(losses, Window);
            courses.Add(means);
            plot.AddLine(steps, means.Select(loss => Math.Min(loss, Ceiling)), $"{name}, {rate:g2}", i);
        }

        plot.Axes.SetLimitsY(0, Ceiling * 1.02);
        sample.Save(plot, "learning-rate-curves.png");
        SampleRun.Print(["rate", "", "first loss", "last loss"], rates.Zip(courses).Select(one => new[]
            { one.First.Name, $"{one.First.Rate:g2}", Number(one.Second[0]), Number(one.Second[^1]) }));
        double[] last = [.. courses.Select(course => course[^1])];
        sample.Claim("The good rate ends lowest", last[1] == last.Min(), $"{last[1]:0.000}");
        double[] fourths = [.. courses[0].Chunk(courses[0].Length / 4).Select(part => part.Average())];
        sample.Claim("The low one is still falling in its last fourth, and ends above it", fourths[3] < fourths[2] && last[0] > last[1],
            $"mean {fourths[3]:0.000} after {fourths[2]:0.000}, last {last[0]:0.000}");
        sample.Claim("The high one gets stuck above the good one, without running away", last[2] > last[1] && last[2] < last[3], $"{last[2]:0.000}");
        sample.Claim("The far too high one never gets below chance, ln 10", courses[3].Min() >= Math.Log(10), $"at least {Number(courses[3].Min())}");
    }

    private static string Number(double loss) => loss < 1e4 ? $"{loss:0.000}" : $"{loss:0e+0}";
}
