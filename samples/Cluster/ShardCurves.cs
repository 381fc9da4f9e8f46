namespace NeuralTrain.Samples;

/// <summary>What more shards cost in accuracy: the same number of examples, learned by 1, 2, 4 and 8 shards that train apart and are averaged after each round, beside one machine that trains alone.</summary>
internal static class ShardCurves
{
    private const int LocalSteps = 100, BatchSize = 32, Most = 8;

    /// <summary>Trains them one after another in this process, and draws how the accuracy rises.</summary>
    public static async Task Run(SampleRun sample, int port)
    {
        (Dataset train, Dataset test) = Digits.Load(sample, sample.Quick ? 4_000 : 60_000, sample.Quick ? 1_000 : 10_000);
        int steps = (sample.Quick ? 2 : 24) * Most * LocalSteps;
        SampleRun.Say($"784-128-10, AdamW with a rate that falls along a cosine, batches of {BatchSize}, {LocalSteps} steps of each shard a round. Outer step as in DiLoCo.\n");
        List<Curve> curves = [];
        foreach (ParallelPlan plan in sample.Steps("Training", Plans(sample, steps))) curves.Add(await Train(sample, port, train, test, plan));
        SampleRun.Print(["training", "examples", "steps of one machine", "rounds", "accuracy", "loss"], curves.Select(curve => new[]
        {
            curve.Name, $"{curve.Plan.Rounds * curve.Plan.Shards * LocalSteps * BatchSize}", $"{curve.Plan.Rounds * LocalSteps}", $"{curve.Plan.Rounds}", $"{100 * curve.Last:0.00} %", $"{curve.Points[^1].Result.Loss:0.0000}",
        }));
        sample.Save("shards.png", path => Picture.SaveGrid([Chart(curves, "examples, all shards together", isOfAll: true), Chart(curves, "steps of one machine: the time, where each shard has one", isOfAll: false)], 1, path, 800, 760));
        (double alone, double shortly, double shared) = (curves[0].Last, curves[1].Last, curves[^1].Last);
        sample.Claim($"From the same examples {Most} shards learn less than one machine", shared < alone, $"{100 * shared:0.00} % against {100 * alone:0.00} %", needsFullRun: true);
        sample.Claim($"In the same time {Most} machines learn more than one", shared > shortly, $"{100 * shared:0.00} % against {100 * shortly:0.00} %", needsFullRun: true);
    }

    // One shard whose outer step goes all the way to its own weights is a machine that trains alone.
    private static ParallelPlan[] Plans(SampleRun sample, int steps) =>
    [
        new("alone", 1, steps / LocalSteps) { LocalSteps = LocalSteps, Seed = (ulong)sample.Seed, OuterRate = 1, OuterMomentum = 0 },
        new("shortly", 1, steps / LocalSteps / Most) { LocalSteps = LocalSteps, Seed = (ulong)sample.Seed, OuterRate = 1, OuterMomentum = 0 },
        .. new[] { 1, 2, 4, Most }.Select(shards => new ParallelPlan($"shards-{shards}", shards, steps / LocalSteps / shards) { LocalSteps = LocalSteps, Seed = (ulong)sample.Seed }),
    ];

    private static async Task<Curve> Train(SampleRun sample, int port, Dataset train, Dataset test, ParallelPlan plan)
    {
        var work = new DigitsWork(train, test, plan.Shards);
        var store = new FolderCheckpointStore(sample.PathOf("shards"));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(port, port + 1).AddMemoryGrainStorage(StudyCluster.Storage));
        builder.Services.AddSingleton(work).AddParallelTraining(plan).AddParallelWorker<DigitsWork>(plan, store);
        using IHost host = builder.Build();
        await host.StartAsync(sample.Stop);
        var points = new Points(plan.Shards * LocalSteps);
        await host.Services.GetRequiredService<IGrainFactory>().TrainAsync(plan, work, store, points, sample.Stop);
        await host.StopAsync(CancellationToken.None);
        Directory.Delete(store.Folder, recursive: true);
        return new Curve(plan, points.Seen);
    }

    private static Plot Chart(List<Curve> curves, string horizontal, bool isOfAll)
    {
        Plot plot = Picture.New(null, horizontal, "accuracy in percent");
        foreach ((int i, Curve curve) in curves.Index())
        {
            plot.AddLine(
                curve.Points.Select(point => isOfAll ? (double)point.Steps * BatchSize : (double)point.Steps / curve.Plan.Shards), curve.Points.Select(point => 100 * point.Result["accuracy"]), curve.Name, i,
                curve.IsAlone ? LinePattern.Dashed : null);
        }

        plot.Axes.SetLimitsY((100 * curves.Min(curve => curve.Last)) - 4, (100 * curves.Max(curve => curve.Last)) + 0.5);
        Picture.ShowLegend(plot);
        return plot;
    }

    private sealed record Point(int Steps, Evaluation Result);

    private sealed record Curve(ParallelPlan Plan, IReadOnlyList<Point> Points)
    {
        public bool IsAlone => Plan.OuterMomentum == 0;

        public double Last => Points[^1].Result["accuracy"];

        public string Name => IsAlone ? Plan.Name == "alone" ? "one machine alone" : $"alone, 1/{Most} of the time" : $"{Plan.Shards} shard{(Plan.Shards > 1 ? "s" : "")}";
    }

    private sealed class Points(int stepsOfRound) : IProgress<ParallelRound>
    {
        public List<Point> Seen { get; } = [];

        public void Report(ParallelRound value) => Seen.Add(new Point(value.Number * stepsOfRound, value.Validation!));
    }

    /// <summary>784-128-10 on digits that are dealt out to the shards one by one.</summary>
    private sealed class DigitsWork(Dataset train, Dataset test, int shards) : IParallelWork
    {
        public Dataset? Validation => test;

        public Trainer NewTrainer(Random random)
        {
            var network = new Sequential(new Linear(784, 128, random), new ReLU(), new Linear(128, 10, random));
            return new Trainer(network, new SoftmaxCrossEntropy(), new AdamW(network)) { BatchSize = BatchSize, Schedule = new CosineDecay() };
        }

        public Dataset Shard(int shard) => train.Select([.. Enumerable.Range(0, train.Count).Where(row => row % shards == shard)]);
    }
}
