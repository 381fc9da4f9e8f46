namespace NeuralTrain;

/// <summary>Keeps the progress of a shared training; its key is the plan's name. Every call may be repeated: calls are idempotent.</summary>
/// <remarks>Workers call it. No training runs in it, and no weights pass through it.</remarks>
[Alias("NeuralTrain.IParallelGrain")]
public interface IParallelGrain : IGrainWithStringKey
{
    /// <summary>Gives out a part of the round: a shard, or the mean.</summary>
    /// <param name="settings">The settings of the worker's plan, which must be those of the training.</param>
    /// <param name="preferred">The shard the worker had last; −1 for none.</param>
    /// <exception cref="ArgumentException">They are not; all differences are listed.</exception>
    [Alias("Ask")]
    Task<ParallelTurn> Ask(SortedDictionary<string, string> settings, int preferred);

    /// <summary>Renews a lease.</summary>
    /// <param name="lease">The part and the attempt.</param>
    /// <returns>Whether this is still the part's present attempt.</returns>
    [Alias("Renew")]
    Task<bool> Renew(ParallelLease lease);

    /// <summary>Ends a part: its files are in the store.</summary>
    /// <param name="lease">The part and the attempt.</param>
    /// <param name="report">Its result.</param>
    [Alias("Finish")]
    Task Finish(ParallelLease lease, PartReport report);

    /// <summary>Hands a part back in an orderly way.</summary>
    /// <param name="lease">The part and the attempt.</param>
    [Alias("Release")]
    Task Release(ParallelLease lease);

    /// <summary>Ends the training, because a part cannot be done.</summary>
    /// <param name="lease">The part and the attempt.</param>
    /// <param name="message">Why.</param>
    [Alias("Fail")]
    Task Fail(ParallelLease lease, string message);

    /// <summary>The progress of the training.</summary>
    [Alias("Status")]
    Task<ParallelStatus> Status();
}

/// <summary>A part of a round given out to a worker.</summary>
/// <param name="Round">The round, from 0; −1 for the weights to begin with.</param>
/// <param name="Part">The shard, from 0, or the number of shards for the mean.</param>
/// <param name="Attempt">Which attempt at it this is, from 1.</param>
[GenerateSerializer, Alias("NeuralTrain.ParallelLease")]
public readonly record struct ParallelLease([property: Id(0)] int Round, [property: Id(1)] int Part, [property: Id(2)] int Attempt);

/// <summary>The answer to a worker that asks for a part.</summary>
/// <param name="Lease">The part; null if there is none now.</param>
/// <param name="IsFinished">Whether there will be none, because the training has ended or failed.</param>
[GenerateSerializer, Alias("NeuralTrain.ParallelTurn")]
public readonly record struct ParallelTurn([property: Id(0)] ParallelLease? Lease, [property: Id(1)] bool IsFinished);

/// <summary>The result of a part.</summary>
/// <param name="Loss">The mean training loss of a shard.</param>
/// <param name="Validation">For the mean: loss and metrics of the averaged network; null without validation data, and for a shard.</param>
/// <param name="Computing">The time spent on training.</param>
/// <param name="Transferring">The time spent on the store, and on averaging.</param>
[GenerateSerializer, Alias("NeuralTrain.PartReport")]
public readonly record struct PartReport([property: Id(0)] double Loss, [property: Id(1)] Evaluation? Validation, [property: Id(2)] TimeSpan Computing, [property: Id(3)] TimeSpan Transferring);

/// <summary>The progress of a training.</summary>
/// <param name="Last">The last round that is done; null if there is none.</param>
/// <param name="IsFinished">Whether it was the last one.</param>
/// <param name="Failure">Why the training cannot continue; null if it can.</param>
[GenerateSerializer, Alias("NeuralTrain.ParallelStatus")]
public readonly record struct ParallelStatus([property: Id(0)] ParallelRound? Last, [property: Id(1)] bool IsFinished, [property: Id(2)] string? Failure);
