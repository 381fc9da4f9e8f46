namespace NeuralTrain;

/// <summary>Successive halving in brackets that start pruning at different epochs, so that a trial which starts slowly has a chance in one of them.</summary>
/// <remarks>
/// With s = ⌊log_η(last/first)⌋ there are s + 1 brackets; bracket k starts pruning at epoch first·ηᵏ, and is given a share of the trials proportional
/// to ⌈(s + 1)·η^(s−k)/(s − k + 1)⌉. A trial's bracket follows from its number, and it is compared with those in the same bracket. Source: Li et al., "Hyperband", JMLR 18 (2018), algorithm 1; the shares
/// and the defaults (first epoch 1, η = 3) as in Optuna's <c>HyperbandPruner</c>.
/// </remarks>
public sealed class Hyperband : Pruner
{
    private readonly SuccessiveHalving[] _brackets;
    private readonly double[] _shares;

    /// <summary>Creates the rule.</summary>
    /// <param name="lastEpoch">The number of epochs of a trial that is never stopped, at least <paramref name="firstEpoch"/>.</param>
    /// <param name="firstEpoch">The first epoch at which a trial can be stopped, 1 or more. Default 1.</param>
    /// <param name="reduction">η: one in η trials continues, 2 or more. Default 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public Hyperband(int lastEpoch, int firstEpoch = 1, int reduction = 3)
    {
        FirstEpoch = Guard.AtLeast(firstEpoch, 1, nameof(firstEpoch), "epochs are counted from 1");
        LastEpoch = Guard.AtLeast(lastEpoch, firstEpoch, nameof(lastEpoch), "the first decision is not after the end");
        Reduction = Guard.AtLeast(reduction, 2, nameof(reduction), "of that number of trials, one continues");
        var firsts = new List<int>();
        for (long first = firstEpoch; first <= lastEpoch; first *= reduction) firsts.Add((int)first);
        _brackets = [.. firsts.Select(first => new SuccessiveHalving(first, reduction))];
        _shares = [.. firsts.Select((_, k) => Math.Ceiling(firsts.Count * Math.Pow(reduction, firsts.Count - 1 - k) / (firsts.Count - k)))];
    }

    /// <summary>The number of epochs of a trial that is never stopped.</summary>
    public int LastEpoch { get; }

    /// <summary>The first epoch at which a trial can be stopped.</summary>
    public int FirstEpoch { get; }

    /// <summary>η: one in η trials continues.</summary>
    public int Reduction { get; }

    /// <summary>The number of brackets.</summary>
    public int Brackets => _brackets.Length;

    /// <inheritdoc/>
    protected internal override string? Reason(TrialResult trial, IReadOnlyList<TrialResult> others, Direction direction)
    {
        int bracket = BracketOf(trial.Number);
        return _brackets[bracket].Reason(trial, [.. others.Where(other => BracketOf(other.Number) == bracket)], direction);
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"Hyperband(last epoch {LastEpoch}, first epoch {FirstEpoch}, reduction {Reduction})";

    /// <summary>The bracket of a trial, from 0.</summary>
    internal int BracketOf(int trial)
    {
        double place = Seeds.RandomOf(0, trial, "bracket").NextDouble() * _shares.Sum();
        int bracket = 0;
        while (bracket < _shares.Length - 1 && (place -= _shares[bracket]) >= 0) bracket++;
        return bracket;
    }
}
