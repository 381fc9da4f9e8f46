namespace NeuralTrain;

/// <summary>
/// The random numbers of augmentation: a function of seed, epoch and batch, so that a resumed run draws the same numbers without saving a generator. The stream
/// restarts without allocating.
/// </summary>
/// <remarks>SplitMix64: a counter times the golden ratio, then two rounds of mixing (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).</remarks>
internal sealed class StepRandom : Random
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Begins the stream of one batch.</summary>
    public void Begin(ulong seed, int epoch, int batch) => _state = Mix(Mix(Mix(seed + Golden) + (ulong)epoch + Golden) + (ulong)batch + Golden);

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    // The upper half of a product of 128 bits: all values are equally likely up to 2⁻³² for ranges of an int.
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue + (long)Math.BigMul(Draw(), unchecked((ulong)(maxValue - minValue)), out _);
    }

    public override float NextSingle() => (Draw() >> 40) * (1f / (1 << 24));

    public override double NextDouble() => Sample();

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public override void NextBytes(Span<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++) buffer[i] = (byte)(Draw() >> 56);
    }

    protected override double Sample() => (Draw() >> 11) * (1.0 / (1L << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong Draw() => Mix(_state += Golden);
}
