namespace NeuralTrain.Kernels;

/// <summary>The sizes that decide how a product is cut into blocks and what is packed, each found by measurement.</summary>
internal static class TileLimits
{
    /// <summary>An operand of no more than this stays in the first-level cache by itself: packing or prefetching it gains nothing.</summary>
    public const int CachedFloats = 32 * 1024 / sizeof(float);

    /// <summary>An operand of no more than this is mostly found in the second-level cache, and asking for it ahead is in the way.</summary>
    public const int WarmFloats = 512 * 1024 / sizeof(float);

    // Shorter blocks leave a panel of B (32 KB at 256) and the rows of A beside it in the first-level cache, longer ones
    // pass over the result less often. Between 200 and 400 the speed hardly changes (3 %).
    private const int MaxInnerBlock = 400;

    /// <summary>The inner index goes in equal blocks of this length: it must depend on the length of the sum alone.</summary>
    public static int InnerBlock(int inner)
    {
        if (inner <= MaxInnerBlock)
        {
            return Math.Max(1, inner);
        }

        int blocks = (inner + MaxInnerBlock - 1) / MaxInnerBlock;
        return (inner + blocks - 1) / blocks;
    }
}
