using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// The counter-based generator Philox4x32-7: a keyed mixing of a counter, so that any random word can be computed by
/// itself, in any order and at any width.
/// </summary>
/// <remarks>
/// Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC'11). Seven rounds are the fewest that
/// pass the whole of BigCrush (their table 2); ten are their default with a margin that initial masks do not need.
/// The key is the seed, the counter the number of the block of four words. Words are laid out in groups of 32 from eight
/// blocks: first words 0 and 1 of each block in turn, then words 2 and 3, which is how they leave the registers.
/// </remarks>
internal static unsafe class Philox
{
    /// <summary>Words in a group.</summary>
    internal const int GroupWords = 32;

    private const int Rounds = 7;
    private const int GroupBlocks = 8;
    private const ulong Multiplier0 = 0xD2511F53;
    private const ulong Multiplier1 = 0xCD9E8D57;

    // The fractional parts of the golden ratio and of √3 − 1, added to the key after each round.
    private const uint KeyStep0 = 0x9E3779B9;
    private const uint KeyStep1 = 0xBB67AE85;

    /// <summary>Writes whole groups from number <paramref name="firstGroup"/> on.</summary>
    internal static void Fill(Span<uint> words, ulong seed, ulong firstGroup)
    {
        fixed (uint* start = words)
        {
            if (Vector256.IsHardwareAccelerated) Fill<Counters256>(start, seed, firstGroup, words.Length / GroupWords);
            else Fill<Counters128>(start, seed, firstGroup, words.Length / GroupWords);
        }
    }

    /// <summary>Writes the words of <paramref name="groups"/> groups from number <paramref name="firstGroup"/> on.</summary>
    [MethodImpl(Jit.Loop)]
    internal static void Fill<TCounters>(uint* words, ulong seed, ulong firstGroup, int groups)
        where TCounters : unmanaged, ICounters<TCounters>
    {
        ulong block = firstGroup * GroupBlocks;
        for (int group = 0; group < groups; group++, words += GroupWords)
        {
            for (int i = 0; i < GroupBlocks; i += TCounters.Count, block += (ulong)TCounters.Count)
            {
                Mix(words + (2 * i), TCounters.Sequence(block), seed);
            }
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void Mix<TCounters>(uint* words, TCounters blocks, ulong seed)
        where TCounters : unmanaged, ICounters<TCounters>
    {
        TCounters multiplier0 = TCounters.Broadcast(Multiplier0);
        TCounters multiplier1 = TCounters.Broadcast(Multiplier1);
        TCounters word0 = blocks;
        TCounters word1 = TCounters.HighWord(blocks);
        TCounters word2 = TCounters.Broadcast(0);
        TCounters word3 = TCounters.Broadcast(0);
        uint key0 = (uint)seed;
        uint key1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            TCounters product0 = TCounters.MultiplyLow(word0, multiplier0);
            TCounters product1 = TCounters.MultiplyLow(word2, multiplier1);
            word0 = TCounters.HighWord(product1) ^ word1 ^ TCounters.Broadcast(key0);
            word1 = product1;
            word2 = TCounters.HighWord(product0) ^ word3 ^ TCounters.Broadcast(key1);
            word3 = product0;
            key0 += KeyStep0;
            key1 += KeyStep1;
        }

        TCounters.StorePairs(word0, word1, words);
        TCounters.StorePairs(word2, word3, words + (GroupWords / 2));
    }
}

/// <summary>
/// Several 64-bit places at once, each holding a 32-bit word of the counter-based generator in its lower half. The upper
/// half may hold anything: no operation lets it reach a lower one, except <see cref="HighWord"/>, whose purpose it is.
/// </summary>
internal unsafe interface ICounters<TSelf>
    where TSelf : unmanaged, ICounters<TSelf>
{
    /// <summary>Number of places.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(ulong value);

    /// <summary>first, first + 1, first + 2, …</summary>
    static abstract TSelf Sequence(ulong first);

    /// <summary>The 64-bit products of the lower halves.</summary>
    static abstract TSelf MultiplyLow(TSelf left, TSelf right);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>The upper half, moved to the lower.</summary>
    static abstract TSelf HighWord(TSelf value);

    /// <summary>Writes the lower halves in turn: first₀, second₀, first₁, second₁, …</summary>
    static abstract void StorePairs(TSelf first, TSelf second, uint* words);
}
