using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The random numbers of a layer that draws in each training pass, such as dropout: a seed and the count of numbers drawn so far.</summary>
/// <remarks>
/// Each number is a function of the seed and its position only: it does not depend on the number of threads, and the two properties are all a file needs
/// to continue with the same numbers. A layer with a stream returns it from <see cref="Layer.RandomStream"/>, and draws from it in <see cref="Layer.Forward"/>,
/// never in <see cref="Layer.Infer"/>, which many threads may call at once.
/// </remarks>
public sealed class RandomStream
{
    /// <summary>Creates a stream.</summary>
    /// <param name="random">One number is drawn from it, which becomes the seed.</param>
    public RandomStream(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Seed = (ulong)random.NextInt64();
    }

    internal RandomStream(ulong seed, ulong position) => (Seed, Position) = (seed, position);

    /// <summary>The seed, different for each stream.</summary>
    public ulong Seed { get; internal set; }

    /// <summary>The position of the next number, which equals the count drawn so far.</summary>
    public ulong Position { get; internal set; }

    /// <summary>Draws uniform numbers.</summary>
    /// <param name="values">Receives them.</param>
    /// <param name="low">The lower bound, inclusive.</param>
    /// <param name="high">The upper bound, exclusive except for rounding.</param>
    public void FillUniform(Span<float> values, float low = 0, float high = 1) =>
        CounterRandom.FillUniform(values, Seed, Take(values.Length), low, high);

    /// <summary>Draws normal numbers.</summary>
    /// <param name="values">Receives them.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="standardDeviation">The standard deviation.</param>
    public void FillNormal(Span<float> values, float mean = 0, float standardDeviation = 1) =>
        CounterRandom.FillNormal(values, Seed, Take(values.Length), mean, standardDeviation);

    /// <summary>Takes the next numbers: returns the position of the first and moves past the last.</summary>
    internal ulong Take(int count)
    {
        ulong first = Position;
        Position += (ulong)count;
        return first;
    }
}
