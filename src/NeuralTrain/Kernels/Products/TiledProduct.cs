using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// A product cut into tiles for the micro-kernel. For each block of the inner index, one panel of B after the other (two
/// registers wide) is brought into the first-level cache, and all rows of A are run against it.
/// </summary>
/// <remarks>
/// What is packed (copied to where the kernel reads straight through) was decided by measurement: B always where it must
/// be transposed, else where its rows lie far apart and several tiles read them, by the first of these tiles on the way;
/// A where many panels of B pass it.
/// </remarks>
internal static unsafe class TiledProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // A block of A stays in the second-level cache, beside the rows of the result and of B that pass by: at 1024×1024×1024
    // a third of the rows at a time is 3 % faster than half of them.
    private const int MaxBlockFloats = 512 * 1024 / sizeof(float);

    // Where B must be transposed, it is so again for each block of rows: fewer, larger blocks then.
    private const int MinRowsToTranspose = 512;

    // Steps of the inner index packed of all tiles in turn: their rows of A are read once, in whole lines.
    private const int PackedSteps = 32;

    // Panels of B that must pass A before packing A pays.
    private const int PanelsToPackA = 8;

    /// <summary>Columns of a full panel: a split of the columns between threads goes along multiples of it.</summary>
    public static int PanelWidth => 2 * TRegister.Count;

    /// <summary>
    /// The length of a packed tile of A. Its steps lie close together, so that as much of A as possible stays in the first-level cache; they are written
    /// in whole registers, of which the last reaches beyond it.
    /// </summary>
    public static int PackedLength(int rows, int inner) => (rows * inner) + TRegister.Count;

    /// <summary>
    /// By how many columns the panels begin before a multiple of their width, so that tiles begin at cache lines of the
    /// result: registers written across two lines cost 5 % at 128×512×784.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    public static int PanelShift(in ProductOperands product)
    {
        // Not for few rows, where the narrow first panel costs more, nor where it would add a panel.
        if (product.Rows < 2 * TRegister.MaxRows || product.CRow % Tile.LineFloats != 0) return 0;
        int shift = (int)((nuint)product.C / sizeof(float) % (nuint)Math.Min(TRegister.Count, Tile.LineFloats));
        return PanelCount(product.Columns + shift) == PanelCount(product.Columns) ? shift : 0;
    }

    /// <summary>How many panels so many columns make.</summary>
    public static int PanelCount(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    /// <summary>The width of a panel as it is packed: one register or two.</summary>
    public static int PackedWidth(int width) => width > TRegister.Count ? PanelWidth : TRegister.Count;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    [MethodImpl(Jit.Full)]
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        int innerBlock = product.InnerBlock;
        int rowBlock = RowBlock(product, rowEnd - rowStart, innerBlock);
        for (int row = rowStart; row < rowEnd; row += rowBlock)
        {
            int rows = Math.Min(rowBlock, rowEnd - row);

            // An empty sum is one empty block: its origin must still be written.
            for (int p = 0; p == 0 || p < product.Inner; p += innerBlock)
            {
                RunBlock(product, row, rows, p, Math.Min(innerBlock, product.Inner - p), columnStart, columnEnd);
            }
        }
    }

    // Nearly equal blocks, all but the last of whole tiles.
    [MethodImpl(Jit.Inline)]
    private static int RowBlock(in ProductOperands product, int rows, int innerBlock)
    {
        int most = Math.Max(MaxBlockFloats / innerBlock, product.BColumn != 1 ? MinRowsToTranspose : 1);
        int tiles = (rows + TRegister.MaxRows - 1) / TRegister.MaxRows;
        int blocks = (rows + most - 1) / most;
        return (tiles + blocks - 1) / blocks * TRegister.MaxRows;
    }

    [MethodImpl(Jit.Full)]
    private static void RunBlock(in ProductOperands product, int row, int rows, int p, int inner, int columnStart, int columnEnd)
    {
        var tiles = new Tiling(rows, TRegister.MaxRows);
        Tile tile = default;
        tile.Inner = inner;
        tile.CRow = product.CRow;

        // The first block of the sum starts from the origin, the others add to what is there.
        float* origin = p == 0 ? product.Origin : product.C;
        tile.OriginRow = p == 0 ? product.OriginRow : product.CRow;

        float* a = product.A + (row * product.ARow) + (p * product.AInner);
        nint aRow = product.ARow;
        tile.ARow = product.ARow;
        tile.AInner = product.AInner;
        tile.PrefetchesA = rows * inner > Tile.CachedFloats;
        bool prefetchesC = (long)product.Rows * product.Columns > Tile.WarmFloats;
        tile.AheadC = prefetchesC ? ((TRegister.MaxRows * Tile.Turn) + inner - 1) / Math.Max(1, inner) : 0;
        int panelLength = PanelWidth * inner;
        bool packsA = columnEnd - columnStart >= PanelsToPackA * PanelWidth;
        int packedLength = PackedLength(tiles.Height(0), inner);
        float* panel = PackBuffer.Get(packsA ? panelLength + (tiles.Count * packedLength) : panelLength);
        if (packsA)
        {
            // Row i of a tile begins at its i-th column.
            float* packed = panel + panelLength;
            if (product.AInner == 1) PackRows(a, product.ARow, tiles, inner, packed);
            else PackColumns(a, product.AInner, tiles, inner, packed);
            a = packed;
            aRow = 0;
            tile.ARow = 1;
            tile.AInner = tiles.Height(0);
        }

        bool prefetchesB = (long)product.Inner * product.Columns > Tile.WarmFloats;
        bool packsB = tiles.Count >= 3 && inner * product.BInner > Tile.CachedFloats;
        int shift = PanelShift(product);
        int panelEnd;
        for (int column = columnStart; column < columnEnd; column = panelEnd)
        {
            panelEnd = Math.Min(((column + shift) / PanelWidth * PanelWidth) + PanelWidth - shift, columnEnd);
            int width = panelEnd - column;
            float* b = product.B + (p * product.BInner) + (column * product.BColumn);
            tile.Tail = width % TRegister.Count;
            bool packsOnTheWay = packsB && product.BColumn == 1 && width == PanelWidth;
            if (product.BColumn != 1 || tile.Tail != 0)
            {
                int packedWidth = PackedWidth(width);
                tile.B = panel;
                tile.BInner = packedWidth;
                if (product.BColumn == 1) Packing<TRegister, TVector>.Copy(b, product.BInner, inner, width, panel, packedWidth);
                else Packing<TRegister, TVector>.TransposePanel(b, product.BColumn, inner, width, panel, packedWidth);
            }
            else
            {
                tile.B = b;
                tile.BInner = product.BInner;
                tile.Panel = panel;
            }

            float* next = panelEnd < columnEnd ? b + (width * product.BColumn) : null;
            tile.A = a;
            tile.C = product.C + (row * product.CRow) + column;
            tile.Origin = origin is null ? null : origin + (row * tile.OriginRow) + column;
            for (int i = 0; i < tiles.Count; i++)
            {
                int height = tiles.Height(i);
                if (prefetchesB) PrefetchNextPanel(ref tile, next, product, inner, tiles.Count, i);
                if (packsOnTheWay && i == 0)
                {
                    TileKernel<TRegister, TVector>.Run<TileKinds.PackingDouble>(height, tile);
                    tile.B = panel;
                    tile.BInner = PanelWidth;
                }
                else
                {
                    TileKernel<TRegister, TVector>.Run(height, width, tile);
                }

                tile.A += aRow == 0 ? packedLength : height * aRow;
                tile.C += height * product.CRow;
                if (origin is not null) tile.Origin += height * tile.OriginRow;
            }
        }
    }

    // The tiles of a panel prefetch the next panel of B in equal parts: a range of its rows each, or (if it will be
    // transposed) of two cache lines of all rows.
    [MethodImpl(Jit.Full)]
    private static void PrefetchNextPanel(ref Tile tile, float* next, in ProductOperands product, int inner, int tiles, int i)
    {
        int turns = (inner + Tile.Turn - 1) / Tile.Turn;
        int start;
        if (product.BColumn == 1)
        {
            tile.AheadB = (Tile.Turn + tiles - 1) / tiles;
            tile.NextBRow = product.BInner;
            start = i * turns * tile.AheadB;
            tile.NextB = next + (start * product.BInner);
        }
        else
        {
            tile.AheadB = (PanelWidth + turns - 1) / Math.Max(1, turns);
            tile.NextBRow = product.BColumn;
            start = i * Tile.Piece;
            tile.NextB = next + start;
        }

        if (next is null || start >= inner) tile.AheadB = 0;
    }

    [MethodImpl(Jit.Full)]
    private static void PackRows(float* a, nint aRow, Tiling tiles, int inner, float* target)
    {
        for (int i = 0; i < tiles.Count; i++)
        {
            Packing<TRegister, TVector>.Transpose(a, aRow, inner, tiles.Height(i), target, tiles.Height(0));
            a += tiles.Height(i) * aRow;
            target += PackedLength(tiles.Height(0), inner);
        }
    }

    [MethodImpl(Jit.Full)]
    private static void PackColumns(float* a, nint aInner, Tiling tiles, int inner, float* target)
    {
        for (int p = 0; p < inner; p += PackedSteps)
        {
            float* source = a + (p * aInner);
            float* tileTarget = target + ((nint)p * tiles.Height(0));
            for (int i = 0; i < tiles.Count; i++)
            {
                Packing<TRegister, TVector>.Copy(source, aInner, Math.Min(PackedSteps, inner - p), tiles.Height(i), tileTarget, tiles.Height(0));
                source += tiles.Height(i);
                tileTarget += PackedLength(tiles.Height(0), inner);
            }
        }
    }
}
