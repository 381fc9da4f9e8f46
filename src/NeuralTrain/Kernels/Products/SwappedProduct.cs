using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// y = x·wᵀ + bias computed as yᵀ = w·xᵀ: the few rows of x are transposed into panels, and the many rows of w are read once, as they
/// lie. The finished block of yᵀ is transposed back on its way to y. Transposing a value costs as much as 5 rows of the product,
/// and there are m·(n + k) values to transpose here, not n·k: 32×512×512 takes 0.8 of the time of the other way.
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

    private static int PanelWidth => TiledProduct<TRegister, TVector>.PanelWidth;

    /// <summary>Whether a product can and should be computed this way; asks for the whole product, never for a part.</summary>
    [MethodImpl(Jit.Inline)]
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
    [MethodImpl(Jit.Full)]
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
                product.A + (row * product.ARow), product.ARow, inner, height, panel, TiledProduct<TRegister, TVector>.PackedWidth(height));
        }

        for (int column = columnStart; column < columnEnd; column += blockColumns)
        {
            int columns = Math.Min(blockColumns, columnEnd - column);
            for (int row = rowStart; row < rowEnd; row += PanelWidth)
            {
                int height = Math.Min(PanelWidth, rowEnd - row);
                int width = TiledProduct<TRegister, TVector>.PackedWidth(height);
                RunBlock(product, column, columns, panels + ((row - rowStart) * inner), width, block);
                Packing<TRegister, TVector>.Transpose(
                    block, width, height, columns, product.C + (row * product.CRow) + column, product.CRow);
            }
        }
    }

    // block[i, j] = bias[i] + row i of w times column j of the panel, for the rows of w that give these columns of y.
    [MethodImpl(Jit.Full)]
    private static void RunBlock(in ProductOperands product, int column, int columns, float* panel, int width, float* block)
    {
        bool hasBias = product.Origin is not null;
        for (int i = 0; hasBias && i < columns; i++) new Span<float>(block + (i * width), width).Fill(product.Origin[column + i]);

        nint wRow = product.BColumn;
        var tiles = new Tiling(columns, TRegister.MaxRows);
        int innerBlock = product.InnerBlock;
        Tile tile = default;
        tile.ARow = wRow;
        tile.AInner = 1;
        tile.BInner = width;
        tile.CRow = width;
        tile.OriginRow = width;
        tile.PrefetchesA = columns * product.Inner > Tile.CachedFloats;
        tile.AheadB = tile.PrefetchesA ? 1 : 0;
        tile.NextBRow = wRow;
        for (int p = 0; p == 0 || p < product.Inner; p += innerBlock)
        {
            tile.Inner = Math.Min(innerBlock, product.Inner - p);
            tile.A = product.B + (column * wRow) + p;
            tile.B = panel + (p * width);
            tile.C = block;
            for (int i = 0; i < tiles.Count; i++)
            {
                int height = tiles.Height(i);
                tile.Origin = p == 0 && !hasBias ? null : tile.C;
                tile.NextB = tile.A + (height * wRow);
                if (width > TRegister.Count) TileKernel<TRegister, TVector>.Run<TileKinds.Double>(height, tile);
                else TileKernel<TRegister, TVector>.Run<TileKinds.Single>(height, tile);
                tile.A += height * wRow;
                tile.C += height * width;
            }
        }
    }
}
