namespace NeuralTrain.Kernels;

/// <summary>
/// A product with a short inner index, cut into the same tiles as <see cref="TiledProduct{TRegister, TVector}"/> but row by
/// row: B stays in the cache as a whole, and what takes the time, writing the result, goes straight through memory instead
/// of jumping from row to row.
/// </summary>
internal static unsafe class ShortProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // B, and with it the panels at its ends, in the first-level cache: 32 KB at most.
    private const int MaxFloatsOfB = 32 * 1024 / sizeof(float);

    // Up to so many steps a tile, and a result beyond the first-level cache: 128×10×512 dy·w takes 0.87 to 0.92 of the time
    // of the other way. Longer sums leave the result time enough.
    private const int MaxInner = 32;
    private const int MinFloatsOfC = 32 * 1024 / sizeof(float);

    /// <summary>Whether a product should be computed this way; asks for the whole product, never for a part.</summary>
    public static bool Suits(in ProductOperands product) =>
        product.BColumn == 1
        && product.Inner <= MaxInner
        && (long)product.Inner * product.Columns <= MaxFloatsOfB
        && (long)product.Rows * product.Columns >= MinFloatsOfC;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        int panelWidth = TiledProduct<TRegister, TVector>.PanelWidth;
        int shift = TiledProduct<TRegister, TVector>.PanelShift(product);
        int firstEnd = Math.Min(((columnStart + shift) / panelWidth * panelWidth) + panelWidth - shift, columnEnd);
        int lastStart = Math.Max(firstEnd, ((columnEnd + shift) / panelWidth * panelWidth) - shift);
        int inner = product.Inner;
        int packedRows = TiledProduct<TRegister, TVector>.PackedRows;

        // The panels at both ends, where they are not full, are copied: their rows end in zeros then.
        float* first = PackBuffer.Get((2 * panelWidth * inner) + (packedRows * inner));
        float* last = first + (panelWidth * inner);
        float* packedA = last + (panelWidth * inner);
        Pack(product, columnStart, firstEnd, first);
        Pack(product, lastStart, columnEnd, last);

        int tiles = (rowEnd - rowStart + TRegister.MaxRows - 1) / TRegister.MaxRows;
        int height = (rowEnd - rowStart) / tiles;
        int tallTiles = rowEnd - rowStart - (tiles * height);
        Tile tile = default;
        tile.Inner = inner;
        tile.CRow = product.CRow;
        tile.OriginRow = product.OriginRow;
        tile.ARow = product.ARow;
        tile.AInner = product.AInner;
        int row = rowStart;
        for (int i = 0; i < tiles; i++)
        {
            int tileRows = i < tallTiles ? height + 1 : height;
            tile.A = product.A + (row * product.ARow);
            if (product.AInner != 1)
            {
                Packing<TRegister, TVector>.Copy(tile.A, product.AInner, inner, tileRows, packedA, packedRows);
                tile.A = packedA;
                tile.AInner = packedRows;
            }

            int end;
            for (int column = columnStart; column < columnEnd; column = end)
            {
                end = column == columnStart ? firstEnd : Math.Min(column + panelWidth, columnEnd);
                int width = end - column;
                tile.Tail = width % TRegister.Count;
                tile.B = product.B + column;
                tile.BInner = product.BInner;
                if (tile.Tail != 0)
                {
                    tile.B = column == columnStart ? first : last;
                    tile.BInner = PackedWidth(width);
                }

                tile.C = product.C + (row * product.CRow) + column;
                tile.Origin = product.Origin is null ? null : product.Origin + (row * product.OriginRow) + column;
                TileKernels<TRegister, TVector>.Run(tileRows, width, tile);
            }

            row += tileRows;
        }
    }

    private static int PackedWidth(int width) =>
        width > TRegister.Count ? TiledProduct<TRegister, TVector>.PanelWidth : TRegister.Count;

    private static void Pack(in ProductOperands product, int column, int end, float* panel)
    {
        int width = end - column;
        if (width % TRegister.Count != 0)
        {
            Packing<TRegister, TVector>.Copy(product.B + column, product.BInner, product.Inner, width, panel, PackedWidth(width));
        }
    }
}
