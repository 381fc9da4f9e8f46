namespace NeuralTrain;

/// <summary>Stops a trial if its best report so far is worse than the median of what earlier trials had at the same epoch.</summary>
/// <remarks>
/// Source: the median stopping rule of Golovin et al., "Google Vizier", 2017, in the form of Optuna's <c>MedianPruner</c> (median of the values at the same step); the
/// defaults of 5 trials and no first epochs are Optuna's.
/// </remarks>
public sealed class MedianRule : Pruner
{
    /// <summary>Creates the rule.</summary>
    /// <param name="warmUpTrials">The number of earlier trials that must have reached the epoch before anything is stopped, 1 or more. Default 5.</param>
    /// <param name="warmUpEpochs">The number of epochs at the beginning in which nothing is stopped, 0 or more. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public MedianRule(int warmUpTrials = 5, int warmUpEpochs = 0)
    {
        WarmUpTrials = Guard.AtLeast(warmUpTrials, 1, nameof(warmUpTrials), "a median is that of at least one trial");
        WarmUpEpochs = Guard.AtLeast(warmUpEpochs, 0, nameof(warmUpEpochs), "it is a number of epochs");
    }

    /// <summary>The number of earlier trials that must have reached the epoch before anything is stopped.</summary>
    public int WarmUpTrials { get; }

    /// <summary>The number of epochs at the beginning in which nothing is stopped.</summary>
    public int WarmUpEpochs { get; }

    /// <inheritdoc/>
    protected internal override string? Reason(TrialResult trial, IReadOnlyList<TrialResult> others, Direction direction)
    {
        int epoch = trial.Reports[^1].Epoch;
        if (epoch <= WarmUpEpochs) return null;
        double[] values = [.. others.Select(other => other.At(epoch)).OfType<double>().Select(value => Worth(value, direction)).Order()];
        return values.Length >= WarmUpTrials && trial.Reports.Max(report => Worth(report.Value, direction)) < Median(values)
            ? $"worse than half of the others at epoch {epoch}"
            : null;
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"MedianRule(warm-up trials {WarmUpTrials}, warm-up epochs {WarmUpEpochs})";

    // With two in the middle, their mean, unless one is infinitely bad.
    private static double Median(double[] ordered)
    {
        double lower = ordered[(ordered.Length - 1) / 2], upper = ordered[ordered.Length / 2];
        return double.IsFinite(lower) && double.IsFinite(upper) ? lower + ((upper - lower) / 2) : lower;
    }
}
