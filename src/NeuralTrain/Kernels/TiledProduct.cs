namespace NeuralTrain.Kernels;

/// <summary>
/// A product cut into tiles for the micro-kernel. For each block of the inner index, one panel of B (two registers wide)
/// after the other is brought into the first-level cache, packed where it pays, and all rows of A are run against it.
/// </summary>
internal static unsafe class TiledProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    public static int KC = 256, MC = 512; public static int PackA, PackBMin = 2;

    /// <summary>Columns of a full panel: a split of the columns between threads goes along multiples of it.</summary>
    public static int PanelWidth => 2 * TRegister.Count;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        // An empty sum is one empty block: its origin must still be written.
        int blocks = Math.Max(1, (product.Inner + KC - 1) / KC);
        int innerBlock = Math.Max(1, (product.Inner + blocks - 1) / blocks);
        Tile tile = default;
        tile.CRow = product.CRow;
        for (int row = rowStart; row < rowEnd; row += MC)
        {
            int rows = Math.Min(MC, rowEnd - row);
            for (int p = 0; p == 0 || p < product.Inner; p += innerBlock)
            {
                int inner = Math.Min(innerBlock, product.Inner - p);
                tile.Inner = inner;
                Block(product, ref tile, row, rows, p, columnStart, columnEnd);
            }
        }
    }

    private static void Block(in ProductOperands product, ref Tile tile, int row, int rows, int p, int columnStart, int columnEnd)
    {
        int inner = (int)tile.Inner;
        int panels = (rows + TRegister.MaxRows - 1) / TRegister.MaxRows;
        int height = rows / panels;
        int taller = rows - (panels * height);
        float* origin = p == 0 ? product.Origin : product.C;
        tile.OriginRow = p == 0 ? product.OriginRow : product.CRow;
        nint aRow = product.ARow, aInner = product.AInner;
        float* a = product.A + (row * aRow) + (p * aInner);
        bool packA = (PackA & (aInner == 1 ? 1 : 2)) != 0 && panels > 0;
        int widthA = (TRegister.MaxRows + TRegister.Count - 1) / TRegister.Count * TRegister.Count;
        float* panel = PackBuffer.Get(PanelWidth * KC + (packA ? (MC + 64) * (KC + 16) * 2: 0));
        nint aPanel = 0;
        if (packA)
        {
            float* target = panel + (PanelWidth * KC);
            float* source = a;
            a = target;
            if (aInner == 1)
            {
                for (int i = 0; i < rows; i++)
                {
                    new ReadOnlySpan<float>(source + i * aRow, inner).CopyTo(new Span<float>(target + i * (inner + 16), inner));
                }
                aRow = inner + 16;
            }
            else
            {
                for (int i = 0, q = 0; i < rows; q++)
                {
                    int h = q < taller ? height + 1 : height;
                    Packing<TRegister, TVector>.Copy(source + i, aInner, inner, h, target + q * widthA * inner, widthA);
                    i += h;
                }
                aInner = widthA; aPanel = widthA * inner;
            }
        }
        tile.ARow = aRow;
        tile.AInner = aInner;

        bool packB = product.BColumn != 1 || panels >= PackBMin;
        for (int column = columnStart; column < columnEnd; column += PanelWidth)
        {
            int width = Math.Min(PanelWidth, columnEnd - column);
            float* b = product.B + (p * product.BInner) + (column * product.BColumn);
            bool partial = width % TRegister.Count != 0;
            if (packB || partial)
            {
                int panelWidth = width > TRegister.Count ? PanelWidth : TRegister.Count;
                if (product.BColumn == 1)
                {
                    Packing<TRegister, TVector>.Copy(b, product.BInner, inner, width, panel, panelWidth);
                }
                else
                {
                    Packing<TRegister, TVector>.Transpose(b, product.BColumn, inner, width, panel, panelWidth);
                }

                tile.B = panel;
                tile.BInner = panelWidth;
            }
            else
            {
                tile.B = b;
                tile.BInner = product.BInner;
            }

            tile.Tail = width % TRegister.Count;
            int i = row;
            for (int q = 0; q < panels; q++)
            {
                int tileRows = q < taller ? height + 1 : height;
                tile.A = aPanel != 0 ? a + (q * aPanel) : a + ((i - row) * aRow);
                tile.C = product.C + (i * product.CRow) + column;
                tile.Origin = origin is null ? null : origin + (i * tile.OriginRow) + column;
                if (width > TRegister.Count)
                {
                    if (partial)
                    {
                        Run<TileColumns.PartialDouble>(tileRows, tile);
                    }
                    else
                    {
                        Run<TileColumns.Double>(tileRows, tile);
                    }
                }
                else if (partial)
                {
                    Run<TileColumns.PartialSingle>(tileRows, tile);
                }
                else
                {
                    Run<TileColumns.Single>(tileRows, tile);
                }

                i += tileRows;
            }
        }
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
