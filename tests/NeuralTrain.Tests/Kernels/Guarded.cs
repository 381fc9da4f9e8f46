namespace NeuralTrain.Tests.Kernels;

/// <summary>An array between NaNs of a known pattern: reading them spoils a result, writing them is noticed.</summary>
internal sealed class Guarded
{
    private const uint Pattern = 0x7FC0DEAD;
    private const int Border = 67;

    private readonly float[] _all;
    private readonly int _length;

    internal Guarded(int length)
    {
        _length = length;
        _all = new float[length + (2 * Border)];
        Array.Fill(_all, BitConverter.UInt32BitsToSingle(Pattern));
        Span.Clear();
    }

    internal Guarded(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(Span);

    internal Span<float> Span => _all.AsSpan(Border, _length);

    internal void ShouldBeUntouchedOutside()
    {
        for (int i = 0; i < _all.Length; i++)
        {
            if ((i < Border || i >= Border + _length) && BitConverter.SingleToUInt32Bits(_all[i]) != Pattern)
            {
                throw new InvalidOperationException($"Element {i - Border} of an array of {_length} was written.");
            }
        }
    }

    /// <summary>The bits, so that comparisons tell −0 from 0 and see every NaN.</summary>
    internal static uint[] Bits(ReadOnlySpan<float> values)
    {
        var bits = new uint[values.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.SingleToUInt32Bits(values[i]);
        }

        return bits;
    }

    internal static float[] Random(int length, int seed)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)((random.NextDouble() * 6) - 3);
        }

        return values;
    }
}
