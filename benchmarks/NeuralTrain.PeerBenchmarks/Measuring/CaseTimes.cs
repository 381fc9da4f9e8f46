namespace NeuralTrain.PeerBenchmarks;

/// <summary>What was measured for one case.</summary>
/// <param name="Ours">NeuralTrain on one thread.</param>
/// <param name="Peer">libtorch on one thread.</param>
/// <param name="OursOnAll">NeuralTrain on all cores; the same object as <paramref name="Ours"/> where there is one core.</param>
/// <param name="PeerOnAll">libtorch on all cores.</param>
/// <param name="Loop">The bare multiply-add loop in turn with them, on one thread: seconds for one operation.</param>
/// <param name="LoopOnAll">The same on all cores.</param>
internal sealed record CaseTimes(
    Durations Ours, Durations Peer, Durations OursOnAll, Durations PeerOnAll, Durations Loop, Durations LoopOnAll)
{
    /// <summary>The least and the greatest ratio of the runs of which this is the middle one; null for a single run.</summary>
    public (double Least, double Greatest)? Spread { get; init; }

    /// <summary>The ratio, with the spread of the runs.</summary>
    public string RatioText => Spread is var (least, greatest) ? $"{Format.Factor(Ratio)} ({least:0.00}–{greatest:0.00})" : Format.Factor(Ratio);

    /// <summary>How many times as fast as libtorch, one thread each.</summary>
    public double Ratio => Peer.Median / Ours.Median;

    /// <summary>The same from the shortest rounds.</summary>
    public double LeastRatio => Peer.Least / Ours.Least;

    /// <summary>How many times as fast as libtorch, all cores each.</summary>
    public double RatioOnAll => PeerOnAll.Median / OursOnAll.Median;

    /// <summary>What all cores gain over one in NeuralTrain.</summary>
    public double Gain => Ours.Median / OursOnAll.Median;

    /// <summary>What all cores gain over one in the bare loop: what the machine had to give.</summary>
    public double LoopGain => Loop.Median / LoopOnAll.Median;

    /// <summary>What all cores gain over one in libtorch.</summary>
    public double PeerGain => Peer.Median / PeerOnAll.Median;
}
