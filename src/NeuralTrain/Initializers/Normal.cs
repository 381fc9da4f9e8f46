namespace NeuralTrain;

/// <summary>Weights from a normal distribution around 0 with a given standard deviation, w ~ N(0, σ²), optionally truncated.</summary>
/// <remarks>
/// <code>
/// truncated: w = σ·z / 0.87962566103423978      z ~ N(0, 1), redrawn while |z| > 2
/// </code>
/// The division restores the standard deviation that truncation reduces, so it is σ either way, and no truncated weight is beyond ±2.2737·σ. With a small σ, activations die out
/// layer by layer; with a large one they saturate (lecture L2.2, L2.3). PyTorch's <c>init.normal_</c>, Keras' <c>RandomNormal</c> (whose default is 0.05). Keras'
/// <c>TruncatedNormal(s)</c> and PyTorch's <c>init.trunc_normal_(std=s, a=-2s, b=2s)</c> do not rescale: theirs is σ = 0.8796·s here. Keras'
/// <c>VarianceScaling</c> (its <c>GlorotNormal</c>, <c>HeNormal</c>, <c>LecunNormal</c>) rescales as here.
/// </remarks>
/// <param name="standardDeviation">σ, greater than 0.</param>
/// <param name="truncated">Whether to redraw values beyond 2 standard deviations and rescale the rest to σ. Default false.</param>
/// <exception cref="ArgumentOutOfRangeException">σ is not a finite number greater than 0 (as float32).</exception>
public sealed class Normal(double standardDeviation, bool truncated = false)
    : NormalInitializer(
        (_, _) => standardDeviation, truncated, $"{Guard.PositiveFloat(standardDeviation, nameof(standardDeviation), "Pass a standard deviation, for instance 0.01.")}");

/// <summary>Weights from a uniform distribution, w ~ U[low, high).</summary>
/// <remarks>PyTorch's <c>init.uniform_</c>, Keras' <c>RandomUniform</c> (whose default is ±0.05).</remarks>
public sealed class Uniform : Initializer
{
    private readonly double _low, _high;

    /// <summary>Creates the distribution.</summary>
    /// <param name="low">The lower bound, inclusive.</param>
    /// <param name="high">The upper bound, exclusive; greater than <paramref name="low"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite (as float32), or the interval is empty.</exception>
    public Uniform(double low, double high) : base($"{low}", $"{high}")
    {
        Guard.Finite((float)low, nameof(low), "Pass the lower bound, for instance -1.");
        Guard.Finite((float)high, nameof(high), "Pass the upper bound, for instance 1.");
        if ((float)high <= (float)low)
        {
            throw new ArgumentOutOfRangeException(
                nameof(high), $"high must be greater than low ({low}) as float32, received {high}. Swap them, or use a constant.");
        }

        (_low, _high) = (low, high);
    }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        FillUniform(values, _low, _high, random);
    }
}
