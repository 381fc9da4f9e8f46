using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// Where a layer that works with chance in training draws its masks from: the seed of a stream of random numbers, and how
/// far the stream has been used.
/// </summary>
/// <remarks>
/// The numbers are a function of seed and position, computed by <see cref="CounterRandom"/>: they do not depend on the
/// number of threads, and the two properties are all a checkpoint has to keep to go on with the very same masks. A layer
/// draws once in each <see cref="Layer.Forward"/>, never in <see cref="Layer.Infer"/>, which many threads may call:
/// <code>CounterRandom.FillUniform(mask, source.Seed, source.Take(mask.Length))</code>
/// </remarks>
internal sealed class MaskSource
{
    /// <summary>Creates a source; one number is drawn from the generator handed in, which seeds the stream.</summary>
    public MaskSource(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Seed = (ulong)random.NextInt64();
    }

    /// <summary>What tells this stream from others.</summary>
    public ulong Seed { get; set; }

    /// <summary>The place in the stream of the next number, which is how many have been taken.</summary>
    public ulong Position { get; set; }

    /// <summary>Takes the next numbers: returns the place of the first, and moves on behind the last.</summary>
    public ulong Take(int count)
    {
        ulong first = Position;
        Position += (ulong)count;
        return first;
    }
}
