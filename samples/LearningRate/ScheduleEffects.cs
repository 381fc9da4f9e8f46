namespace NeuralTrain.Samples;

/// <summary>Each schedule as a curve, and what it does to the loss (L5.8 to L5.11): one network on two noisy moons, 100 epochs of SGD.</summary>
internal static class ScheduleEffects
{
    private const int Epochs = 100, Columns = 4;
    private const double Rate = 0.5;

    private static readonly (string Name, Func<Schedule> Create)[] Schedules =
    [
        ("constant", () => new ConstantSchedule()),
        ("half on plateau (L5.8)", () => new ReduceOnPlateau(patience: 5, reduction: 0.5)),
        ("steps 50, 25, 25 (L5.9)", () => new MultiStepDecay([50, 75])),
        ("triangles (L5.10)", () => new Cyclical(low: 0.02, up: 10, unit: ScheduleUnit.Epoch)),
        ("warm restarts (L5.11)", () => new WarmRestarts(period: 20)),
        ("cosine", () => new CosineDecay()),
        ("one cycle", () => new OneCycle(unit: ScheduleUnit.Epoch)),
    ];

    public static void Run(SampleRun sample)
    {
        Dataset moons = PlaneData.Moons(sample.Quick ? 500 : 2_000, sample.NewRandom());
        const int starts = 5;
        SampleRun.Say($"Training on {moons} (two moons, noise 0.3), SGD at {Rate} times the schedule, batches of 10, {Epochs} epochs, {starts} random starts.");
        IReadOnlyList<Epoch>[][] courses = sample.RunAll(
            "schedules", Schedules, starts, (schedule, start) => Train(sample, schedule.Create(), moons, start));
        Spread[] last = [.. courses.Select(course => Spread.Of(course.Select(epochs => epochs[^1].Validation!.Loss)))];
        IReadOnlyList<Epoch>[] shown = [.. courses.Select(course => course[0])];
        int[] places = [.. Enumerable.Range(0, Schedules.Length)];

        // Each row of rates above its row of losses; the eighth place is empty.
        List<Plot> charts = [.. places.Chunk(Columns).SelectMany(row => (IEnumerable<Plot>)
            [.. row.Select(i => RateChart(shown, i)), .. Blanks(row), .. row.Select(i => LossChart(shown, i))])];
        sample.Save(charts, Columns, "learning-rate-schedules.png", 800, 800);
        SampleRun.Print(["schedule", "last loss, mean ± deviation"], places.Select(i => new[] { Schedules[i].Name, last[i].Text(4) }));
        foreach (int i in places[1..])
        {
            sample.ClaimAbove($"It ends below the constant rate: {Schedules[i].Name}", last[0], last[i], spread => spread.Text(4));
        }
    }

    private static Plot RateChart(IReadOnlyList<Epoch>[] courses, int place)
    {
        Plot chart = Picture.New(Schedules[place].Name, "epoch", place % Columns == 0 ? "learning rate" : "");
        chart.AddEpochs(courses[place], epoch => epoch.LearningRate, null, color: 0);
        chart.Axes.SetLimitsY(0, Rate * 1.05);
        chart.Axes.Title.Label.FontSize = 12;
        return chart;
    }

    // Its loss before that of the constant rate, in grey. The first fall, the same for all, would flatten the rest.
    private static Plot LossChart(IReadOnlyList<Epoch>[] courses, int place)
    {
        Plot chart = Picture.New(null, "epoch", place % Columns == 0 ? "training loss\n(grey: constant)" : "");
        foreach ((int course, Color color) in new[] { (0, Colors.LightGray), (place, Picture.Color(1)) })
        {
            chart.AddEpochs(courses[course], epoch => epoch.Validation!.Loss, null, color: 1).Color = color;
        }

        double[] later = [.. courses.SelectMany(course => course.Skip(5)).Select(epoch => epoch.Validation!.Loss)];
        chart.Axes.SetLimitsY(later.Min() - 0.005, later.Max() + 0.005);
        return chart;
    }

    private static IEnumerable<Plot> Blanks(int[] row) => Enumerable.Range(row.Length, Columns - row.Length).Select(_ =>
    {
        Plot blank = Picture.New(null, "", "");
        blank.HideAxesAndGrid();
        return blank;
    });

    private static IReadOnlyList<Epoch> Train(SampleRun sample, Schedule schedule, Dataset moons, int start)
    {
        Sequential network = Perceptron.New(sample.NewRandom(start), [2, 32, 32, 2]);
        Trainer trainer = sample.NewTrainer(network, new SGD(network, Rate));
        (trainer.BatchSize, trainer.Schedule, trainer.Seed) = (10, schedule, (ulong)(sample.Seed + start));

        // The training part is measured again after each epoch: in passing, each batch would see other weights.
        return sample.Fit(trainer, moons, validation: moons, Epochs).Epochs;
    }
}
