namespace NeuralTrain.PeerBenchmarks;

/// <summary>How long and how often to measure.</summary>
/// <param name="Rounds">Turns each contender gets; medians and minima are taken over them.</param>
/// <param name="RoundLength">Seconds a turn lasts at least.</param>
/// <param name="WarmUp">Seconds each contender runs before, so that the compiler has done its second pass.</param>
/// <param name="Launches">How often the small programs are started.</param>
internal sealed record MeasuringPlan(int Rounds, double RoundLength, double WarmUp, int Launches)
{
    /// <summary>
    /// Whether to count processor time instead of elapsed time, for a machine that is busy with other work. Only one thread can
    /// be measured so, and the caches are shared still: good for a comparison while developing, not for figures to keep.
    /// </summary>
    public bool CountsProcessorTime { get; init; }

    /// <summary>How often each case is measured as a whole: the run with the middle ratio is shown, with the spread.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>For figures to keep.</summary>
    public static MeasuringPlan Full { get; } = new(Rounds: 15, RoundLength: 0.08, WarmUp: 1, Launches: 11);

    /// <summary>For a look: under three minutes.</summary>
    public static MeasuringPlan Quick { get; } = new(Rounds: 7, RoundLength: 0.05, WarmUp: 0.4, Launches: 5);
}
