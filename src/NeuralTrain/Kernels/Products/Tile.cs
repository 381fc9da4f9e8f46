using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// One tile of a product for a micro-kernel: where its operands begin and how far apart their elements are.
/// Element (i, p) of A is at A[i·ARow + p·AInner], row p of B at B + p·BInner, row i of the result at C + i·CRow.
/// </summary>
internal unsafe struct Tile
{
    /// <summary>An operand of no more than this stays in the first-level cache by itself: packing or prefetching it gains nothing.</summary>
    public const int CachedFloats = 32 * 1024 / sizeof(float);

    /// <summary>An operand of no more than this is mostly found in the second-level cache, and prefetching it is in the way.</summary>
    public const int WarmFloats = 512 * 1024 / sizeof(float);

    /// <summary>Steps of the inner index between two turns of prefetching.</summary>
    public const int Turn = 16;

    /// <summary>Floats prefetched of a row of the next panel in one turn.</summary>
    public const int Piece = 2 * LineFloats;

    /// <summary>Floats of a cache line.</summary>
    public const int LineFloats = 16;

    public float* A;
    public nint ARow, AInner;

    /// <summary>Whether rows of A along the inner index come from beyond the first-level cache and are worth prefetching.</summary>
    public bool PrefetchesA;

    public float* B;
    public nint BInner;

    /// <summary>Where a packing tile writes its rows of B, one after the other.</summary>
    public float* Panel;

    public float* C;
    public nint CRow;

    /// <summary>What the product is added to: null for nothing, the result itself to accumulate, or one row of biases.</summary>
    public float* Origin;

    /// <summary>Zero when every row of the tile has the same origin (biases).</summary>
    public nint OriginRow;

    /// <summary>Length of the sum.</summary>
    public nint Inner;

    /// <summary>Rows of the result, and of the next panel of B, to prefetch in each turn; zero for none.</summary>
    public int AheadC, AheadB;

    /// <summary>Where the part of the next panel that this tile prefetches begins, and the distance between its rows.</summary>
    public float* NextB;
    public nint NextBRow;

    /// <summary>Columns used of the last register; only read by partial tiles.</summary>
    public int Tail;
}

/// <summary>Rows cut into as few tiles as fit, all nearly equally tall: the first ones are one row taller than the others.</summary>
[method: MethodImpl(Jit.Inline)]
internal readonly struct Tiling(int rows, int mostRows)
{
    private readonly int _least = rows / Math.Max(1, (rows + mostRows - 1) / mostRows);
    private readonly int _taller = rows % Math.Max(1, (rows + mostRows - 1) / mostRows);

    public readonly int Count = (rows + mostRows - 1) / mostRows;

    [MethodImpl(Jit.Inline)]
    public int Height(int tile) => tile < _taller ? _least + 1 : _least;
}

/// <summary>
/// Small numbers as types, so that a kernel is compiled for exactly that many rows or columns. The number is the size in bytes, which the
/// compiler knows before it looks at any call: rows that a tile does not have cost no time in compilation.
/// </summary>
internal static class Counts
{
    [StructLayout(LayoutKind.Sequential, Size = 1)] internal readonly struct One;
    [StructLayout(LayoutKind.Sequential, Size = 2)] internal readonly struct Two;
    [StructLayout(LayoutKind.Sequential, Size = 3)] internal readonly struct Three;
    [StructLayout(LayoutKind.Sequential, Size = 4)] internal readonly struct Four;
    [StructLayout(LayoutKind.Sequential, Size = 5)] internal readonly struct Five;
    [StructLayout(LayoutKind.Sequential, Size = 6)] internal readonly struct Six;
    [StructLayout(LayoutKind.Sequential, Size = 7)] internal readonly struct Seven;
    [StructLayout(LayoutKind.Sequential, Size = 8)] internal readonly struct Eight;
    [StructLayout(LayoutKind.Sequential, Size = 9)] internal readonly struct Nine;
    [StructLayout(LayoutKind.Sequential, Size = 10)] internal readonly struct Ten;
    [StructLayout(LayoutKind.Sequential, Size = 11)] internal readonly struct Eleven;
    [StructLayout(LayoutKind.Sequential, Size = 12)] internal readonly struct Twelve;
    [StructLayout(LayoutKind.Sequential, Size = 13)] internal readonly struct Thirteen;
    [StructLayout(LayoutKind.Sequential, Size = 14)] internal readonly struct Fourteen;
}

/// <summary>
/// The widths and layouts a tile can have, as types. Those two registers wide are at least as large as <see cref="Double"/>, and those of which only
/// the first lanes of the last register belong to the result have an even size.
/// </summary>
internal static class TileKinds
{
    internal const int DoubleSize = 3;
    internal const int PackingSize = 5;
    internal const int AdjacentSize = 2;

    [StructLayout(LayoutKind.Sequential, Size = 1)] internal readonly struct Single;
    [StructLayout(LayoutKind.Sequential, Size = 2)] internal readonly struct PartialSingle;
    [StructLayout(LayoutKind.Sequential, Size = DoubleSize)] internal readonly struct Double;
    [StructLayout(LayoutKind.Sequential, Size = 4)] internal readonly struct PartialDouble;

    /// <summary>Also writes what it reads of B to a packed panel, for the tiles below it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = PackingSize)] internal readonly struct PackingDouble;

    /// <summary>Each row of A lies along the inner index.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 1)] internal readonly struct AlongRows;

    /// <summary>The rows of a step lie side by side: A is packed, or read by columns.</summary>
    [StructLayout(LayoutKind.Sequential, Size = AdjacentSize)] internal readonly struct Adjacent;
}
