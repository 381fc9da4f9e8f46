using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Random numbers as a pure function of a seed and a position, so that any part of a sequence can be had on its own: the
/// Philox4x32-10 generator.
/// </summary>
/// <remarks>
/// A block of four 32-bit words comes from the number of the block by ten rounds of multiplications, keyed by the seed.
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011.
/// </remarks>
internal static class CounterRandom
{
    /// <summary>Numbers in a block; sequences begin at whole blocks.</summary>
    internal const int BlockLength = 4;

    /// <summary>Fills with numbers evenly spread over [0, 1), multiples of 2⁻²⁴, from the given block on.</summary>
    internal static void Uniform(Span<float> values, ulong seed, ulong firstBlock)
    {
        for (int start = 0; start < values.Length; start += BlockLength, firstBlock++)
        {
            Words words = Block(seed, firstBlock);
            int count = Math.Min(BlockLength, values.Length - start);
            for (int i = 0; i < count; i++)
            {
                values[start + i] = (words[i] >> 8) * (1f / (1 << 24));
            }
        }
    }

    private static Words Block(ulong seed, ulong block)
    {
        uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = 0, c3 = 0;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0;
            ulong p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        var words = default(Words);
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
        return words;
    }

    [InlineArray(BlockLength)]
    private struct Words
    {
        private uint _first;
    }
}
