namespace NeuralTrain.PeerBenchmarks;

/// <summary>
/// How much of the measured time the processor worked for somebody else. On one thread a round that nothing disturbs uses as
/// much processor time as time passes; what is missing went to other programs, and makes figures wrong in no fair way.
/// </summary>
internal sealed class Disturbance
{
    /// <summary>From here on figures are not worth keeping.</summary>
    public const double Tolerable = 0.03;

    private double _elapsed;
    private double _missing;

    /// <summary>The missing share of all rounds on one thread.</summary>
    public double Share => _elapsed > 0 ? _missing / _elapsed : 0;

    /// <summary>Adds a round.</summary>
    /// <param name="elapsed">Seconds that passed.</param>
    /// <param name="used">Seconds of processor time that the whole process used, helpers of the runtime included.</param>
    public void Add(double elapsed, double used)
    {
        _elapsed += elapsed;
        _missing += Math.Max(0, elapsed - used);
    }

    /// <summary>One sentence for the results.</summary>
    public override string ToString() => Share > Tolerable
        ? $"Other programs took {Format.Share(Share)} of the measured time: repeat this on an idle machine before believing it."
        : $"Other programs took {100 * Share:0.0} % of the measured time.";
}
