namespace NeuralTrain.Tests.Orleans;

/// <summary>A small training with all that a shard must remember: moments, masks of dropout, running statistics, a schedule over all rounds.</summary>
internal class SpreadWork : IParallelWork
{
    public Action<Trainer> Change { get; init; } = _ => { };

    public Dataset? Validation { get; init; }

    /// <summary>The training of the tests that start processes.</summary>
    public static ParallelPlan Plan() => new("spread", shards: 3, rounds: 30) { LocalSteps = 200, Lease = TimeSpan.FromSeconds(2), Attempts = int.MaxValue };

    public Trainer NewTrainer(Random random)
    {
        var network = new Sequential(new Linear(3, 6, random), new BatchNorm(6), new ReLU(), new Dropout(0.2f, random), new Linear(6, 1, random));
        var trainer = new Trainer(network, new MeanSquaredError(), new AdamW(network, 0.01)) { BatchSize = 8, Schedule = new CosineDecay() };
        Change(trainer);
        return trainer;
    }

    public Dataset Shard(int shard)
    {
        var draw = new Random(shard);
        var inputs = new Matrix([.. Enumerable.Range(0, 40 * 3).Select(_ => draw.NextSingle() + (0.1f * shard))], 40, 3);
        return new Dataset(inputs, new Matrix([.. Enumerable.Range(0, 40).Select(row => (inputs[row, 0] * inputs[row, 1]) - inputs[row, 2])], 40, 1));
    }
}

/// <summary>The same, slow enough to be killed often.</summary>
internal sealed class SlowSpreadWork : SpreadWork
{
    public SlowSpreadWork() => Change = _ => Thread.Sleep(300);
}
