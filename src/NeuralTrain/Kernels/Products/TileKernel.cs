using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>
/// The micro-kernel: one tile of C = origin + A·B with all its sums in registers. Each step reads one or two registers of
/// B, and for every row broadcasts one value of A and does one or two multiply-adds.
/// Every sum runs over the inner index in order, from zero, in its own lane, and its origin is added last; therefore a
/// value does not depend on the height, the width or the place of the tile it is computed in.
/// </summary>
internal static unsafe class TileKernel<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // The floats of a cache line: A is asked for once for so many steps.
    private const int PrefetchSteps = TileAhead.Turn;

    // Compiled fully at once: the first calls of a training run would otherwise go through the unoptimized version.
    // The conditions on TRows and TColumns are constants of each instance; rows a tile does not have leave no code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TColumns>(in Tile tile)
        where TRows : struct, ITileRows
        where TColumns : struct, ITileColumns
    {
        TVector left0 = default, right0 = default;
        TVector left1 = default, right1 = default;
        TVector left2 = default, right2 = default;
        TVector left3 = default, right3 = default;
        TVector left4 = default, right4 = default;
        TVector left5 = default, right5 = default;
        TVector left6 = default, right6 = default;
        TVector left7 = default, right7 = default;
        TVector left8 = default, right8 = default;
        TVector left9 = default, right9 = default;
        TVector left10 = default, right10 = default;
        TVector left11 = default, right11 = default;
        TVector left12 = default, right12 = default;
        TVector left13 = default, right13 = default;

        // Four rows are addressed from each pointer by multiples of the stride (0, 1, 2 in the instruction, 3 kept).
        nint row = tile.ARow;
        nint row2 = 2 * row;
        nint row3 = 3 * row;
        nint step = tile.AInner;
        nint stepB = tile.BInner;
        float* a0 = tile.A;
        float* a4 = a0 + (4 * row);
        float* a8 = a4 + (4 * row);
        float* a12 = a8 + (4 * row);
        float* b = tile.B;
        float* panel = tile.Panel;
        bool prefetches = tile.PrefetchesA;
        for (nint left = tile.Inner; left > 0; left -= PrefetchSteps)
        {
            // The values of A the next steps need, one cache line a row: the multiply-adds waiting for them fill the
            // scheduler long before it could look that far ahead.
            if (Sse.IsSupported && prefetches)
            {
                float* ahead = a0 + (PrefetchSteps * step);
                nint next = step == 1 ? row : step;
                for (int i = 0; i < TRows.Count; i++)
                {
                    Sse.Prefetch0(ahead);
                    ahead += next;
                }
            }

            if (Sse.IsSupported && (tile.AheadB | tile.AheadC) != 0)
            {
                TileAhead.Ask(tile, TRows.Count, (tile.Inner - left) / PrefetchSteps);
            }

            for (nint p = Math.Min(left, PrefetchSteps); p > 0; p--)
            {
                TVector bLeft = TRegister.Load(b);
                TVector bRight = TColumns.IsDouble ? TRegister.Load(b + TRegister.Count) : default;
                b += stepB;
                if (TColumns.IsPacking)
                {
                    TRegister.Store(panel, bLeft);
                    TRegister.Store(panel + TRegister.Count, bRight);
                    panel += 2 * TRegister.Count;
                }

                if (TRows.Count > 0)
                {
                    TVector a = TRegister.Broadcast(*a0);
                    left0 = TRegister.MultiplyAdd(a, bLeft, left0);
                    if (TColumns.IsDouble)
                    {
                        right0 = TRegister.MultiplyAdd(a, bRight, right0);
                    }
                }

                if (TRows.Count > 1)
                {
                    TVector a = TRegister.Broadcast(a0[row]);
                    left1 = TRegister.MultiplyAdd(a, bLeft, left1);
                    if (TColumns.IsDouble)
                    {
                        right1 = TRegister.MultiplyAdd(a, bRight, right1);
                    }
                }

                if (TRows.Count > 2)
                {
                    TVector a = TRegister.Broadcast(a0[row2]);
                    left2 = TRegister.MultiplyAdd(a, bLeft, left2);
                    if (TColumns.IsDouble)
                    {
                        right2 = TRegister.MultiplyAdd(a, bRight, right2);
                    }
                }

                if (TRows.Count > 3)
                {
                    TVector a = TRegister.Broadcast(a0[row3]);
                    left3 = TRegister.MultiplyAdd(a, bLeft, left3);
                    if (TColumns.IsDouble)
                    {
                        right3 = TRegister.MultiplyAdd(a, bRight, right3);
                    }
                }

                if (TRows.Count > 4)
                {
                    TVector a = TRegister.Broadcast(*a4);
                    left4 = TRegister.MultiplyAdd(a, bLeft, left4);
                    if (TColumns.IsDouble)
                    {
                        right4 = TRegister.MultiplyAdd(a, bRight, right4);
                    }
                }

                if (TRows.Count > 5)
                {
                    TVector a = TRegister.Broadcast(a4[row]);
                    left5 = TRegister.MultiplyAdd(a, bLeft, left5);
                    if (TColumns.IsDouble)
                    {
                        right5 = TRegister.MultiplyAdd(a, bRight, right5);
                    }
                }

                if (TRows.Count > 6)
                {
                    TVector a = TRegister.Broadcast(a4[row2]);
                    left6 = TRegister.MultiplyAdd(a, bLeft, left6);
                    if (TColumns.IsDouble)
                    {
                        right6 = TRegister.MultiplyAdd(a, bRight, right6);
                    }
                }

                if (TRows.Count > 7)
                {
                    TVector a = TRegister.Broadcast(a4[row3]);
                    left7 = TRegister.MultiplyAdd(a, bLeft, left7);
                    if (TColumns.IsDouble)
                    {
                        right7 = TRegister.MultiplyAdd(a, bRight, right7);
                    }
                }

                if (TRows.Count > 8)
                {
                    TVector a = TRegister.Broadcast(*a8);
                    left8 = TRegister.MultiplyAdd(a, bLeft, left8);
                    if (TColumns.IsDouble)
                    {
                        right8 = TRegister.MultiplyAdd(a, bRight, right8);
                    }
                }

                if (TRows.Count > 9)
                {
                    TVector a = TRegister.Broadcast(a8[row]);
                    left9 = TRegister.MultiplyAdd(a, bLeft, left9);
                    if (TColumns.IsDouble)
                    {
                        right9 = TRegister.MultiplyAdd(a, bRight, right9);
                    }
                }

                if (TRows.Count > 10)
                {
                    TVector a = TRegister.Broadcast(a8[row2]);
                    left10 = TRegister.MultiplyAdd(a, bLeft, left10);
                    if (TColumns.IsDouble)
                    {
                        right10 = TRegister.MultiplyAdd(a, bRight, right10);
                    }
                }

                if (TRows.Count > 11)
                {
                    TVector a = TRegister.Broadcast(a8[row3]);
                    left11 = TRegister.MultiplyAdd(a, bLeft, left11);
                    if (TColumns.IsDouble)
                    {
                        right11 = TRegister.MultiplyAdd(a, bRight, right11);
                    }
                }

                if (TRows.Count > 12)
                {
                    TVector a = TRegister.Broadcast(*a12);
                    left12 = TRegister.MultiplyAdd(a, bLeft, left12);
                    if (TColumns.IsDouble)
                    {
                        right12 = TRegister.MultiplyAdd(a, bRight, right12);
                    }
                }

                if (TRows.Count > 13)
                {
                    TVector a = TRegister.Broadcast(a12[row]);
                    left13 = TRegister.MultiplyAdd(a, bLeft, left13);
                    if (TColumns.IsDouble)
                    {
                        right13 = TRegister.MultiplyAdd(a, bRight, right13);
                    }
                }

                a0 += step;
                a4 += step;
                a8 += step;
                a12 += step;
            }
        }

        if (TRows.Count > 0)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 0, left0, right0);
        }

        if (TRows.Count > 1)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 1, left1, right1);
        }

        if (TRows.Count > 2)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 2, left2, right2);
        }

        if (TRows.Count > 3)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 3, left3, right3);
        }

        if (TRows.Count > 4)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 4, left4, right4);
        }

        if (TRows.Count > 5)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 5, left5, right5);
        }

        if (TRows.Count > 6)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 6, left6, right6);
        }

        if (TRows.Count > 7)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 7, left7, right7);
        }

        if (TRows.Count > 8)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 8, left8, right8);
        }

        if (TRows.Count > 9)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 9, left9, right9);
        }

        if (TRows.Count > 10)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 10, left10, right10);
        }

        if (TRows.Count > 11)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 11, left11, right11);
        }

        if (TRows.Count > 12)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 12, left12, right12);
        }

        if (TRows.Count > 13)
        {
            TileResult<TRegister, TVector>.Write<TColumns>(tile, 13, left13, right13);
        }
    }
}
