namespace NeuralTrain.Kernels;

/// <summary>The micro-kernel for a number of rows known only while running.</summary>
internal static class TileKernels<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>Computes a tile of the given number of rows and columns, without packing.</summary>
    public static void Run(int rows, int width, in Tile tile)
    {
        if (width > TRegister.Count)
        {
            if (tile.Tail == 0)
            {
                Run<TileColumns.Double>(rows, tile);
            }
            else
            {
                Run<TileColumns.PartialDouble>(rows, tile);
            }
        }
        else if (tile.Tail == 0)
        {
            Run<TileColumns.Single>(rows, tile);
        }
        else
        {
            Run<TileColumns.PartialSingle>(rows, tile);
        }
    }

    /// <summary>Computes a tile of the given number of rows.</summary>
    public static void Run<TColumns>(int rows, in Tile tile)
        where TColumns : struct, ITileColumns
    {
        if (tile.ARow == 1)
        {
            Run<TColumns, TileLayout.Adjacent>(rows, tile);
        }
        else
        {
            Run<TColumns, TileLayout.AlongRows>(rows, tile);
        }
    }

    private static void Run<TColumns, TLayout>(int rows, in Tile tile)
        where TColumns : struct, ITileColumns
        where TLayout : struct, ITileLayout
    {
        switch (rows)
        {
            case 1: TileKernel<TRegister, TVector>.Run<TileRows.Rows1, TColumns, TLayout>(tile); break;
            case 2: TileKernel<TRegister, TVector>.Run<TileRows.Rows2, TColumns, TLayout>(tile); break;
            case 3: TileKernel<TRegister, TVector>.Run<TileRows.Rows3, TColumns, TLayout>(tile); break;
            case 4: TileKernel<TRegister, TVector>.Run<TileRows.Rows4, TColumns, TLayout>(tile); break;
            case 5: TileKernel<TRegister, TVector>.Run<TileRows.Rows5, TColumns, TLayout>(tile); break;
            case 6: TileKernel<TRegister, TVector>.Run<TileRows.Rows6, TColumns, TLayout>(tile); break;
            case 7: TileKernel<TRegister, TVector>.Run<TileRows.Rows7, TColumns, TLayout>(tile); break;
            case 8: TileKernel<TRegister, TVector>.Run<TileRows.Rows8, TColumns, TLayout>(tile); break;
            case 9: TileKernel<TRegister, TVector>.Run<TileRows.Rows9, TColumns, TLayout>(tile); break;
            case 10: TileKernel<TRegister, TVector>.Run<TileRows.Rows10, TColumns, TLayout>(tile); break;
            case 11: TileKernel<TRegister, TVector>.Run<TileRows.Rows11, TColumns, TLayout>(tile); break;
            case 12: TileKernel<TRegister, TVector>.Run<TileRows.Rows12, TColumns, TLayout>(tile); break;
            case 13: TileKernel<TRegister, TVector>.Run<TileRows.Rows13, TColumns, TLayout>(tile); break;
            default: TileKernel<TRegister, TVector>.Run<TileRows.Rows14, TColumns, TLayout>(tile); break;
        }
    }
}
