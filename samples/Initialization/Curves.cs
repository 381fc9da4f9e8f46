using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Training curves with bad and good initial weights (L2.9): digits, plain SGD, everything else equal.</summary>
internal static class Curves
{
    private const int Width = 100, BatchSize = 50, Window = 20;
    private const double LearningRate = 0.05;

    public static void Run(SampleRun sample)
    {
        Dataset digits = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, test: 100).Train;
        SampleRun.Say($"SGD at {LearningRate}, batches of {BatchSize}, six hidden layers of {Width} units.");
        int steps = sample.Quick ? 120 : 1_600;
        Plot plot = Picture.New("The same network under five kinds of first weights", "step", $"loss (mean of {Window} batches)");
        (var last, var mean) = (new List<double>(), new List<double>());
        foreach ((int color, Start start) in Start.All.Index())
        {
            Sequential network = start.Build(digits.InputSize, Width, digits.TargetSize, sample.NewRandom());
            string name = $"{start.Name}, {start.ActivationName}";
            double[] losses = TrainingLoop.Losses(sample, name, network, new SGD(network, LearningRate), digits, BatchSize, steps);
            (double[] places, double[] means) = Lines.Smooth(losses, Window);
            plot.AddLine(places, means, name, color);
            last.Add(means[^1]);
            mean.Add(losses.Average());
        }

        HorizontalLine chance = plot.Add.HorizontalLine(Math.Log(10), 1, Colors.Black, LinePattern.Dashed);
        chance.LegendText = "chance, ln 10";
        plot.Axes.SetLimitsY(0, 4);
        sample.Save(plot, "initialization-curves.png");
        SampleRun.Print(
            ["weights", "activation", "mean loss", "last loss"],
            Start.All.Select((start, i) => new[] { start.Name, start.ActivationName, $"{mean[i]:0.000}", $"{last[i]:0.000}" }));
        sample.Claim("N(0, 0.01²) does not start to learn: its loss stays within 2 % of chance",
            Math.Abs((last[0] / Math.Log(10)) - 1) < 0.02, $"{last[0]:0.000}");
        sample.Claim("Xavier ends below both bad starts of tanh",
            last[2] < Math.Min(last[0], last[1]), $"{last[2]:0.000} against {last[0]:0.000} and {last[1]:0.000}");
        sample.Claim("He learns faster than Xavier where ReLU follows: its mean loss is lower", mean[4] < mean[3], $"{mean[4]:0.000} against {mean[3]:0.000}");
    }
}
