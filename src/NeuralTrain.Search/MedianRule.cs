namespace NeuralTrain;

/// <summary>Stops a trial early if its best report so far is worse than what half of the earlier trials had at the same epoch.</summary>
/// <remarks>
/// <para>
/// A trial is compared with those that are at least <see cref="Window"/> trials older, all of which have ended: so the decision does not depend
/// on how many trials run at once, or how fast. Source: the median stopping rule of Golovin et al., "Google Vizier", 2017, in the form
/// of Optuna's <c>MedianPruner</c> (median of the values at the same step); the defaults of 5 trials and no first epochs are Optuna's.
/// </para>
/// <para>Any such rule ends trainings that would start slowly and finish well: allow for some <see cref="WarmUpEpochs"/>.</para>
/// </remarks>
public sealed class MedianRule
{
    /// <summary>Creates the rule.</summary>
    /// <param name="warmUpTrials">How many earlier trials must have reached the epoch before anything is stopped, 1 or more. Default 5.</param>
    /// <param name="warmUpEpochs">How many epochs at the beginning nothing is stopped in, 0 or more. Default 0.</param>
    /// <param name="window">How many trials earlier another must have started to be compared with, 1 or more; at most this many trials run at once. Default 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public MedianRule(int warmUpTrials = 5, int warmUpEpochs = 0, int window = 8)
    {
        Guard.AtLeast(warmUpTrials, 1, nameof(warmUpTrials), "a median is that of at least one trial");
        Guard.AtLeast(warmUpEpochs, 0, nameof(warmUpEpochs), "it is a number of epochs");
        Guard.AtLeast(window, 1, nameof(window), "a trial is compared with those before it");
        WarmUpTrials = warmUpTrials;
        WarmUpEpochs = warmUpEpochs;
        Window = window;
    }

    /// <summary>How many earlier trials must have reached the epoch before anything is stopped.</summary>
    public int WarmUpTrials { get; }

    /// <summary>How many epochs at the beginning nothing is stopped in.</summary>
    public int WarmUpEpochs { get; }

    /// <summary>How many trials earlier another must have started to be compared with, and the most trials that run at once.</summary>
    public int Window { get; }

    /// <summary>Whether a trial with these reports is to end, given those of earlier trials.</summary>
    internal bool Stops(IReadOnlyList<double> reports, IEnumerable<IReadOnlyList<double>> earlier, bool maximize)
    {
        int epoch = reports.Count;
        if (epoch <= WarmUpEpochs)
        {
            return false;
        }

        double[] others = [.. earlier.Where(other => other.Count >= epoch).Select(other => Worth(other[epoch - 1], maximize)).Order()];
        return others.Length >= WarmUpTrials && reports.Max(report => Worth(report, maximize)) < Median(others);
    }

    // From here on greater is better, and NaN is worst.
    private static double Worth(double score, bool maximize) => double.IsNaN(score) ? double.NegativeInfinity : maximize ? score : -score;

    // With two in the middle, their mean, unless one is infinitely bad.
    private static double Median(double[] ordered)
    {
        double lower = ordered[(ordered.Length - 1) / 2];
        double upper = ordered[ordered.Length / 2];
        return double.IsFinite(lower) && double.IsFinite(upper) ? lower + ((upper - lower) / 2) : lower;
    }
}
