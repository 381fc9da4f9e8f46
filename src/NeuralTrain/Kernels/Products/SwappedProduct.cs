namespace NeuralTrain.Kernels;

/// <summary>
/// y = x·wᵀ + bias computed as yᵀ = w·xᵀ: it is the few rows of x that are transposed into panels then, while the many
/// rows of w are read once, as they lie. The finished block of yᵀ is transposed back on its way to y. Transposing a value
/// costs as much as 5 rows of the product, and there are m·(n + k) values to transpose here, not n·k.
/// </summary>
internal static unsafe class SwappedProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // The packed panels are read again for every block of w; at 8 panels (m = 256 with 512-bit registers) the other way
    // won by 6 %.
    private const int MaxPanels = 4;

    // All panels are packed at once and stay in the second-level cache, beside the block of w.
    private const int MaxPackedFloats = 1024 * 1024 / sizeof(float);

    // A block of yᵀ is this many tiles high: the block of w it needs is read again for every panel.
    private const int BlockTiles = 8;

    private static int PanelWidth => 2 * TRegister.Count;

    /// <summary>Whether a product can and should be computed this way; asks for the whole product, never for a part.</summary>
    public static bool Suits(in ProductOperands product)
    {
        // With a quarter of the lanes empty (m = 24) it is slower already. So it is where there is not much less to
        // transpose: with 0.6 times as much (64×128×784) it takes 0.95 of the time, with 0.9 (96×128×784) 1.02.
        int lanes = (product.Rows + TRegister.Count - 1) / TRegister.Count * TRegister.Count;
        return product.BColumn != 1
            && product.Rows <= MaxPanels * PanelWidth
            && product.Rows >= lanes - (lanes / 8)
            && (long)product.Inner * lanes <= MaxPackedFloats
            && 3L * product.Rows * ((long)product.Columns + product.Inner) <= 2L * product.Columns * product.Inner;
    }

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        int inner = product.Inner;
        int panelsLength = (rowEnd - rowStart + PanelWidth - 1) / PanelWidth * PanelWidth * inner;
        int blockColumns = Math.Min(BlockTiles * TRegister.MaxRows, columnEnd - columnStart);
        float* panels = PackBuffer.Get(panelsLength + (blockColumns * PanelWidth));
        float* block = panels + panelsLength;
        for (int row = rowStart; row < rowEnd; row += PanelWidth)
        {
            int height = Math.Min(PanelWidth, rowEnd - row);
            float* panel = panels + ((row - rowStart) * inner);
            Packing<TRegister, TVector>.TransposePanel(
                product.A + (row * product.ARow), product.ARow, inner, height, panel, Width(height));
        }

        for (int column = columnStart; column < columnEnd; column += blockColumns)
        {
            int columns = Math.Min(blockColumns, columnEnd - column);
            float* w = product.B + (column * product.BColumn);
            float* bias = product.Origin is null ? null : product.Origin + column;
            for (int row = rowStart; row < rowEnd; row += PanelWidth)
            {
                int height = Math.Min(PanelWidth, rowEnd - row);
                int width = Width(height);
                RunBlock(w, product.BColumn, columns, inner, panels + ((row - rowStart) * inner), width, bias, block);
                Packing<TRegister, TVector>.Transpose(
                    block, width, height, columns, product.C + (row * product.CRow) + column, product.CRow);
            }
        }
    }

    // A panel of no more rows than a register has lanes is one register wide.
    private static int Width(int height) => height > TRegister.Count ? PanelWidth : TRegister.Count;

    // block[i, j] = bias[i] + row i of w times column j of the panel.
    private static void RunBlock(
        float* w, nint wRow, int rows, int inner, float* panel, int width, float* bias, float* block)
    {
        if (bias is not null)
        {
            for (int i = 0; i < rows; i++)
            {
                new Span<float>(block + (i * width), width).Fill(bias[i]);
            }
        }

        int tiles = (rows + TRegister.MaxRows - 1) / TRegister.MaxRows;
        int tallTiles = rows % tiles;
        int innerBlock = TileLimits.InnerBlock(inner);
        Tile tile = default;
        tile.ARow = wRow;
        tile.AInner = 1;
        tile.BInner = width;
        tile.CRow = width;
        tile.OriginRow = width;
        tile.PrefetchesA = rows * inner > TileLimits.CachedFloats;
        tile.AheadB = tile.PrefetchesA ? 1 : 0;
        tile.NextBRow = wRow;
        for (int p = 0; p == 0 || p < inner; p += innerBlock)
        {
            tile.Inner = Math.Min(innerBlock, inner - p);
            tile.A = w + p;
            tile.B = panel + (p * width);
            tile.C = block;
            for (int i = 0; i < tiles; i++)
            {
                int tileRows = i < tallTiles ? (rows / tiles) + 1 : rows / tiles;
                tile.Origin = p == 0 && bias is null ? null : tile.C;
                tile.NextB = tile.A + (tileRows * wRow);
                if (width > TRegister.Count)
                {
                    TileKernels<TRegister, TVector>.Run<TileColumns.Double>(tileRows, tile);
                }
                else
                {
                    TileKernels<TRegister, TVector>.Run<TileColumns.Single>(tileRows, tile);
                }

                tile.A += tileRows * wRow;
                tile.C += tileRows * width;
            }
        }
    }
}
