using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// Where a layer that works with chance in training draws its masks from: a seed, and how far the sequence has been used.
/// </summary>
/// <remarks>
/// The numbers are a function of seed and position, computed by <see cref="CounterRandom"/>: they do not depend on the
/// number of threads, and the two fields are all a checkpoint has to keep to go on with the very same masks. A layer draws
/// once in each <see cref="Layer.Forward"/>, never in <see cref="Layer.Infer"/>, which many threads may call.
/// </remarks>
internal sealed class MaskSource
{
    /// <summary>Creates a source; one number is drawn from the generator handed in, which seeds the source.</summary>
    public MaskSource(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Seed = (ulong)random.NextInt64();
    }

    /// <summary>What tells this sequence from others.</summary>
    public ulong Seed { get; set; }

    /// <summary>How many numbers were used so far.</summary>
    public ulong Position { get; set; }

    /// <summary>Fills with the next numbers, evenly spread over [0, 1).</summary>
    public void Uniform(Span<float> values) => CounterRandom.FillUniform(values, Seed, Take(values.Length));

    /// <summary>Fills with the next numbers, normally distributed around 0.</summary>
    public void Normal(Span<float> values, float deviation) =>
        CounterRandom.FillNormal(values, Seed, Take(values.Length), mean: 0, deviation);

    /// <summary>Fills with 0 by the given probability, else with <paramref name="scale"/>.</summary>
    public void Mask(Span<float> mask, float probability, float scale) =>
        CounterRandom.FillDropoutMask(mask, Seed, Take(mask.Length), probability, scale);

    /// <summary>Draws a mask of zeros and <paramref name="scale"/> and writes x·mask in the same pass.</summary>
    public void Dropout(ReadOnlySpan<float> x, Span<float> mask, Span<float> y, float probability, float scale) =>
        CounterRandom.Dropout(x, mask, y, Seed, Take(x.Length), probability, scale);

    private ulong Take(int count)
    {
        ulong first = Position;
        Position += (ulong)count;
        return first;
    }
}
