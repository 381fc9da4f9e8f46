using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The end of a tile: adds the origin to the finished sums and writes them to the result.</summary>
internal static unsafe class TileResult<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>Writes row i of the tile: its origin plus the sums given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TColumns>(in Tile tile, nint i, TVector left, TVector right)
        where TColumns : struct, ITileColumns
    {
        float* c = tile.C + (i * tile.CRow);
        float* origin = tile.Origin;
        if (origin is not null)
        {
            origin += i * tile.OriginRow;
            if (TColumns.IsDouble)
            {
                left = TRegister.Add(TRegister.Load(origin), left);
                right = TRegister.Add(LoadLast<TColumns>(origin + TRegister.Count, tile.Tail), right);
            }
            else
            {
                left = TRegister.Add(LoadLast<TColumns>(origin, tile.Tail), left);
            }
        }

        if (TColumns.IsDouble)
        {
            TRegister.Store(c, left);
            StoreLast<TColumns>(c + TRegister.Count, right, tile.Tail);
        }
        else
        {
            StoreLast<TColumns>(c, left, tile.Tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadLast<TColumns>(float* source, int tail)
        where TColumns : struct, ITileColumns =>
        TColumns.IsPartial ? TRegister.LoadFirst(source, tail) : TRegister.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLast<TColumns>(float* target, TVector value, int tail)
        where TColumns : struct, ITileColumns
    {
        if (TColumns.IsPartial)
        {
            TRegister.StoreFirst(target, value, tail);
        }
        else
        {
            TRegister.Store(target, value);
        }
    }
}
