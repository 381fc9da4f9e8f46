namespace NeuralTrain.Samples;

/// <summary>What a trial does: two intertwined spirals, learnt with the rate, width and strength that the study suggests.</summary>
internal sealed class SpiralTrial : ITrialWork
{
    private readonly Dataset _train = PlaneData.Spiral(300, new Random(1), noise: 0.05, turns: 1.25);
    private readonly Dataset _validation = PlaneData.Spiral(1_000, new Random(2), noise: 0.05, turns: 1.25);

    /// <summary>The study, the same in every process.</summary>
    public static StudyPlan Plan(SampleRun sample) => new(
        "spirals", sample.Quick ? 12 : 40, Direction.Minimize, new TpeSampler((ulong)sample.Seed), new SuccessiveHalving(firstEpoch: 5, reduction: 3),
        new StudyOptions { Window = 4, CheckpointInterval = TimeSpan.Zero, Attempts = 20 })
    {
        Lease = TimeSpan.FromSeconds(3),
    };

    public Trainer Run(Trial trial)
    {
        int width = trial.SuggestWhole("width", 8, 64, log: true);
        var network = new Sequential(
            new Linear(2, width, trial.Random), new ReLU(), new Linear(width, width, trial.Random), new ReLU(), new Linear(width, 2, trial.Random));
        var optimizer = new Adam(network, trial.Suggest("rate", 1e-4, 1e-1, log: true)) { L2 = trial.Suggest("L2", 1e-6, 1e-2, log: true) };
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer) { Seed = trial.Seed, EarlyStopping = new EarlyStopping(patience: 20) };
        trial.Resume(trainer);
        foreach (Epoch epoch in trainer.Epochs(_train, _validation, epochs: 60, trial.CancellationToken))
        {
            if (trial.ShouldStop(epoch)) break;
        }

        return trainer;
    }
}
