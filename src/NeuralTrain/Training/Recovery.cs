namespace NeuralTrain;

/// <summary>
/// What a trainer does when something becomes NaN or infinite: it returns to the last finite weights, those at the beginning of the epoch,
/// and repeats the epoch with a lower learning rate.
/// </summary>
/// <remarks>
/// Weights, statistics, the optimizer's moments and the random streams all return; the rows come in the same order again. Each return is recorded in
/// <see cref="History.Recoveries"/>. It does not help if the data itself is not finite, which gives the same error each time: then the exception is thrown at once.
/// </remarks>
/// <param name="factor">What the learning rate is multiplied by each time, in (0, 1). Default 0.1, as when a plateau lowers it.</param>
/// <param name="limit">How often in one run at most, 1 or more; after that the exception is thrown. Default 3.</param>
/// <exception cref="ArgumentOutOfRangeException">The factor does not lie in (0, 1), or the limit is less than 1.</exception>
public sealed class Recovery(double factor = 0.1, int limit = 3)
{
    /// <summary>What the learning rate is multiplied by each time.</summary>
    internal double Factor { get; } = Guard.InOpen(factor, 0, 1, nameof(factor), "The same rate would diverge again; typical values are 0.1 and 0.5.");

    /// <summary>How often in one run at most.</summary>
    internal int Limit { get; } = Guard.AtLeast(limit, 1, nameof(limit), "without any return leave Recovery null");

    internal void Describe(Settings settings)
    {
        settings.Set("factor", Factor);
        settings.Set("limit", Limit);
    }
}

/// <summary>One return to finite weights during training.</summary>
/// <param name="cause">What became NaN or infinite, and where.</param>
/// <param name="epoch">The epoch that was begun anew, from 1.</param>
/// <param name="step">The step at which it was found.</param>
/// <param name="rateFactor">What all learning rates are multiplied by from then on.</param>
public sealed class RecoveryNote(string cause, int epoch, long step, double rateFactor)
{
    /// <summary>What became NaN or infinite, and where, as a sentence.</summary>
    public string Cause { get; } = cause;

    /// <summary>The epoch that was repeated, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The step, from 1 over the whole training, at which it was found.</summary>
    public long Step { get; } = step;

    /// <summary>What all learning rates are multiplied by from then on, compared with what they would have been.</summary>
    public double RateFactor { get; } = rateFactor;

    /// <summary>Epoch, factor and cause.</summary>
    public override string ToString() => $"epoch {Epoch} repeated with the rate times {RateFactor:g3}: {Cause}";
}
