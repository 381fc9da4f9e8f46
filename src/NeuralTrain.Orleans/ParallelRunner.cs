using System.Diagnostics;

namespace NeuralTrain;

/// <summary>Does parts of a shared training, from the store and back to it. It keeps the shard it trained last, so that the next round of it need not read what is in memory.</summary>
internal sealed class ParallelRunner(ParallelPlan plan, IParallelWork work, ICheckpointStore store) : IDisposable
{
    private ShardTraining? _kept;

    /// <summary>The shard that is in memory; −1 for none.</summary>
    public int Shard => _kept?.Shard ?? -1;

    /// <summary>What sharing the training costs, by the first round that was trained here; null before.</summary>
    public ParallelCost? Cost { get; private set; }

    /// <summary>Does a part; null if it was cancelled.</summary>
    /// <exception cref="IOException">The store cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">What is in the store is damaged or missing.</exception>
    public PartReport? Run(ParallelLease lease, CancellationToken cancellationToken) =>
        lease.Part < plan.Shards ? Train(lease, cancellationToken) : lease.Round < 0 ? Begin() : Average(lease.Round);

    /// <summary>The network after the last round; what else there is in the store is removed.</summary>
    public static Sequential Result(ParallelPlan plan, IParallelWork work, ICheckpointStore store)
    {
        Sequential network = ShardTraining.NewTrainer(plan, work, 0).Network;
        float[] weights = new float[WeightsFile.CountOf(network)];
        WeightsFile.Read(store, plan.WeightsName(plan.Rounds), weights);
        WeightsFile.Fill(network, weights);
        plan.Forget(store, plan.Rounds - 1);
        store.Delete(plan.VelocityName(plan.Rounds));
        return network;
    }

    /// <summary>Discards the shard's training.</summary>
    public void Dispose()
    {
        _kept?.Dispose();
        _kept = null;
    }

    private PartReport? Train(ParallelLease lease, CancellationToken cancellationToken)
    {
        // A training that was cut short, or is of another shard or round, is of no use.
        ShardTraining? training = _kept;
        _kept = null;
        long start = Stopwatch.GetTimestamp();
        try
        {
            if (training is null || training.Shard != lease.Part || training.RoundsDone != lease.Round)
            {
                training?.Dispose();
                training = new ShardTraining(plan, work, store, lease.Part, lease.Round);
            }

            float[] weights = new float[WeightsFile.CountOf(training.Trainer.Network)];
            WeightsFile.Read(store, plan.WeightsName(lease.Round), weights);
            WeightsFile.Fill(training.Trainer.Network, weights);
            TimeSpan read = Stopwatch.GetElapsedTime(start);
            if (training.Next(cancellationToken) is not Epoch epoch) return null;
            long trained = Stopwatch.GetTimestamp();
            WeightsFile.Write(store, plan.ShardWeightsName(lease.Round, lease.Part), WeightsFile.Of(training.Trainer.Network));
            store.Write(plan.ShardStateName(lease.Round, lease.Part), training.Trainer.SaveCheckpoint);
            _kept = training;
            TimeSpan computing = Stopwatch.GetElapsedTime(start, trained) - read, transferring = Stopwatch.GetElapsedTime(start) - computing;
            Cost ??= ParallelCost.Of(plan, training.Trainer, computing / plan.LocalSteps);
            return new PartReport(epoch.Training.Loss, null, computing, transferring);
        }
        finally
        {
            if (_kept is null) training?.Dispose();
        }
    }

    private PartReport Begin()
    {
        long start = Stopwatch.GetTimestamp();
        WeightsFile.Write(store, plan.WeightsName(0), WeightsFile.Of(ShardTraining.NewTrainer(plan, work, 0).Network));
        return new PartReport(0, null, default, Stopwatch.GetElapsedTime(start));
    }

