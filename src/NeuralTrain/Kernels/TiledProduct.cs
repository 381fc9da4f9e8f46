namespace NeuralTrain.Kernels;

/// <summary>
/// A product cut into tiles for the micro-kernel. For each block of the inner index, one panel of B after the other (two
/// registers wide) is brought into the first-level cache, and all rows of A are run against it.
/// </summary>
/// <remarks>
/// What is packed (copied to where the kernel reads straight through) was decided by measurement: B always where it must
/// be transposed, else where its rows lie far apart and several tiles read them, by the first of these tiles on the way;
/// A where many panels of B pass it and it lies badly.
/// </remarks>
internal static unsafe class TiledProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // The inner index goes in equal blocks of at most this. Between 128 and 400 the speed hardly changes (3 %): shorter
    // blocks leave a panel of B in the first-level cache, longer ones pass over the result less often.
    private const int MaxInnerBlock = 384;

    // A block of A stays in the second-level cache.
    private const int MaxRowBlock = 512;

    // A operand that fits here stays in the first-level cache by itself: packing or prefetching it gains nothing.
    private const int CachedFloats = 32 * 1024 / sizeof(float);

    // Panels of B that must pass A before packing A pays.
    private const int PanelsToPackA = 8;

    // Rows a multiple of this apart compete for the same few places of the first-level cache.
    private const int AliasedStride = 1024;

    // Keeps packed rows of A from being that far apart.
    private const int RowGap = 16;

    /// <summary>Columns of a full panel: a split of the columns between threads goes along multiples of it.</summary>
    public static int PanelWidth => 2 * TRegister.Count;

    // The rows of a tile packed side by side: whole registers.
    private static int PackedRows => (TRegister.MaxRows + TRegister.Count - 1) / TRegister.Count * TRegister.Count;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        // An empty sum is one empty block: its origin must still be written.
        int blocks = Math.Max(1, (product.Inner + MaxInnerBlock - 1) / MaxInnerBlock);
        int innerBlock = Math.Max(1, (product.Inner + blocks - 1) / blocks);
        for (int row = rowStart; row < rowEnd; row += MaxRowBlock)
        {
            int rows = Math.Min(MaxRowBlock, rowEnd - row);
            for (int p = 0; p == 0 || p < product.Inner; p += innerBlock)
            {
                RunBlock(product, row, rows, p, Math.Min(innerBlock, product.Inner - p), columnStart, columnEnd);
            }
        }
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
        tile.PrefetchesA = rows * inner > CachedFloats;
        int panelLength = PanelWidth * inner;
        float* panel;
        if (columnEnd - columnStart < PanelsToPackA * PanelWidth || (product.AInner == 1 && product.ARow % AliasedStride != 0))
        {
            panel = PackBuffer.Get(panelLength);
        }
        else if (product.AInner == 1)
        {
            panel = PackBuffer.Get(panelLength + (rows * (inner + RowGap)));
            tile.ARow = aRow = inner + RowGap;
            a = PackRows(a, product.ARow, rows, inner, panel + panelLength);
        }
        else
        {
            // Row i of a tile begins at its i-th column; a whole tile takes PackedRows·inner.
            panel = PackBuffer.Get(panelLength + (tiles * PackedRows * inner));
            tile.AInner = PackedRows;
            a = PackColumns(a, product.AInner, tiles, height, tallTiles, inner, panel + panelLength);
            aRow = 0;
        }

        bool packsB = tiles >= 3 && inner * product.BInner > CachedFloats;
        for (int column = columnStart; column < columnEnd; column += PanelWidth)
        {
            int width = Math.Min(PanelWidth, columnEnd - column);
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

            float* c = product.C + (row * product.CRow) + column;
            float* o = origin is null ? null : origin + (row * tile.OriginRow) + column;
            tile.A = a;
            for (int i = 0; i < tiles; i++)
            {
                int tileRows = i < tallTiles ? height + 1 : height;
                tile.C = c;
                tile.Origin = o;
                if (packsOnTheWay && i == 0)
                {
                    Run<TileColumns.PackingDouble>(tileRows, tile);
                    tile.B = panel;
                    tile.BInner = PanelWidth;
                }
                else if (width > TRegister.Count)
                {
                    if (tile.Tail == 0)
                    {
                        Run<TileColumns.Double>(tileRows, tile);
                    }
                    else
                    {
                        Run<TileColumns.PartialDouble>(tileRows, tile);
                    }
                }
                else if (tile.Tail == 0)
                {
                    Run<TileColumns.Single>(tileRows, tile);
                }
                else
                {
                    Run<TileColumns.PartialSingle>(tileRows, tile);
                }

                tile.A += aRow == 0 ? (nint)PackedRows * inner : tileRows * aRow;
                c += tileRows * product.CRow;
                o = o is null ? null : o + (tileRows * tile.OriginRow);
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
            Packing<TRegister, TVector>.Transpose(b, product.BColumn, inner, width, panel, panelWidth);
        }
    }

    private static float* PackRows(float* a, nint aRow, int rows, int inner, float* target)
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(a + (i * aRow), inner).CopyTo(new Span<float>(target + (i * (inner + RowGap)), inner));
        }

        return target;
    }

    private static float* PackColumns(
        float* a, nint aInner, int tiles, int height, int tallTiles, int inner, float* target)
    {
        for (int i = 0; i < tiles; i++)
        {
            int tileRows = i < tallTiles ? height + 1 : height;
            Packing<TRegister, TVector>.Copy(a, aInner, inner, tileRows, target + (i * PackedRows * inner), PackedRows);
            a += tileRows;
        }

        return target;
    }

    private static void Run<TColumns>(int rows, in Tile tile)
        where TColumns : struct, ITileColumns
    {
        switch (rows)
        {
            case 1: TileKernel<TRegister, TVector>.Run<TileRows.Rows1, TColumns>(tile); break;
            case 2: TileKernel<TRegister, TVector>.Run<TileRows.Rows2, TColumns>(tile); break;
            case 3: TileKernel<TRegister, TVector>.Run<TileRows.Rows3, TColumns>(tile); break;
            case 4: TileKernel<TRegister, TVector>.Run<TileRows.Rows4, TColumns>(tile); break;
            case 5: TileKernel<TRegister, TVector>.Run<TileRows.Rows5, TColumns>(tile); break;
            case 6: TileKernel<TRegister, TVector>.Run<TileRows.Rows6, TColumns>(tile); break;
            case 7: TileKernel<TRegister, TVector>.Run<TileRows.Rows7, TColumns>(tile); break;
            case 8: TileKernel<TRegister, TVector>.Run<TileRows.Rows8, TColumns>(tile); break;
            case 9: TileKernel<TRegister, TVector>.Run<TileRows.Rows9, TColumns>(tile); break;
            case 10: TileKernel<TRegister, TVector>.Run<TileRows.Rows10, TColumns>(tile); break;
            case 11: TileKernel<TRegister, TVector>.Run<TileRows.Rows11, TColumns>(tile); break;
            case 12: TileKernel<TRegister, TVector>.Run<TileRows.Rows12, TColumns>(tile); break;
            case 13: TileKernel<TRegister, TVector>.Run<TileRows.Rows13, TColumns>(tile); break;
            default: TileKernel<TRegister, TVector>.Run<TileRows.Rows14, TColumns>(tile); break;
        }
    }
}
