namespace NeuralTrain;

/// <summary>Glorot and Bengio's initialisation as a normal distribution, w ~ N(0, 2 / (fan_in + fan_out)) (lecture L2.4).</summary>
/// <remarks>
/// A compromise between keeping the variance of activations (1 / fan_in) and that of gradients (1 / fan_out) from layer to layer.
/// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 12.
/// PyTorch's <c>init.xavier_normal_</c>; Keras' <c>GlorotNormal</c> is the truncated form.
/// </remarks>
public sealed class GlorotNormal : Initializer
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="truncated">
    /// Whether to redraw what lies beyond 2 deviations and to stretch the rest back to the same deviation, as Keras does
    /// (division by 0.87962566103423978). Default false, as in PyTorch.
    /// </param>
    public GlorotNormal(bool truncated = false) => IsTruncated = truncated;

    /// <summary>Whether the tails beyond 2 deviations are cut off, and the rest stretched back to the same deviation.</summary>
    public bool IsTruncated { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double deviation = Math.Sqrt(2.0 / ((double)fanIn + fanOut));
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
    public override string ToString() => IsTruncated ? "GlorotNormal(truncated)" : "GlorotNormal";
}
