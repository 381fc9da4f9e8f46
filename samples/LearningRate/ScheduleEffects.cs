using ScottPlot;

namespace NeuralTrain.Samples;

/// <summary>Each schedule as a curve, and what it does to the loss (L5.8 to L5.11): one network on two noisy moons, 100 epochs of SGD.</summary>
internal static class ScheduleEffects
{
    private const int Epochs = 100, Columns = 4;
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
        IReadOnlyList<Epoch>[] courses = [.. sample.Steps("schedules", schedules.Length).Select(i => Train(sample, schedules[i].Schedule, moons))];
        double[] last = [.. courses.Select(epochs => epochs[^1].Validation!.Loss)];
        (IEnumerable<int> upper, IEnumerable<int> lower) = (Enumerable.Range(0, Columns), Enumerable.Range(Columns, schedules.Length - Columns));
        sample.Save(
            [
                .. upper.Select(i => RateChart(schedules[i].Name, courses[i], i)), .. upper.Select(i => LossChart(courses, i)),
                .. lower.Select(i => RateChart(schedules[i].Name, courses[i], i)), Empty(), .. lower.Select(i => LossChart(courses, i)),
            ],
            Columns, "learning-rate-schedules.png", 800, 800);
        SampleRun.Print(["schedule", "last loss"], schedules.Select((one, i) => new[] { one.Name, $"{last[i]:0.0000}" }));
        for (int i = 1; i < last.Length; i++)
        {
            sample.Claim($"It ends below the constant rate: {schedules[i].Name}", last[i] < last[0], $"{last[i]:0.0000} against {last[0]:0.0000}");
        }
    }

    private static Plot RateChart(string name, IReadOnlyList<Epoch> epochs, int place)
    {
        Plot chart = Picture.New(name, "epoch", place % Columns == 0 ? "learning rate" : "");
        chart.Add.ScatterLine(Numbers(epochs), [.. epochs.Select(epoch => epoch.LearningRate)], Picture.Color(0)).LineWidth = 2;
        chart.Axes.SetLimitsY(0, Rate * 1.05);
        chart.Axes.Title.Label.FontSize = 12;
        return chart;
    }

    // Its loss before that of the constant rate, in grey.
    private static Plot LossChart(IReadOnlyList<Epoch>[] courses, int place)
    {
        Plot chart = Picture.New(null, "epoch", place % Columns == 0 ? "training loss\n(grey: constant)" : "");
        foreach ((int course, Color color) in new[] { (0, Colors.LightGray), (place, Picture.Color(1)) })
        {
            double[] losses = [.. courses[course].Select(epoch => epoch.Validation!.Loss)];
            chart.Add.ScatterLine(Numbers(courses[course]), losses, color).LineWidth = 1.5f;
        }

        chart.Axes.SetLimitsY(0.18, 0.3);
        return chart;
    }

    // In the place of an eighth schedule.
    private static Plot Empty()
    {
        Plot chart = Picture.New(null, "", "");
        chart.HideAxesAndGrid();
        return chart;
    }

    private static double[] Numbers(IReadOnlyList<Epoch> epochs) => [.. epochs.Select(epoch => (double)epoch.Number)];

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
