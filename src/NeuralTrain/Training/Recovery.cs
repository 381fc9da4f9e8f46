namespace NeuralTrain;

/// <summary>
/// What a trainer does when something becomes NaN or infinite: it returns to the last finite weights, those at the beginning of the epoch,
/// and repeats the epoch with a lower learning rate.
/// </summary>
/// <remarks>
/// Weights, statistics, the optimizer's moments and the random streams all return; the rows come in the same order again. Each recovery is recorded in
/// <see cref="History.Recoveries"/>. It cannot help if the data contain NaN or infinities, which cause the same error again: then the exception is thrown at once.
/// </remarks>
/// <param name="factor">The factor by which each recovery multiplies the learning rate, in (0, 1). Default 0.1, as when a plateau lowers it.</param>
/// <param name="limit">The maximum number of recoveries per run, 1 or more; after that, the exception is thrown. Default 3.</param>
/// <exception cref="ArgumentOutOfRangeException">The factor does not lie in (0, 1), or the limit is less than 1.</exception>
public sealed class Recovery(double factor = 0.1, int limit = 3)
{
    /// <summary>The factor by which each recovery multiplies the learning rate.</summary>
    public double Factor { get; } = Guard.InOpen(factor, 0, 1, nameof(factor), "The same rate would diverge again; typical values are 0.1 and 0.5.");

    /// <summary>The maximum number of recoveries per run.</summary>
    public int Limit { get; } = Guard.AtLeast(limit, 1, nameof(limit), "without any return leave Recovery null");

    internal void Describe(Settings settings)
    {
        settings.Set("factor", Factor);
        settings.Set("limit", Limit);
    }
}

/// <summary>One recovery during training.</summary>
/// <param name="cause">What became NaN or infinite, and where.</param>
/// <param name="epoch">The epoch that was repeated, from 1.</param>
/// <param name="step">The step at which it was found.</param>
/// <param name="rateFactor">The factor that multiplies all learning rates from then on.</param>
public sealed class RecoveryNote(string cause, int epoch, long step, double rateFactor)
{
    /// <summary>What became NaN or infinite, and where, as a sentence.</summary>
    public string Cause { get; } = cause;

    /// <summary>The epoch that was repeated, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The step, from 1 over the whole training, at which it was found.</summary>
    public long Step { get; } = step;

    /// <summary>The factor that multiplies all learning rates from then on, all recoveries of the run together.</summary>
    public double RateFactor { get; } = rateFactor;

    /// <summary>Epoch, factor and cause.</summary>
    public override string ToString() => $"epoch {Epoch} repeated with the rate times {RateFactor:g3}: {Cause}";
}
