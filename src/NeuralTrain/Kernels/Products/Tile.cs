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
internal readonly struct Tiling(int rows, int mostRows)
{
    private readonly int _least = rows / Math.Max(1, (rows + mostRows - 1) / mostRows);
    private readonly int _taller = rows % Math.Max(1, (rows + mostRows - 1) / mostRows);

    public readonly int Count = (rows + mostRows - 1) / mostRows;

    public int Height(int tile) => tile < _taller ? _least + 1 : _least;
}

/// <summary>A small number as a type, so that a kernel is compiled for exactly that many rows or columns.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

/// <summary>The width of a tile as a type: one register or two, the last of them whole or partly used.</summary>
internal interface ITileColumns
{
    /// <summary>Whether the tile is two registers wide.</summary>
    static abstract bool IsDouble { get; }

    /// <summary>Whether only the first lanes of the last register belong to the result.</summary>
    static abstract bool IsPartial { get; }

    /// <summary>Whether the tile also writes what it reads of B to a packed panel, for the tiles below it.</summary>
    static abstract bool IsPacking { get; }
}

/// <summary>How the values of A that a tile reads lie in memory, as a type.</summary>
internal interface ITileLayout
{
    /// <summary>Whether the rows of a step lie side by side (A packed, or read by columns); else each row lies along the inner index.</summary>
    static abstract bool IsAdjacent { get; }
}

/// <summary>The types of counts.</summary>
internal static class Counts
{
    internal readonly struct One : ICount { public static int Value => 1; }
    internal readonly struct Two : ICount { public static int Value => 2; }
    internal readonly struct Three : ICount { public static int Value => 3; }
    internal readonly struct Four : ICount { public static int Value => 4; }
    internal readonly struct Five : ICount { public static int Value => 5; }
    internal readonly struct Six : ICount { public static int Value => 6; }
    internal readonly struct Seven : ICount { public static int Value => 7; }
    internal readonly struct Eight : ICount { public static int Value => 8; }
    internal readonly struct Nine : ICount { public static int Value => 9; }
    internal readonly struct Ten : ICount { public static int Value => 10; }
    internal readonly struct Eleven : ICount { public static int Value => 11; }
    internal readonly struct Twelve : ICount { public static int Value => 12; }
    internal readonly struct Thirteen : ICount { public static int Value => 13; }
    internal readonly struct Fourteen : ICount { public static int Value => 14; }
}

/// <summary>The widths and layouts a tile can have.</summary>
internal static class TileKinds
{
    internal readonly struct Single : ITileColumns
    {
        public static bool IsDouble => false;
        public static bool IsPartial => false;
        public static bool IsPacking => false;
    }

    internal readonly struct PartialSingle : ITileColumns
    {
        public static bool IsDouble => false;
        public static bool IsPartial => true;
        public static bool IsPacking => false;
    }

    internal readonly struct Double : ITileColumns
    {
        public static bool IsDouble => true;
        public static bool IsPartial => false;
        public static bool IsPacking => false;
    }

    internal readonly struct PartialDouble : ITileColumns
    {
        public static bool IsDouble => true;
        public static bool IsPartial => true;
        public static bool IsPacking => false;
    }

    internal readonly struct PackingDouble : ITileColumns
    {
        public static bool IsDouble => true;
        public static bool IsPartial => false;
        public static bool IsPacking => true;
    }

    internal readonly struct Adjacent : ITileLayout { public static bool IsAdjacent => true; }
    internal readonly struct AlongRows : ITileLayout { public static bool IsAdjacent => false; }
}
