namespace NeuralTrain;

/// <summary>Lets a trial pass epochs m, m·η, m·η², … only if it is among the best 1/η of the trials that came so far: asynchronous successive halving (ASHA).</summary>
/// <remarks>
/// <para>
/// At epoch m·ηʳ the trial's value is compared with those of the other trials at the same epoch. With n values, its own included, it continues if it is
/// among the best ⌊n/η⌋, or the best of all if that is 0. Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning", arXiv
/// 1810.05934, algorithm 2, without the return to stopped trials; the defaults (m = 1, η = 4) are those of Optuna's <c>SuccessiveHalvingPruner</c>.
/// </para>
/// <para>A trial must report each of these epochs; no decision is made at one that is not reported.</para>
/// </remarks>
public sealed class SuccessiveHalving : Pruner
{
    /// <summary>Creates the rule.</summary>
    /// <param name="firstEpoch">m, the epoch of the first decision, 1 or more. Default 1.</param>
    /// <param name="reduction">η: one in η trials continues, 2 or more. Default 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public SuccessiveHalving(int firstEpoch = 1, int reduction = 4)
    {
        FirstEpoch = Guard.AtLeast(firstEpoch, 1, nameof(firstEpoch), "epochs are counted from 1");
        Reduction = Guard.AtLeast(reduction, 2, nameof(reduction), "of that number of trials, one continues");
    }

    /// <summary>m, the epoch of the first decision.</summary>
    public int FirstEpoch { get; }

    /// <summary>η: one in η trials continues.</summary>
    public int Reduction { get; }

    /// <inheritdoc/>
    protected internal override string? Reason(TrialResult trial, IReadOnlyList<TrialResult> others, Direction direction)
    {
        TrialReport last = trial.Reports[^1];
        if (!IsRung(last.Epoch)) return null;
        double worth = Worth(last.Value, direction);
        double[] values = [.. others.Select(other => other.At(last.Epoch)).OfType<double>().Select(value => Worth(value, direction)).Append(worth).OrderDescending()];
        int pass = Math.Max(values.Length / Reduction, 1);
        return double.IsNegativeInfinity(worth) || worth < values[pass - 1] ? $"not among the best {pass} of {values.Length} at epoch {last.Epoch}" : null;
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"SuccessiveHalving(first epoch {FirstEpoch}, reduction {Reduction})";

    private bool IsRung(int epoch)
    {
        long rung = FirstEpoch;
        while (rung < epoch) rung *= Reduction;
        return rung == epoch;
    }
}
