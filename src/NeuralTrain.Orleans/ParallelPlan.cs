using System.Globalization;

namespace NeuralTrain;

/// <summary>A training that several machines share: everything but its code and data. Every process of the cluster uses the same one.</summary>
/// <remarks>
/// <para>
/// The data are divided into a fixed number of shards. In each round every shard takes the same weights and trains <see cref="LocalSteps"/> steps independently, with its own optimizer, whose state is kept; then
/// the weights of all shards are averaged, and an outer step goes from the weights before towards the mean:
/// </para>
/// <code>
/// Δ = θ − (θ₁ + … + θ_K) / K        v := μv + Δ        θ := θ − η·(Δ + μv)
/// </code>
/// <para>
/// With η = 1 and μ = 0 this is Local SGD: θ becomes the mean (Stich, "Local SGD Converges Fast and Communicates Little", arXiv 1805.09767). The defaults are DiLoCo's, for <see cref="AdamW"/> inside
/// (Douillard et al., "DiLoCo: Distributed Low-Communication Training of Language Models", arXiv 2311.08105): 500 local steps, Nesterov momentum with η = 0.7 and μ = 0.9.
/// </para>
/// <para>
/// A round of a shard is a function of the weights, the state of its optimizer, the seed and the number of the round; the mean is taken in double, in the order of the shards. So the result does not depend on how
/// many workers there are, nor on which of them died.
/// </para>
/// </remarks>
/// <param name="name">The name of the training: letters, digits and hyphens, since its files begin with it.</param>
/// <param name="shards">The number of shards K, 1 or more: at most that number of workers are busy. Like the batch size, it is a setting of the training; another number gives another result.</param>
/// <param name="rounds">The number of rounds, 1 or more.</param>
public sealed class ParallelPlan(string name, int shards, int rounds)
{
    /// <summary>The name of the training.</summary>
    public string Name { get; } = !string.IsNullOrEmpty(name) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        ? name : throw new ArgumentException($"The name of a training has letters, digits and hyphens, received '{name}'.", nameof(name));

    /// <summary>The number of shards K.</summary>
    public int Shards { get; } = Guard.AtLeast(shards, 1, nameof(shards), "the data are at least one shard");

    /// <summary>The number of rounds.</summary>
    public int Rounds { get; } = Guard.AtLeast(rounds, 1, nameof(rounds), "a training has at least one round");

    /// <summary>The number of optimizer steps of a shard in a round, 1 or more. Default 500, as in DiLoCo.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int LocalSteps { get; init => field = Guard.AtLeast(value, 1, nameof(LocalSteps), "a round has at least one step"); } = 500;

    /// <summary>The rate η of the outer step, greater than 0. Default 0.7, as in DiLoCo; 1 without momentum gives the mean itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to 0, less, or no finite number.</exception>
    public double OuterRate { get; init => field = Guard.Positive(value, nameof(OuterRate), "It says how far to go from the weights before the round to the mean after it; 1 goes all the way."); } = 0.7;

    /// <summary>The momentum μ of the outer step, in [0, 1). Default 0.9, as in DiLoCo.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set outside.</exception>
    public double OuterMomentum { get; init => field = Guard.InHalfOpen(value, 0, 1, nameof(OuterMomentum), "It is the part of the velocity that is kept; 0 is none, 0.9 is usual."); } = 0.9;

    /// <summary>The seed of everything drawn in it. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The identity of code and data, which a cluster cannot see: for example the version of the program and a fingerprint of the data. A worker with another text is refused. Default empty.</summary>
    public string Version { get; init; } = "";

    /// <summary>The bandwidth of the link to the checkpoint store in bytes a second, shared by all workers; used only to warn when a training mostly waits for it. Default 125,000,000: 1 Gbit/s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to 0, less, or no finite number.</exception>
    public double BytesPerSecond { get; init => field = Guard.Positive(value, nameof(BytesPerSecond), "It is the bandwidth to the store; 1 Gbit/s is 125e6."); } = 125e6;

