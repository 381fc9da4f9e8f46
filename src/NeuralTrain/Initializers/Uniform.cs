namespace NeuralTrain;

/// <summary>Weights spread evenly over an interval, w ~ U[low, high).</summary>
/// <remarks>PyTorch's <c>init.uniform_</c>, Keras' <c>RandomUniform</c> (whose default is ±0.05).</remarks>
public sealed class Uniform : Initializer
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="low">The least value.</param>
    /// <param name="high">The end of the interval, itself excluded; greater than <paramref name="low"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite (as float32), or the interval is empty.</exception>
    public Uniform(double low, double high)
    {
        Guard.Finite((float)low, nameof(low), "Pass the least weight, for instance -1.");
        Guard.Finite((float)high, nameof(high), "Pass the end of the interval, for instance 1.");
        if ((float)high <= (float)low)
        {
            throw new ArgumentOutOfRangeException(
                nameof(high), high, $"high must be greater than low ({low}) as float32, received {high}. Swap them, or use a constant.");
        }

        Low = low;
        High = high;
    }

    /// <summary>The least value.</summary>
    public double Low { get; }

    /// <summary>The end of the interval, itself excluded.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        FillUniform(values, Low, High, random);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Uniform({Low}, {High})";
}
