namespace NeuralTrain;

/// <summary>LeCun's initialisation as a normal distribution, w ~ N(0, 1 / fan_in): the one SELU needs (lecture L2.6).</summary>
/// <remarks>
/// Gives the sums in front of an activation the variance of its inputs, which is what SELU's fixed point of mean 0 and deviation 1
/// rests on. Sources: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, eq. 16; Klambauer et al.,
/// "Self-Normalizing Neural Networks", 2017. PyTorch's <c>init.kaiming_normal_(nonlinearity='linear')</c>; Keras'
/// <c>LecunNormal</c> is the truncated form. The default of <see cref="Linear"/> in front of SELU.
/// </remarks>
public sealed class LeCunNormal : Initializer
{
    internal static readonly LeCunNormal Instance = new();

    /// <summary>Creates the distribution.</summary>
    /// <param name="truncated">
    /// Whether to redraw what lies beyond 2 deviations and to stretch the rest back to the same deviation, as Keras does
    /// (division by 0.87962566103423978). Default false, as in PyTorch.
    /// </param>
    public LeCunNormal(bool truncated = false) => IsTruncated = truncated;

    /// <summary>Whether the tails beyond 2 deviations are cut off, and the rest stretched back to the same deviation.</summary>
    public bool IsTruncated { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double deviation = Math.Sqrt(1.0 / fanIn);
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
    public override string ToString() => IsTruncated ? "LeCunNormal(truncated)" : "LeCunNormal";
}