    /// <summary>How long a worker may be silent before its part is given to another one. Workers report three times as often, however long a round takes. Default 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than a millisecond.</exception>
    public TimeSpan Lease
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(1) ? value : throw new ArgumentOutOfRangeException(nameof(Lease), value, $"{nameof(Lease)} must be a millisecond or more, received {value}.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>The number of times in a row a part is lost with its worker after which the training fails, 1 or more. Default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int Attempts { get; init => field = Guard.AtLeast(value, 1, nameof(Attempts), "a part is begun at least once"); } = 5;

    /// <summary>Everything that decides the result, by name.</summary>
    internal SortedDictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        ["format"] = "NeuralTrain parallel training 1", ["shards"] = $"{Shards}", ["rounds"] = $"{Rounds}", ["local steps"] = $"{LocalSteps}", ["seed"] = $"{Seed}", ["version"] = Version,
        ["outer rate"] = OuterRate.ToString("R", CultureInfo.InvariantCulture), ["outer momentum"] = OuterMomentum.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>The weights with which a round begins.</summary>
    internal string WeightsName(int round) => $"{Name}-{round}.weights";

    /// <summary>The velocity of the outer step before a round.</summary>
    internal string VelocityName(int round) => $"{Name}-{round}.velocity";

    /// <summary>The weights to which a shard came in a round.</summary>
    internal string ShardWeightsName(int round, int shard) => $"{Name}-{round}-{shard}.weights";

    /// <summary>The state in which a round left a shard's training: a checkpoint.</summary>
    internal string ShardStateName(int round, int shard) => $"{Name}-{round}-{shard}.ckpt";

    /// <summary>Removes what an earlier round left in the store.</summary>
    internal void Forget(ICheckpointStore store, int round)
    {
        store.Delete(WeightsName(round));
        store.Delete(VelocityName(round));
        for (int shard = 0; shard < Shards; shard++)
        {
            store.Delete(ShardWeightsName(round, shard));
            store.Delete(ShardStateName(round, shard));
        }
    }
}

/// <summary>What a shared training consists of. All workers must make the same from the same arguments.</summary>
public interface IParallelWork
{
    /// <summary>Builds the trainer of a shard: network, loss, optimizer, batch size, schedule and so on, the same for all shards.</summary>
    /// <remarks>
    /// The weights of the first one made are those the training begins with. <see cref="Trainer.Seed"/> is set afterwards, one for each shard. An epoch of the trainer is a round: that is how
    /// a schedule counts. It must have no <see cref="Trainer.EarlyStopping"/> or <see cref="Trainer.Checkpoint"/>, since no shard decides alone, and it must shuffle.
    /// </remarks>
    /// <param name="random">Draws weights, and the seeds of dropout and the like: another one for each shard.</param>
    Trainer NewTrainer(Random random);

    /// <summary>The data of a shard, which a worker keeps in memory while it trains it: the same rows every time, at least one batch of them.</summary>
    /// <param name="shard">The shard, from 0 to K − 1.</param>
    Dataset Shard(int shard);

    /// <summary>What the averaged network is measured on after each round, by one worker; null (the default) for nothing.</summary>
    Dataset? Validation => null;
}

/// <summary>How a round of a shared training went.</summary>
/// <param name="Number">Which round, from 1.</param>
/// <param name="Rounds">The number of rounds.</param>
/// <param name="Loss">The mean training loss over the shards.</param>
/// <param name="Validation">Loss and metrics of the averaged network on the validation data; null without any.</param>
/// <param name="Computing">The time all workers together spent on training, in this round.</param>
/// <param name="Transferring">The time all workers together spent on reading from and writing to the store, and on averaging.</param>
[GenerateSerializer, Alias("NeuralTrain.ParallelRound")]
public sealed record ParallelRound(
    [property: Id(0)] int Number, [property: Id(1)] int Rounds, [property: Id(2)] double Loss, [property: Id(3)] Evaluation? Validation, [property: Id(4)] TimeSpan Computing, [property: Id(5)] TimeSpan Transferring)
{
    /// <summary>As <c>round 3/100: training loss 0.0412, validation loss 0.05, accuracy 98 %; 88 % of the time was training</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"round {Number}/{Rounds}: training loss {Loss:g4}{(Validation is null ? "" : $", validation {Validation}")}; {100 * Computing.TotalSeconds / Math.Max((Computing + Transferring).TotalSeconds, 1e-9):0} % of the time was training");
}
