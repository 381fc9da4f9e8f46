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

    /// <summary>The number of blocks, of <see cref="CounterRandom.BlockLength"/> numbers each, used so far.</summary>
    public ulong Position { get; set; }

    /// <summary>Fills with the next numbers, evenly spread over [0, 1), and moves on behind them.</summary>
    public void Uniform(Span<float> values)
    {
        CounterRandom.Uniform(values, Seed, Position);
        Advance(values.Length);
    }

    private void Advance(int count) =>
        Position += ((ulong)count + CounterRandom.BlockLength - 1) / CounterRandom.BlockLength;
}
