using System.Diagnostics;
using System.Globalization;

namespace NeuralTrain;

/// <summary>The estimated cost and gain of sharing a training between machines.</summary>
/// <remarks>
/// <para>With K shards of H steps of t seconds, P values of 4 bytes, S bytes of state (weights and the optimizer's moments), and a link to the store of B bytes a second that all share, a round with N workers takes</para>
/// <code>
/// ⌈K/N⌉·H·t + (K·(8P + S) + 4P·(K + 4)) / B + 0.1
/// </code>
/// <para>seconds: each shard reads the weights and writes its own and its state; one worker reads them all, with the weights and the velocity before, and writes both. Workers that have nothing to do ask every 0.05 s, before the mean and after it. One machine alone would take K·H·t.</para>
/// </remarks>
/// <param name="Shards">The number of shards K.</param>
/// <param name="LocalSteps">The steps H of a shard in a round.</param>
/// <param name="Values">The number of values P of the network.</param>
/// <param name="StateBytes">The bytes S of a shard's state.</param>
/// <param name="Step">The time t of a step on one machine.</param>
/// <param name="BytesPerSecond">The bandwidth B of the link to the store.</param>
public sealed record ParallelCost(int Shards, int LocalSteps, long Values, long StateBytes, TimeSpan Step, double BytesPerSecond)
{
    private const double Pauses = 0.1;

    /// <summary>The number of bytes that go to and from the store in a round.</summary>
    public long BytesOfRound => (Shards * ((8 * Values) + StateBytes)) + (4 * Values * (Shards + 4));

    /// <summary>The time of a round in which workers wait for the link, and for each other.</summary>
    public TimeSpan Transferring => TimeSpan.FromSeconds((BytesOfRound / BytesPerSecond) + Pauses);

    /// <summary>Whether it is worth a try: with a worker for each shard they train longer than they wait, and take more steps than one machine.</summary>
    public bool PaysOff => Transferring < ComputingWith(Shards) && Speedup(Shards) > 1;

    /// <summary>The time of a round in which workers train.</summary>
    /// <param name="workers">The number of workers, 1 or more.</param>
    public TimeSpan ComputingWith(int workers) => Step * ((double)LocalSteps * (((Shards - 1) / Guard.AtLeast(workers, 1, nameof(workers), "somebody has to train")) + 1));

    /// <summary>The speed-up of that number of workers over one machine that trains alone, for the same number of steps; 1 or less does not pay.</summary>
    /// <param name="workers">The number of workers, 1 or more.</param>
    public double Speedup(int workers) => Step * ((double)Shards * LocalSteps) / (ComputingWith(workers) + Transferring);

    /// <summary>Measures a step on this machine, and computes the rest.</summary>
    /// <param name="plan">The training.</param>
    /// <param name="work">Its code and data; shard 0 is trained for some steps and discarded.</param>
    public static ParallelCost Measure(ParallelPlan plan, IParallelWork work)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(work);
        const int Steps = 10, Repetitions = 4;
        Trainer trainer = ShardTraining.NewTrainer(plan, work, 0);
        var times = new List<TimeSpan>();
        long start = Stopwatch.GetTimestamp();
        foreach (Epoch unused in trainer.Epochs(ShardTraining.SourceOf(Steps, trainer, work.Shard(0)), epochs: Repetitions))
        {
            times.Add(Stopwatch.GetElapsedTime(start) / Steps);
            start = Stopwatch.GetTimestamp();
        }

        return Of(plan, trainer, times.Skip(1).Min());
    }

    /// <summary>The figures and what they mean, as <c>3,000,000 values, 500 steps of 21 ms: …</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Values:N0} values, {LocalSteps} steps of {Step.TotalMilliseconds:g3} ms: each of {Shards} shards trains {ComputingWith(Shards).TotalSeconds:g3} s a round, and {BytesOfRound / 1e6:N1} MB take {Transferring.TotalSeconds:g3} s with pauses at {BytesPerSecond / 1e6:g3} MB/s. ")
        + (PaysOff ? string.Create(CultureInfo.InvariantCulture, $"{Shards} workers are {Speedup(Shards):0.0} times as fast as one machine alone.")
        : "It does not pay: workers would wait longer than they train. Train on one machine, or take more local steps, larger batches or a faster line.");

    /// <summary>The same for a trainer that has trained, and a step that was measured.</summary>
    internal static ParallelCost Of(ParallelPlan plan, Trainer trainer, TimeSpan step)
    {
        using var state = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 4096, FileOptions.DeleteOnClose);
        trainer.SaveCheckpoint(state);
        return new ParallelCost(plan.Shards, plan.LocalSteps, WeightsFile.CountOf(trainer.Network), state.Length, step, plan.BytesPerSecond);
    }
}
