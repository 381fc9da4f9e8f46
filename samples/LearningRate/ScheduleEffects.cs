using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Each schedule as a curve, and what it does to the loss (L5.8 to L5.11): one network on two noisy moons, 100 epochs of SGD.</summary>
internal static class ScheduleEffects
{
    private const int Epochs = 100;
    private const double Rate = 0.5;

    public static void Run(SampleRun sample)
    {
        Dataset moons = PlaneData.Moons(sample.Quick ? 500 : 2_000, noise: 0.3, sample.NewRandom());
        (Schedule Schedule, string Name)[] schedules =
        [
            (new ConstantSchedule(), "constant"),
            (new ReduceOnPlateau(patience: 5, reduction: 0.5), "half on plateau (L5.8)"),
            (new MultiStepDecay([50, 75]), "steps 50, 25, 25 (L5.9)"),
            (new Cyclical(low: 0.02, up: 10, unit: ScheduleUnit.Epoch), "triangles (L5.10)"),
            (new WarmRestarts(period: 20), "warm restarts (L5.11)"),
            (new CosineDecay(), "cosine"),
            (new OneCycle(unit: ScheduleUnit.Epoch), "one cycle"),
        ];
        SampleRun.Say($"Training on {moons} (two moons, noise 0.3), SGD at {Rate} times the schedule, batches of 10, {Epochs} epochs.");
        var rates = new List<Plot>();
        Plot losses = Picture.New("What each schedule does to the loss", "epoch", "training loss (after the epoch)");
        var last = new List<double>();
        foreach (int i in sample.Steps("schedules", schedules.Length))
        {
            (Schedule schedule, string name) = schedules[i];
            IReadOnlyList<Epoch> epochs = Train(sample, schedule, moons);
            double[] numbers = [.. epochs.Select(epoch => (double)epoch.Number)];
            Plot chart = Picture.New(name, "epoch", i % 4 == 0 ? "learning rate" : "");
            chart.Add.ScatterLine(numbers, [.. epochs.Select(epoch => epoch.LearningRate)], Picture.Color(i)).LineWidth = 2;
            chart.Axes.SetLimitsY(0, Rate * 1.05);
            chart.Axes.Title.Label.FontSize = 12;
            rates.Add(chart);
            Scatter line = losses.Add.ScatterLine(numbers, [.. epochs.Select(epoch => epoch.Validation!.Loss)], Picture.Color(i));
            (line.LegendText, line.LineWidth) = (name, i == 0 ? 1 : 2);
            last.Add(epochs[^1].Validation!.Loss);
        }

        sample.Save(rates, columns: 4, "learning-rate-schedules.png", 800, 460);
        Picture.ShowLegend(losses, Edge.Bottom);
        sample.Save(losses, "learning-rate-losses.png", 800, 600);
        SampleRun.Print(["schedule", "last loss"], schedules.Select((one, i) => new[] { one.Name, $"{last[i]:0.0000}" }));
        for (int i = 1; i < last.Count; i++)
        {
            sample.Claim($"It ends below the constant rate: {schedules[i].Name}", last[i] < last[0], $"{last[i]:0.0000} against {last[0]:0.0000}");
        }
    }

    private static IReadOnlyList<Epoch> Train(SampleRun sample, Schedule schedule, Dataset moons)
    {
        Random random = sample.NewRandom();
        var network = new Sequential(new Linear(2, 32, random), new ReLU(), new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, Rate)) { BatchSize = 10, Schedule = schedule, Seed = (ulong)sample.Seed };

        // The training part is measured again after each epoch: in passing, each batch would see other weights.
        History history = trainer.Fit(moons, validation: moons, Epochs, sample.Stop);
        return history.Epochs;
    }
}
