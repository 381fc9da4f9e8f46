using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// A tile of dot products: up to four rows of A with one to four columns of B, both read along the inner index, so that
/// nothing has to be packed or transposed. Each value is summed in the lanes of one register and over the lanes at the
/// end, in an order that depends on nothing but the length.
/// </summary>
internal static unsafe class DotKernel<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Here column j of B begins at B + j·<see cref="Tile.BInner"/>, and neighbours along the inner index are adjacent
    /// on both sides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TColumns>(in Tile tile)
        where TRows : struct, ITileRows
        where TColumns : struct, ITileRows
    {
        TVector sum00 = default, sum01 = default, sum02 = default, sum03 = default;
        TVector sum10 = default, sum11 = default, sum12 = default, sum13 = default;
        TVector sum20 = default, sum21 = default, sum22 = default, sum23 = default;
        TVector sum30 = default, sum31 = default, sum32 = default, sum33 = default;

        float* a0 = tile.A;
        float* a1 = a0 + tile.ARow;
        float* a2 = a1 + tile.ARow;
        float* a3 = a2 + tile.ARow;
        float* b0 = tile.B;
        float* b1 = b0 + tile.BInner;
        float* b2 = b1 + tile.BInner;
        float* b3 = b2 + tile.BInner;
        nint p = 0;
        for (; p <= tile.Inner - TRegister.Count; p += TRegister.Count)
        {
            TVector y0 = TRegister.Load(b0 + p);
            TVector y1 = TColumns.Count > 1 ? TRegister.Load(b1 + p) : default;
            TVector y2 = TColumns.Count > 2 ? TRegister.Load(b2 + p) : default;
            TVector y3 = TColumns.Count > 3 ? TRegister.Load(b3 + p) : default;

            TVector x0 = TRegister.Load(a0 + p);
            sum00 = TRegister.MultiplyAdd(x0, y0, sum00);
            if (TColumns.Count > 1)
            {
                sum01 = TRegister.MultiplyAdd(x0, y1, sum01);
            }

            if (TColumns.Count > 2)
            {
                sum02 = TRegister.MultiplyAdd(x0, y2, sum02);
            }

            if (TColumns.Count > 3)
            {
                sum03 = TRegister.MultiplyAdd(x0, y3, sum03);
            }

            if (TRows.Count > 1)
            {
                TVector x = TRegister.Load(a1 + p);
                sum10 = TRegister.MultiplyAdd(x, y0, sum10);
                if (TColumns.Count > 1)
                {
                    sum11 = TRegister.MultiplyAdd(x, y1, sum11);
                }

                if (TColumns.Count > 2)
                {
                    sum12 = TRegister.MultiplyAdd(x, y2, sum12);
                }

                if (TColumns.Count > 3)
                {
                    sum13 = TRegister.MultiplyAdd(x, y3, sum13);
                }
            }

            if (TRows.Count > 2)
            {
                TVector x = TRegister.Load(a2 + p);
                sum20 = TRegister.MultiplyAdd(x, y0, sum20);
                if (TColumns.Count > 1)
                {
                    sum21 = TRegister.MultiplyAdd(x, y1, sum21);
                }

                if (TColumns.Count > 2)
                {
                    sum22 = TRegister.MultiplyAdd(x, y2, sum22);
                }

                if (TColumns.Count > 3)
                {
                    sum23 = TRegister.MultiplyAdd(x, y3, sum23);
                }
            }

            if (TRows.Count > 3)
            {
                TVector x = TRegister.Load(a3 + p);
                sum30 = TRegister.MultiplyAdd(x, y0, sum30);
                if (TColumns.Count > 1)
                {
                    sum31 = TRegister.MultiplyAdd(x, y1, sum31);
                }

                if (TColumns.Count > 2)
                {
                    sum32 = TRegister.MultiplyAdd(x, y2, sum32);
                }

                if (TColumns.Count > 3)
                {
                    sum33 = TRegister.MultiplyAdd(x, y3, sum33);
                }
            }
        }

        int rest = (int)(tile.Inner - p);
        if (rest > 0)
        {
            // The lanes beyond the rest are zeros on both sides and add nothing.
            TVector y0 = TRegister.LoadFirst(b0 + p, rest);
            TVector y1 = TColumns.Count > 1 ? TRegister.LoadFirst(b1 + p, rest) : default;
            TVector y2 = TColumns.Count > 2 ? TRegister.LoadFirst(b2 + p, rest) : default;
            TVector y3 = TColumns.Count > 3 ? TRegister.LoadFirst(b3 + p, rest) : default;

            TVector x0 = TRegister.LoadFirst(a0 + p, rest);
            sum00 = TRegister.MultiplyAdd(x0, y0, sum00);
            if (TColumns.Count > 1)
            {
                sum01 = TRegister.MultiplyAdd(x0, y1, sum01);
            }

            if (TColumns.Count > 2)
            {
                sum02 = TRegister.MultiplyAdd(x0, y2, sum02);
            }

            if (TColumns.Count > 3)
            {
                sum03 = TRegister.MultiplyAdd(x0, y3, sum03);
            }

            if (TRows.Count > 1)
            {
                TVector x = TRegister.LoadFirst(a1 + p, rest);
                sum10 = TRegister.MultiplyAdd(x, y0, sum10);
                if (TColumns.Count > 1)
                {
                    sum11 = TRegister.MultiplyAdd(x, y1, sum11);
                }

                if (TColumns.Count > 2)
                {
                    sum12 = TRegister.MultiplyAdd(x, y2, sum12);
                }

                if (TColumns.Count > 3)
                {
                    sum13 = TRegister.MultiplyAdd(x, y3, sum13);
                }
            }

            if (TRows.Count > 2)
            {
                TVector x = TRegister.LoadFirst(a2 + p, rest);
                sum20 = TRegister.MultiplyAdd(x, y0, sum20);
                if (TColumns.Count > 1)
                {
                    sum21 = TRegister.MultiplyAdd(x, y1, sum21);
                }

                if (TColumns.Count > 2)
                {
                    sum22 = TRegister.MultiplyAdd(x, y2, sum22);
                }

                if (TColumns.Count > 3)
                {
                    sum23 = TRegister.MultiplyAdd(x, y3, sum23);
                }
            }

            if (TRows.Count > 3)
            {
                TVector x = TRegister.LoadFirst(a3 + p, rest);
                sum30 = TRegister.MultiplyAdd(x, y0, sum30);
                if (TColumns.Count > 1)
                {
                    sum31 = TRegister.MultiplyAdd(x, y1, sum31);
                }

                if (TColumns.Count > 2)
                {
                    sum32 = TRegister.MultiplyAdd(x, y2, sum32);
                }

                if (TColumns.Count > 3)
                {
                    sum33 = TRegister.MultiplyAdd(x, y3, sum33);
                }
            }
        }

        Finish<TColumns>(tile, 0, sum00, sum01, sum02, sum03);

        if (TRows.Count > 1)
        {
            Finish<TColumns>(tile, 1, sum10, sum11, sum12, sum13);
        }

        if (TRows.Count > 2)
        {
            Finish<TColumns>(tile, 2, sum20, sum21, sum22, sum23);
        }

        if (TRows.Count > 3)
        {
            Finish<TColumns>(tile, 3, sum30, sum31, sum32, sum33);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TColumns>(in Tile tile, nint i, TVector sum0, TVector sum1, TVector sum2, TVector sum3)
        where TColumns : struct, ITileRows
    {
        float* c = tile.C + (i * tile.CRow);
        Vector128<float> sums = TRegister.Sums(sum0, sum1, sum2, sum3);
        if (tile.Origin is not null)
        {
            sums = Register128.LoadFirst(tile.Origin + (i * tile.OriginRow), TColumns.Count) + sums;
        }

        Register128.StoreFirst(c, sums, TColumns.Count);
    }
}
