namespace NeuralTrain.Tests.Kernels;

/// <summary>
/// Values with NaN on both sides: who reads beyond them spoils the result, who writes beyond them is seen.
/// </summary>
internal sealed class PaddedArray
{
    // Longer than any tile is wide, and odd, so that the values do not begin at a round address.
    private const int Padding = 67;

    private static readonly int Untouched = BitConverter.SingleToInt32Bits(float.NaN);
    private readonly float[] _all;

    public PaddedArray(int length)
    {
        _all = new float[length + (2 * Padding)];
        Array.Fill(_all, float.NaN);
        Length = length;
    }

    public int Length { get; }

    public Span<float> Values => _all.AsSpan(Padding, Length);

    public bool IsPaddingIntact => IsUntouched(_all.AsSpan(0, Padding)) && IsUntouched(_all.AsSpan(Padding + Length));

    /// <summary>Random values in [−1, 1).</summary>
    public static PaddedArray Random(int length, Random random)
    {
        var array = new PaddedArray(length);
        foreach (ref float value in array.Values)
        {
            value = (2 * random.NextSingle()) - 1;
        }

        return array;
    }

    private static bool IsUntouched(ReadOnlySpan<float> span)
    {
        foreach (float value in span)
        {
            if (BitConverter.SingleToInt32Bits(value) != Untouched)
            {
                return false;
            }
        }

        return true;
    }
}
