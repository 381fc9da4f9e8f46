using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Reading the learning rate off the loss (L7.3): too low, good, too high, far too high.</summary>
internal static class FourCurves
{
    private const int Window = 20;
    private const double Ceiling = 4;

    public static void Run(SampleRun sample, Dataset digits, LearningRateCurve found)
    {
        // Read off the finder's picture: where the loss fell fastest, far below it, and beyond where it turned up.
        double good = found.Steepest ?? throw new InvalidOperationException(found.Reason);
        (string Name, double Rate)[] rates = [("too low", good / 300), ("good", good), ("too high", 30 * good), ("far too high", 300 * good)];
        Plot plot = Picture.New("Reading the learning rate off the loss", "step", $"loss (mean of {Window} batches; cut at {Ceiling:0})");
        var courses = new List<double[]>();
        foreach ((string name, double rate) in rates)
        {
            double[] losses = Train(sample, digits, rate, sample.Quick ? 4 : 8);
            courses.Add([.. losses.Chunk(Window).Select(window => window.Average())]);
            double[] steps = [.. courses[^1].Select((_, i) => (i + 0.5) * Window)], shown = [.. courses[^1].Select(loss => Math.Min(loss, Ceiling))];
            Scatter line = plot.Add.ScatterLine(steps, shown, Picture.Color(courses.Count - 1));
            (line.LegendText, line.LineWidth) = ($"{name}, {rate:g2}", 2);
        }

        plot.Axes.SetLimitsY(0, Ceiling * 1.02);
        Picture.ShowLegend(plot);
        sample.Save(plot, "learning-rate-curves.png");
        SampleRun.Print(["rate", "", "first loss", "last loss"], rates.Zip(courses).Select(one => new[]
            { one.First.Name, $"{one.First.Rate:g2}", $"{one.Second[0]:0.000}", $"{one.Second[^1]:0.000}" }));
        double[] last = [.. courses.Select(course => course[^1])];
        sample.Claim("The good rate ends lowest", last[1] == last.Min(), $"{last[1]:0.000}");
        sample.Claim("The low one is still falling at the end, above it", last[0] < courses[0][0] && last[0] > last[1], $"{last[0]:0.000}");
        sample.Claim("The high one gets stuck above the good one, without running away", last[2] > last[1] && last[2] < last[3], $"{last[2]:0.000}");
        sample.Claim("The far too high one never gets below chance, ln 10", courses[3].Min() >= Math.Log(10), $"{courses[3].Min():g3}");
    }

    // The loop of the lecture, every step visible.
    private static double[] Train(SampleRun sample, Dataset digits, double rate, int epochs)
    {
        Sequential network = Finder.NewNetwork(digits, sample.NewRandom());
        (var loss, var optimizer) = (new SoftmaxCrossEntropy(), new SGD(network, rate));
        var gradient = new Matrix(Finder.BatchSize, digits.TargetSize);
        var losses = new List<double>();
        foreach (int epoch in sample.Steps($"rate {rate:g2}", epochs))
        {
            using BatchReader batches = digits.Read(new BatchPlan(Finder.BatchSize, ShuffleSeed: (ulong)sample.Seed, epoch));
            while (batches.Read())
            {
                Matrix part = gradient.SliceRows(0, batches.Inputs.Rows);
                try
                {
                    losses.Add(loss.Evaluate(network.Forward(batches.Inputs), batches.Targets, part));
                }
                catch (NotFiniteNumberException)
                {
                    // The weights have run away; what follows would be NaN.
                    return [.. losses];
                }

                network.Backward(part);
                optimizer.Step();
            }
        }

        return [.. losses];
    }
}
