namespace NeuralTrain;

/// <summary>He's initialisation for ReLU and its relatives as a normal distribution, w ~ N(0, 2 / fan_in) (lecture L2.5).</summary>
/// <remarks>
/// <code>
/// w ~ N(0, σ²)      σ² = 2 / ((1 + a²)·fan_in),  a the slope for negative inputs, 0 for ReLU
/// </code>
/// ReLU takes away half of the second moment of its inputs, which the 2 restores. Source: He, Zhang, Ren and Sun, "Delving Deep into
/// Rectifiers", 2015, eq. 10 and, with a, eq. 15. PyTorch's <c>init.kaiming_normal_(a=a)</c>; Keras' <c>HeNormal</c> is the
/// truncated form with a = 0. The default of <see cref="Linear"/> in front of ReLU and its relatives.
/// </remarks>
public sealed class HeNormal : Initializer
{
    internal static readonly HeNormal Instance = new();

    /// <summary>Creates the distribution.</summary>
    /// <param name="negativeSlope">
    /// The slope a of the activation for negative inputs: 0 for ReLU, 0.01 for the usual leaky ReLU. Any finite number.
    /// Default 0, as in PyTorch and Keras (Keras knows no other).
    /// </param>
    /// <param name="truncated">
    /// Whether to redraw what lies beyond 2 deviations and to stretch the rest back to the same deviation, as Keras does
    /// (division by 0.87962566103423978). Default false, as in PyTorch.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number.</exception>
    public HeNormal(double negativeSlope = 0, bool truncated = false)
    {
        NegativeSlope = Guard.Finite(negativeSlope, nameof(negativeSlope), "0 is right for ReLU, 0.01 for the usual leaky ReLU.");
        IsTruncated = truncated;
    }

    /// <summary>The slope a of the activation for negative inputs.</summary>
    public double NegativeSlope { get; }

    /// <summary>Whether the tails beyond 2 deviations are cut off, and the rest stretched back to the same deviation.</summary>
    public bool IsTruncated { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double deviation = Math.Sqrt(2 / ((1 + (NegativeSlope * NegativeSlope)) * fanIn));
        if (IsTruncated)
        {
            FillTruncatedNormal(values, deviation, random);
        }
        else
        {
            FillNormal(values, deviation, random);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => (NegativeSlope, IsTruncated) switch
    {
        (0, false) => "HeNormal",
        (0, true) => "HeNormal(truncated)",
        (_, false) => $"HeNormal({NegativeSlope})",
        (_, true) => $"HeNormal({NegativeSlope}, truncated)",
    };
}
