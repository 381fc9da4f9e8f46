using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>
/// The micro-kernel: one tile of C = origin + A·B with all its sums in registers. Each step reads one or two registers of
/// B, and for every row broadcasts one value of A and does one or two multiply-adds.
/// Every sum runs over the inner index in order, from zero, in its own lane, and its origin is added last; therefore a
/// value does not depend on the height, the width or the place of the tile it is computed in.
/// </summary>
/// <remarks>
/// Few instructions count as much as full multiply-add units: where another program shares the core (as on most rented
/// machines), only half of what the core can issue is ours. 44 instructions make the 28 multiply-adds of a step here; 55 took 1.2
/// times as long on a shared core, and 1.00 to 1.08 times on a quiet one.
/// </remarks>
internal static unsafe class TileKernel<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // The floats of a cache line: a row of A along the inner index is asked for once for so many steps.
    private const int PrefetchSteps = TileAhead.Turn;

    // Compiled fully at once: the first calls of a training run would otherwise go through the unoptimized version.
    // The conditions on the type parameters are constants of each instance; rows a tile does not have leave no code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TColumns, TLayout>(in Tile tile)
        where TRows : struct, ITileRows
        where TColumns : struct, ITileColumns
        where TLayout : struct, ITileLayout
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

        // Rows side by side are addressed from a0 alone. Else four from each pointer, by multiples of the stride (0, 1, 2 in
        // the instruction, 3 kept).
        nint row = TLayout.IsAdjacent ? 1 : tile.ARow;
        nint row2 = 2 * row;
        nint row3 = 3 * row;
        nint step = TLayout.IsAdjacent ? tile.AInner : 1;
        nint stepB = tile.BInner;
        float* a0 = tile.A;
        float* a4 = a0 + (4 * row);
        float* a8 = a4 + (4 * row);
        float* a12 = a8 + (4 * row);

        // The same address, which the compiler cannot know: see TileRow.
        float* again = a0 + (tile.ARow - row);

        // The values of A the steps to come need: the multiply-adds waiting for them fill the scheduler long before it could
        // look that far ahead.
        float* aheadA = a0 + (PrefetchSteps * step);
        float* b = tile.B;
        float* panel = tile.Panel;
        float* aheadC = tile.C;
        float* aheadB = tile.NextB;
        for (nint left = tile.Inner; left > 0; left -= PrefetchSteps)
        {
            // One line a row, for all steps until the next turn.
            if (Sse.IsSupported && !TLayout.IsAdjacent && tile.PrefetchesA)
            {
                float* ahead = a0 + PrefetchSteps;
                for (int i = 0; i < TRows.Count; i++)
                {
                    Sse.Prefetch0(ahead);
                    ahead += row;
                }
            }

            if (Sse.IsSupported && (tile.AheadB | tile.AheadC) != 0)
            {
                TileAhead.Ask(tile, ref aheadC, ref aheadB);
            }

            nint steps = Math.Min(left, PrefetchSteps);
            do
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

                // Here a step is one line, and low tiles are not worth it.
                if (Sse.IsSupported && TLayout.IsAdjacent && TRows.Count > 3)
                {
                    Sse.Prefetch0(aheadA);
                    aheadA += step;
                }

                if (TRows.Count > 0)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0, again, bLeft, bRight, ref left0, ref right0);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(a0, bLeft, bRight, ref left0, ref right0);
                    }
                }

                if (TRows.Count > 1)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 1 : a0 + row, bLeft, bRight, ref left1, ref right1);
                }

                if (TRows.Count > 2)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0 + 2, again + 2, bLeft, bRight, ref left2, ref right2);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 2 : a0 + row2, bLeft, bRight, ref left2, ref right2);
                    }
                }

                if (TRows.Count > 3)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 3 : a0 + row3, bLeft, bRight, ref left3, ref right3);
                }

                if (TRows.Count > 4)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0 + 4, again + 4, bLeft, bRight, ref left4, ref right4);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 4 : a4, bLeft, bRight, ref left4, ref right4);
                    }
                }

                if (TRows.Count > 5)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 5 : a4 + row, bLeft, bRight, ref left5, ref right5);
                }

                if (TRows.Count > 6)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0 + 6, again + 6, bLeft, bRight, ref left6, ref right6);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 6 : a4 + row2, bLeft, bRight, ref left6, ref right6);
                    }
                }

                if (TRows.Count > 7)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 7 : a4 + row3, bLeft, bRight, ref left7, ref right7);
                }

                if (TRows.Count > 8)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0 + 8, again + 8, bLeft, bRight, ref left8, ref right8);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 8 : a8, bLeft, bRight, ref left8, ref right8);
                    }
                }

                if (TRows.Count > 9)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 9 : a8 + row, bLeft, bRight, ref left9, ref right9);
                }

                if (TRows.Count > 10)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0 + 10, again + 10, bLeft, bRight, ref left10, ref right10);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 10 : a8 + row2, bLeft, bRight, ref left10, ref right10);
                    }
                }

                if (TRows.Count > 11)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 11 : a8 + row3, bLeft, bRight, ref left11, ref right11);
                }

                if (TRows.Count > 12)
                {
                    if (TileRow<TRegister, TVector>.Twice<TLayout>())
                    {
                        TileRow<TRegister, TVector>.AddTwice<TColumns>(a0 + 12, again + 12, bLeft, bRight, ref left12, ref right12);
                    }
                    else
                    {
                        TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 12 : a12, bLeft, bRight, ref left12, ref right12);
                    }
                }

                if (TRows.Count > 13)
                {
                    TileRow<TRegister, TVector>.Add<TColumns>(TLayout.IsAdjacent ? a0 + 13 : a12 + row, bLeft, bRight, ref left13, ref right13);
                }

                if (TLayout.IsAdjacent)
                {
                    a0 += step;
                    again += step;
                }
                else
                {
                    a0++;
                    a4++;
                    a8++;
                    a12++;
                }
            }
            while (--steps != 0);
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
