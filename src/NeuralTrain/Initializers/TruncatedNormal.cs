namespace NeuralTrain;

/// <summary>Weights from a normal distribution around 0 without its tails, stretched to a deviation of one's own choice.</summary>
/// <remarks>
/// <code>
/// w = σ·z / 0.87962566103423978      z ~ N(0, 1), redrawn while |z| > 2
/// </code>
/// The division restores the deviation that the cut takes away, so the weights have deviation σ and none is beyond ±2.2737·σ.
/// Keras' <c>TruncatedNormal(s)</c> and PyTorch's <c>init.trunc_normal_(std=s, a=-2s, b=2s)</c> do not stretch: theirs is
/// σ = 0.8796·s here. Keras' <c>VarianceScaling</c> (its <c>GlorotNormal</c>, <c>HeNormal</c>, <c>LecunNormal</c>) stretches as here.
/// </remarks>
public sealed class TruncatedNormal : Initializer
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="deviation">The standard deviation σ of the weights, greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not a finite number greater than 0 (as float32).</exception>
    public TruncatedNormal(double deviation)
    {
        // As float32, which the weights are: one that rounds to 0 or to infinity would give no weights at all.
        Guard.Positive((float)deviation, nameof(deviation), "Pass a standard deviation, for instance 0.01.");
        Deviation = deviation;
    }

    /// <summary>The standard deviation σ of the weights, after the cut.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        FillTruncatedNormal(values, Deviation, random);
    }

    /// <inheritdoc/>
    public override string ToString() => $"TruncatedNormal({Deviation})";
}
