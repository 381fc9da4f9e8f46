namespace NeuralTrain.Kernels;

/// <summary>
/// A product of few rows with a transposed matrix, computed as dot products: with few rows to share a panel of B,
/// transposing it would cost more than the product.
/// </summary>
internal static unsafe class DotProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    private const int TileRowCount = 4;
    private const int TileColumnCount = 4;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        Tile tile = default;
        tile.ARow = product.ARow;
        tile.BInner = product.BColumn;
        tile.CRow = product.CRow;
        tile.OriginRow = product.OriginRow;
        tile.Inner = product.Inner;

        // The smaller operand is passed over again and again and stays in the first-level cache; the other passes by once.
        if (rowEnd - rowStart <= columnEnd - columnStart)
        {
            for (int column = columnStart; column < columnEnd; column += TileColumnCount)
            {
                for (int row = rowStart; row < rowEnd; row += TileRowCount)
                {
                    RunTile(product, ref tile, row, rowEnd, column, columnEnd);
                }
            }
        }
        else
        {
            for (int row = rowStart; row < rowEnd; row += TileRowCount)
            {
                for (int column = columnStart; column < columnEnd; column += TileColumnCount)
                {
                    RunTile(product, ref tile, row, rowEnd, column, columnEnd);
                }
            }
        }
    }

    private static void RunTile(in ProductOperands product, ref Tile tile, int row, int rowEnd, int column, int columnEnd)
    {
        int height = Math.Min(TileRowCount, rowEnd - row);
        tile.A = product.A + (row * product.ARow);
        tile.B = product.B + (column * product.BColumn);
        tile.C = product.C + (row * product.CRow) + column;
        tile.Origin = product.Origin is null ? null : product.Origin + (row * product.OriginRow) + column;
        switch (columnEnd - column)
        {
            case 1: Run<TileRows.Rows1>(height, tile); break;
            case 2: Run<TileRows.Rows2>(height, tile); break;
            case 3: Run<TileRows.Rows3>(height, tile); break;
            default: Run<TileRows.Rows4>(height, tile); break;
        }
    }

    private static void Run<TColumns>(int rows, in Tile tile)
        where TColumns : struct, ITileRows
    {
        switch (rows)
        {
            case 1: DotKernel<TRegister, TVector>.Run<TileRows.Rows1, TColumns>(tile); break;
            case 2: DotKernel<TRegister, TVector>.Run<TileRows.Rows2, TColumns>(tile); break;
            case 3: DotKernel<TRegister, TVector>.Run<TileRows.Rows3, TColumns>(tile); break;
            default: DotKernel<TRegister, TVector>.Run<TileRows.Rows4, TColumns>(tile); break;
        }
    }
}