    private PartReport Average(int round)
    {
        long start = Stopwatch.GetTimestamp();
        Trainer trainer = ShardTraining.NewTrainer(plan, work, 0);
        IReadOnlyList<(string Path, Parameter Parameter)> parameters = trainer.Network.NamedParameters();
        int count = WeightsFile.CountOf(trainer.Network);
        float[] weights = new float[count], velocity = new float[count], shard = new float[count];
        double[] sums = new double[count];
        WeightsFile.Read(store, plan.WeightsName(round), weights);
        if (round > 0 && plan.OuterMomentum > 0) WeightsFile.Read(store, plan.VelocityName(round), velocity);
        for (int k = 0; k < plan.Shards; k++)
        {
            WeightsFile.Read(store, plan.ShardWeightsName(round, k), shard);
            for (int i = 0; i < count; i++) sums[i] += shard[i];
        }

        int first = 0;
        foreach ((_, Parameter parameter) in parameters)
        {
            int length = parameter.Value.Span.Length;
            Span<float> own = weights.AsSpan(first, length), moving = velocity.AsSpan(first, length);
            OuterStep(own, moving, sums.AsSpan(first, length), parameter.IsStatistic);
            first += length;
        }

        WeightsFile.Write(store, plan.WeightsName(round + 1), weights);
        if (plan.OuterMomentum > 0) WeightsFile.Write(store, plan.VelocityName(round + 1), velocity);
        Evaluation? validation = null;
        if (work.Validation is Dataset data)
        {
            WeightsFile.Fill(trainer.Network, weights);
            validation = trainer.Network.Evaluate(data, trainer.Loss, [.. trainer.Metrics]);
        }

        // Not this round: when the process ends before that is known, the mean is taken again.
        if (round > 0) plan.Forget(store, round - 1);
        return new PartReport(0, validation, default, Stopwatch.GetElapsedTime(start));
    }

    // What a layer measures, such as a running mean, is averaged; there is no direction to follow.
    private void OuterStep(Span<float> weights, Span<float> velocity, ReadOnlySpan<double> sums, bool isStatistic)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            double mean = sums[i] / plan.Shards, step = weights[i] - mean;
            if (isStatistic)
            {
                weights[i] = (float)mean;
                continue;
            }

            double moved = (plan.OuterMomentum * velocity[i]) + step;
            velocity[i] = (float)moved;
            weights[i] = (float)(weights[i] - (plan.OuterRate * (step + (plan.OuterMomentum * moved))));
        }
    }
}

/// <summary>The training of one shard, round after round; each is an epoch of its trainer.</summary>
internal sealed class ShardTraining : IDisposable
{
    private readonly CancellationTokenSource _ends = new();
    private readonly IEnumerator<Epoch> _rounds;

    /// <summary>Brings it to the beginning of a round: from scratch, or from what the round before left in the store.</summary>
    public ShardTraining(ParallelPlan plan, IParallelWork work, ICheckpointStore store, int shard, int round)
    {
        (Shard, RoundsDone) = (shard, round);
        Trainer = NewTrainer(plan, work, shard);
        if (round > 0)
        {
            string name = plan.ShardStateName(round - 1, shard);
            using Stream state = store.Open(name)
                ?? throw new InvalidDataException($"'{name}' is not in the checkpoint store, where another worker has written it. Give all workers the same store, and restore the file if it was removed.");
            Trainer.Resume(state);
        }

        _rounds = Trainer.Epochs(SourceOf(plan.LocalSteps, Trainer, work.Shard(shard)), epochs: plan.Rounds, cancellationToken: _ends.Token).GetEnumerator();
    }

    /// <summary>The shard.</summary>
    public int Shard { get; }

    /// <summary>The number of rounds it has trained.</summary>
    public int RoundsDone { get; private set; }

    /// <summary>The trainer.</summary>
    public Trainer Trainer { get; }

    /// <summary>The trainer of a shard, which differs from the others in what is drawn.</summary>
    /// <exception cref="ArgumentException">It has settings that a shard alone cannot have.</exception>
    public static Trainer NewTrainer(ParallelPlan plan, IParallelWork work, int shard)
    {
        Trainer trainer = work.NewTrainer(Seeds.RandomOf(plan.Seed, shard, "shard"));
        trainer.Seed = Seeds.Of(plan.Seed, shard, "order of a shard");
        string? flaw = trainer.EarlyStopping is not null ? "has EarlyStopping, but no shard ends alone: choose the number of rounds"
            : trainer.Checkpoint is not null ? "has a Checkpoint, but its state goes to the checkpoint store automatically: leave Checkpoint out"
            : !trainer.Shuffle ? "does not shuffle, but a round draws its rows: leave Shuffle at true" : null;
        return flaw is null ? trainer : throw new ArgumentException($"The trainer of a shard {flaw}.");
    }

    /// <summary>That number of steps over the data of a shard as an epoch.</summary>
    public static RoundSource SourceOf(int steps, Trainer trainer, Dataset shard) => new(shard, checked(steps * trainer.AccumulationSteps), trainer.BatchSize);

    /// <summary>Trains a round; null if it was cancelled.</summary>
    public Epoch? Next(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration link = cancellationToken.Register(_ends.Cancel);
        if (!_rounds.MoveNext()) return null;
        RoundsDone++;
        return _rounds.Current;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _rounds.Dispose();
        _ends.Dispose();
    }
}
