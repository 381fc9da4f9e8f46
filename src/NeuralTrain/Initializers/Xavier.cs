namespace NeuralTrain;

/// <summary>The initialisation that the lecture's slide calls Xavier, w ~ N(0, 1 / fan_in) (lecture L2.4).</summary>
/// <remarks>
/// Keeps the variance of activations from layer to layer for units that are linear around 0, such as tanh, and looks at the
/// forward pass only. The same distribution as <see cref="LeCunNormal"/>. Beware of the name: PyTorch's
/// <c>init.xavier_normal_</c> is <see cref="GlorotNormal"/>, which averages both fans.
/// </remarks>
public sealed class Xavier : Initializer
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="truncated">
    /// Whether to redraw what lies beyond 2 deviations and to stretch the rest back to the same deviation, as Keras does
    /// (division by 0.87962566103423978). Default false, as in PyTorch.
    /// </param>
    public Xavier(bool truncated = false) => IsTruncated = truncated;

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
    public override string ToString() => IsTruncated ? "Xavier(truncated)" : "Xavier";
}
