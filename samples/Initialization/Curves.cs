using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Training curves under bad first weights beside good ones (L2.9): digits, plain SGD, everything else equal.</summary>
internal static class Curves
{
    private const int Width = 100, BatchSize = 50, Window = 20;
    private const double LearningRate = 0.05;

    public static void Run(SampleRun sample)
    {
        Dataset digits = BuiltInDigits.Create(sample.Quick ? 2_000 : 10_000, sample.Seed);
        SampleRun.Say($"Training on {digits} (drawn by code), SGD at {LearningRate}, batches of {BatchSize}.");
        int epochs = sample.Quick ? 3 : 8;
        Plot plot = Picture.New("The same network under five kinds of first weights", "step", "loss (mean of 20 batches)");
        (var last, var mean) = (new List<double>(), new List<double>());
        foreach ((Start start, int color) in Start.All.Select((start, i) => (start, i)))
        {
            double[] losses = Train(sample, start, digits, epochs);
            double[] smooth = [.. losses.Chunk(Window).Select(window => window.Average())];
            Scatter line = plot.Add.ScatterLine([.. smooth.Select((_, i) => (double)i * Window)], smooth, Picture.Color(color));
            line.LegendText = $"{start.Name}, {start.ActivationName}";
            line.LineWidth = 2;
            last.Add(smooth[^1]);
            mean.Add(losses.Average());
        }

        HorizontalLine chance = plot.Add.HorizontalLine(Math.Log(10), 1, Colors.Black, LinePattern.Dashed);
        chance.LegendText = "chance, ln 10";
        plot.Axes.SetLimitsY(0, 4);
        Picture.ShowLegend(plot);
        sample.Save(plot, "initialization-curves.png");
        SampleRun.Print(
            ["weights", "activation", "mean loss", "last loss"],
            Start.All.Select((start, i) => new[] { start.Name, start.ActivationName, $"{mean[i]:0.000}", $"{last[i]:0.000}" }));
        sample.Claim("N(0, 0.01²) does not start to learn: its loss stays within 2 % of chance", Math.Abs((last[0] / Math.Log(10)) - 1) < 0.02, $"{last[0]:0.000}");
        sample.Claim("Xavier ends below both bad starts of tanh", last[2] < Math.Min(last[0], last[1]), $"{last[2]:0.000} against {last[0]:0.000} and {last[1]:0.000}");
        sample.Claim("He learns faster than Xavier where ReLU follows: its mean loss is lower", mean[4] < mean[3], $"{mean[4]:0.000} against {mean[3]:0.000}");
    }

    private static double[] Train(SampleRun sample, Start start, Dataset digits, int epochs)
    {
        Sequential network = start.Build(digits.InputSize, Width, digits.TargetSize, sample.NewRandom());
        (var loss, var optimizer) = (new SoftmaxCrossEntropy(), new SGD(network, LearningRate));
        var gradient = new Matrix(BatchSize, digits.TargetSize);
        var losses = new List<double>();
        foreach (int epoch in sample.Steps($"{start.Name}, {start.ActivationName}", epochs))
        {
            using BatchReader batches = digits.Read(new BatchPlan(BatchSize, ShuffleSeed: (ulong)sample.Seed, epoch));
            while (batches.Read())
            {
                losses.Add(loss.Evaluate(network.Forward(batches.Inputs), batches.Targets, gradient));
                network.Backward(gradient);
                optimizer.Step();
            }
        }

        return [.. losses];
    }
}
