namespace NeuralTrain;

/// <summary>Stops a trial that has not improved for some epochs, regardless of the other trials.</summary>
public sealed class Patience : Pruner
{
    /// <summary>Creates the rule.</summary>
    /// <param name="reports">The number of reports in a row without improvement after which it stops, 1 or more.</param>
    /// <param name="minDelta">By how much a report must be better than the best before it to count, 0 or more. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public Patience(int reports, double minDelta = 0)
    {
        Reports = Guard.AtLeast(reports, 1, nameof(reports), "it waits for at least one report");
        MinDelta = Guard.NotNegative(minDelta, nameof(minDelta), "It is a minimum improvement.");
    }

    /// <summary>The number of reports in a row without improvement after which it stops.</summary>
    public int Reports { get; }

    /// <summary>By how much a report must be better to count.</summary>
    public double MinDelta { get; }

    /// <inheritdoc/>
    protected internal override string? Reason(TrialResult trial, IReadOnlyList<TrialResult> others, Direction direction)
    {
        double best = double.NegativeInfinity;
        int waited = 0;
        foreach (TrialReport report in trial.Reports)
        {
            double worth = Worth(report.Value, direction);
            if (worth > best + MinDelta) (best, waited) = (worth, 0);
            else waited++;
        }

        return waited >= Reports ? $"no better for {waited} reports" : null;
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"Patience(reports {Reports}, minimal difference {MinDelta})";
}
