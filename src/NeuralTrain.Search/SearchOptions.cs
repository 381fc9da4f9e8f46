namespace NeuralTrain;

/// <summary>How a search runs its trials.</summary>
public sealed class SearchOptions
{
    /// <summary>Whether a higher score is better, as for an accuracy. Default false: lower, as for a loss.</summary>
    public bool Maximize { get; init; }

    /// <summary>How many trials run at once, each on its own thread, 1 or more. Default: <see cref="Compute.MaxThreads"/>. Results never depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int Parallelism
    {
        get;
        init
        {
            Guard.AtLeast(value, 1, nameof(Parallelism), "at least one trial runs at a time");
            field = value;
        }
    }

    = Compute.MaxThreads;

    /// <summary>When to end poor trials early; null (the default) for never. A trial takes part by calling <see cref="Trial.Report"/>.</summary>
    public MedianRule? EarlyStop { get; init; }

    /// <summary>Receives each finished trial, one at a time, on the thread it ran on.</summary>
    public IProgress<TrialResult>? Progress { get; init; }
}
