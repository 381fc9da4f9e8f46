namespace NeuralTrain.Tests.Orleans;

/// <summary>A small training, the sign of a product, whose trial survives its process.</summary>
internal sealed class ProductTrial(int pause) : ITrialWork
{
    private static readonly Dataset Data = NewData();

    /// <summary>A study of it.</summary>
    public static StudyPlan Plan(string name, int trials) => new(name, trials, Direction.Minimize, new TpeSampler(5, startup: 4), new SuccessiveHalving(2, 3),
        new StudyOptions { Window = 3, CheckpointInterval = TimeSpan.Zero, Attempts = int.MaxValue })
    {
        Lease = TimeSpan.FromSeconds(2),
    };

    /// <summary>What it comes to in one process.</summary>
    public static string[] Undisturbed(int trials)
    {
        Study study = new(Direction.Minimize, new TpeSampler(5, startup: 4), new SuccessiveHalving(2, 3), new StudyOptions { Window = 3 });
        study.Run(trials, 1, new ProductTrial(0).Run);
        return Lines(study.Trials);
    }

    /// <summary>All that must be the same, to the last bit.</summary>
    public static string[] Lines(IReadOnlyList<TrialResult> trials) => [.. trials.Select(trial =>
        $"{trial} {trial.Status} {trial.Message} {string.Join(" ", trial.Coordinates.Select(value => $"{value.Value:R}"))} {trial.Score:R} {string.Join(" ", trial.Reports.Select(report => $"{report.Epoch}:{report.Value:R}"))}")];

    public Trainer Run(Trial trial)
    {
        int width = trial.SuggestWhole("width", 4, 32, log: true);
        var network = new Sequential(new Linear(4, width, trial.Random), new Tanh(), new Dropout(0.1f, trial.Random), new Linear(width, 1, trial.Random));
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network, trial.Suggest("rate", 1e-4, 1e-1, log: true))) { Seed = trial.Seed };
        trial.Resume(trainer);
        foreach (Epoch epoch in trainer.Epochs(Data, epochs: 7, cancellationToken: trial.CancellationToken))
        {
            if (trial.ShouldStop(epoch)) break;
            Thread.Sleep(pause);
        }

        return trainer;
    }

    private static Dataset NewData()
    {
        var draw = new Random(3);
        var inputs = new Matrix([.. Enumerable.Range(0, 64 * 4).Select(_ => draw.NextSingle() - 0.5f)], 64, 4);
        return new Dataset(inputs, new Matrix([.. Enumerable.Range(0, 64).Select(row => inputs[row, 0] * inputs[row, 1] > 0 ? 1f : 0f)], 64, 1));
    }
}
