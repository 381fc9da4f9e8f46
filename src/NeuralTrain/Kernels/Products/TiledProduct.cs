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
    private const int LineFloats = 16;

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
    /// By how many columns the panels begin before a multiple of their width, so that tiles begin at cache lines of the
    /// result: registers written across two lines cost 5 % at 128×512×784.
    /// </summary>
    public static int PanelShift(in ProductOperands product)
    {
        // Not for few rows, where the narrow first panel costs more, nor where it would add a panel.
        if (product.Rows < 2 * TRegister.MaxRows || product.CRow % LineFloats != 0)
        {
            return 0;
        }

        int shift = (int)((nuint)product.C / sizeof(float) % (nuint)Math.Min(TRegister.Count, LineFloats));
        return PanelCount(product.Columns + shift) == PanelCount(product.Columns) ? shift : 0;
    }

    private static int PanelCount(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    /// <summary>The rows of a tile packed side by side: whole registers.</summary>
    public static int PackedRows => (TRegister.MaxRows + TRegister.Count - 1) / TRegister.Count * TRegister.Count;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        int innerBlock = TileLimits.InnerBlock(product.Inner);
        int rowBlock = RowBlock(rowEnd - rowStart, innerBlock, product.BColumn != 1);
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
    private static int RowBlock(int rows, int innerBlock, bool transposes)
    {
        int most = Math.Max(MaxBlockFloats / innerBlock, transposes ? MinRowsToTranspose : 1);
        int tiles = (rows + TRegister.MaxRows - 1) / TRegister.MaxRows;
        int blocks = (rows + most - 1) / most;
        return (tiles + blocks - 1) / blocks * TRegister.MaxRows;
    }

    private static void RunBlock(
        in ProductOperands product, int row, int rows, int p, int inner, int columnStart, int columnEnd)
    {
        // All tiles nearly equally tall: the first ones are one row taller than the others.
        int tiles = (rows + TRegister.MaxRows - 1) / TRegister.MaxRows;
        int height = rows / tiles;
        int tallTiles = rows - (tiles * height);

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
        tile.PrefetchesA = rows * inner > TileLimits.CachedFloats;
        bool asksForC = (long)product.Rows * product.Columns > TileLimits.WarmFloats;
        tile.AheadC = asksForC ? ((TRegister.MaxRows * TileAhead.Turn) + inner - 1) / Math.Max(1, inner) : 0;
        int panelLength = PanelWidth * inner;
        float* panel;
        if (columnEnd - columnStart < PanelsToPackA * PanelWidth)
        {
            panel = PackBuffer.Get(panelLength);
        }
        else
        {
            // Row i of a tile begins at its i-th column; a whole tile takes PackedRows·inner.
            panel = PackBuffer.Get(panelLength + (tiles * PackedRows * inner));
            float* packed = panel + panelLength;
            if (product.AInner == 1)
            {
                PackRows(a, product.ARow, product.Rows - row, tiles, height, tallTiles, inner, packed);
            }
            else
            {
                PackColumns(a, product.AInner, tiles, height, tallTiles, inner, packed);
            }

            a = packed;
            aRow = 0;
            tile.ARow = 1;
            tile.AInner = PackedRows;
        }

        bool asksForB = (long)product.Inner * product.Columns > TileLimits.WarmFloats;
        bool packsB = tiles >= 3 && inner * product.BInner > TileLimits.CachedFloats;
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
                tile.B = panel;
                tile.BInner = width > TRegister.Count ? PanelWidth : TRegister.Count;
                PackPanel(b, product, inner, width, panel, (int)tile.BInner);
            }
            else
            {
                tile.B = b;
                tile.BInner = product.BInner;
                tile.Panel = panel;
            }

            float* next = panelEnd < columnEnd ? b + (width * product.BColumn) : null;
            float* c = product.C + (row * product.CRow) + column;
            float* o = origin is null ? null : origin + (row * tile.OriginRow) + column;
            tile.A = a;
            for (int i = 0; i < tiles; i++)
            {
                int tileRows = i < tallTiles ? height + 1 : height;
                tile.C = c;
                tile.Origin = o;
                if (asksForB)
                {
                    AskForNextPanel(ref tile, next, product, inner, tiles, i);
                }

                if (packsOnTheWay && i == 0)
                {
                    TileKernels<TRegister, TVector>.Run<TileColumns.PackingDouble>(tileRows, tile);
                    tile.B = panel;
                    tile.BInner = PanelWidth;
                }
                else
                {
                    TileKernels<TRegister, TVector>.Run(tileRows, width, tile);
                }

                tile.A += aRow == 0 ? (nint)PackedRows * inner : tileRows * aRow;
                c += tileRows * product.CRow;
                o = o is null ? null : o + (tileRows * tile.OriginRow);
            }
        }
    }

    // The tiles of a panel ask for the next panel of B in equal parts: a range of its rows each, or (if it will be
    // transposed) of two cache lines of all rows.
    private static void AskForNextPanel(ref Tile tile, float* next, in ProductOperands product, int inner, int tiles, int i)
    {
        int turns = (inner + TileAhead.Turn - 1) / TileAhead.Turn;
        if (product.BColumn == 1)
        {
            tile.AheadB = (TileAhead.Turn + tiles - 1) / tiles;
            tile.NextBRow = product.BInner;
            tile.NextB = next + (i * turns * tile.AheadB * product.BInner);
            if (next is null || i * turns * tile.AheadB >= inner)
            {
                tile.AheadB = 0;
            }
        }
        else
        {
            tile.AheadB = (PanelWidth + turns - 1) / Math.Max(1, turns);
            tile.NextBRow = product.BColumn;
            tile.NextB = next + (i * TileAhead.Piece);
            if (next is null || i * TileAhead.Piece >= inner)
            {
                tile.AheadB = 0;
            }
        }
    }

    private static void PackPanel(float* b, in ProductOperands product, int inner, int width, float* panel, int panelWidth)
    {
        if (product.BColumn == 1)
        {
            Packing<TRegister, TVector>.Copy(b, product.BInner, inner, width, panel, panelWidth);
        }
        else
        {
            Packing<TRegister, TVector>.TransposePanel(b, product.BColumn, inner, width, panel, panelWidth);
        }
    }

    // Transposes whole registers where there are rows enough (the surplus belongs to the next tile and is not read): the
    // rows that are left over would be copied one by one.
    private static void PackRows(
        float* a, nint aRow, int available, int tiles, int height, int tallTiles, int inner, float* target)
    {
        for (int i = 0; i < tiles; i++)
        {
            int tileRows = i < tallTiles ? height + 1 : height;
            Packing<TRegister, TVector>.Transpose(
                a, aRow, inner, Math.Min(PackedRows, available), target + ((nint)i * PackedRows * inner), PackedRows);
            a += tileRows * aRow;
            available -= tileRows;
        }
    }

    private static void PackColumns(
        float* a, nint aInner, int tiles, int height, int tallTiles, int inner, float* target)
    {
        for (int p = 0; p < inner; p += PackedSteps)
        {
            int steps = Math.Min(PackedSteps, inner - p);
            float* source = a + (p * aInner);
            float* tileTarget = target + ((nint)p * PackedRows);
            for (int i = 0; i < tiles; i++)
            {
                int tileRows = i < tallTiles ? height + 1 : height;
                Packing<TRegister, TVector>.Copy(source, aInner, steps, tileRows, tileTarget, PackedRows);
                source += tileRows;
                tileTarget += (nint)PackedRows * inner;
            }
        }
    }
}
