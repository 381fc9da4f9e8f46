using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>
/// The micro-kernel: one tile of C = origin + A·B with all its sums in registers. Each step reads one or two registers of
/// B, and for every row broadcasts one value of A and does one or two multiply-adds.
/// Every sum runs over the inner index in order, from zero, in its own lane, and its origin is added last; therefore a
/// value does not depend on the height, the width or the position of the tile it is computed in.
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
    /// <summary>Computes a tile of the given number of rows and columns, without packing.</summary>
    [MethodImpl(Jit.Full)]
    public static void Run(int rows, int width, in Tile tile)
    {
        if (width > TRegister.Count)
        {
            if (tile.Tail == 0) Run<TileKinds.Double>(rows, tile);
            else Run<TileKinds.PartialDouble>(rows, tile);
        }
        else if (tile.Tail == 0) Run<TileKinds.Single>(rows, tile);

        // Up to half a register: processors that compute 512 bits in two halves take half of the time, the others no more.
        else if (typeof(TRegister) == typeof(Register512) && width <= Register256.Count) TileKernel<Register256, Vector256<float>>.Run<TileKinds.PartialSingle>(rows, tile);
        else Run<TileKinds.PartialSingle>(rows, tile);
    }

    /// <summary>Computes a tile of the given number of rows.</summary>
    [MethodImpl(Jit.Entry)]
    public static void Run<TColumns>(int rows, in Tile tile)
        where TColumns : unmanaged
    {
        if (tile.ARow == 1) Run<TColumns, TileKinds.Adjacent>(rows, tile);
        else Run<TColumns, TileKinds.AlongRows>(rows, tile);
    }

    [MethodImpl(Jit.Full)]
    private static void Run<TColumns, TLayout>(int rows, in Tile tile)
        where TColumns : unmanaged
        where TLayout : unmanaged
    {
        switch (rows)
        {
            case 1: Run<Counts.One, TColumns, TLayout>(tile); break;
            case 2: Run<Counts.Two, TColumns, TLayout>(tile); break;
            case 3: Run<Counts.Three, TColumns, TLayout>(tile); break;
            case 4: Run<Counts.Four, TColumns, TLayout>(tile); break;
            case 5: Run<Counts.Five, TColumns, TLayout>(tile); break;
            case 6: Run<Counts.Six, TColumns, TLayout>(tile); break;
            case 7: Run<Counts.Seven, TColumns, TLayout>(tile); break;
            case 8: Run<Counts.Eight, TColumns, TLayout>(tile); break;
            case 9: Run<Counts.Nine, TColumns, TLayout>(tile); break;
            case 10: Run<Counts.Ten, TColumns, TLayout>(tile); break;
            case 11: Run<Counts.Eleven, TColumns, TLayout>(tile); break;
            case 12: Run<Counts.Twelve, TColumns, TLayout>(tile); break;
            case 13: Run<Counts.Thirteen, TColumns, TLayout>(tile); break;
            default: Run<Counts.Fourteen, TColumns, TLayout>(tile); break;
        }
    }

    // The conditions on the type parameters are constants of each instance; rows a tile does not have leave no code.
    [MethodImpl(Jit.Full)]
    private static void Run<TRows, TColumns, TLayout>(in Tile tile)
        where TRows : unmanaged
        where TColumns : unmanaged
        where TLayout : unmanaged
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
        nint row = sizeof(TLayout) == TileKinds.AdjacentSize ? 1 : tile.ARow;
        nint row2 = 2 * row;
        nint row3 = 3 * row;
        nint step = sizeof(TLayout) == TileKinds.AdjacentSize ? tile.AInner : 1;
        nint stepB = tile.BInner;
        float* a0 = tile.A;
        float* a4 = a0 + (4 * row);
        float* a8 = a4 + (4 * row);
        float* a12 = a8 + (4 * row);

        // The same address, which the compiler cannot know: see Add.
        float* again = a0 + (tile.ARow - row);

        // The values of A the steps to come need: the multiply-adds waiting for them fill the scheduler long before it could
        // look that far ahead.
        float* aheadA = a0 + (Tile.Turn * step);
        float* b = tile.B;
        float* panel = tile.Panel;
        float* aheadC = tile.C;
        float* aheadB = tile.NextB;
        for (nint left = tile.Inner; left > 0; left -= Tile.Turn)
        {
            // One line a row, for all steps until the next turn.
            if (Sse.IsSupported && sizeof(TLayout) != TileKinds.AdjacentSize && tile.PrefetchesA)
            {
                float* ahead = a0 + Tile.Turn;
                for (int i = 0; i < sizeof(TRows); i++)
                {
                    Sse.Prefetch0(ahead);
                    ahead += row;
                }
            }

            if (Sse.IsSupported && (tile.AheadB | tile.AheadC) != 0) Prefetch(tile, ref aheadC, ref aheadB);

            nint steps = Math.Min(left, Tile.Turn);
            do
            {
                TVector bLeft = TRegister.Load(b);
                TVector bRight = sizeof(TColumns) >= TileKinds.DoubleSize ? TRegister.Load(b + TRegister.Count) : default;
                b += stepB;
                if (sizeof(TColumns) == TileKinds.PackingSize)
                {
                    TRegister.Store(panel, bLeft);
                    TRegister.Store(panel + TRegister.Count, bRight);
                    panel += 2 * TRegister.Count;
                }

                // Here a step is one line, and low tiles are not worth it.
                if (Sse.IsSupported && sizeof(TLayout) == TileKinds.AdjacentSize && sizeof(TRows) > 3)
                {
                    Sse.Prefetch0(aheadA);
                    aheadA += step;
                }

                Add(0, a0, a0, again, bLeft, bRight, ref left0, ref right0);
                Add(1, a0 + row, a0, again, bLeft, bRight, ref left1, ref right1);
                Add(2, a0 + row2, a0, again, bLeft, bRight, ref left2, ref right2);
                Add(3, a0 + row3, a0, again, bLeft, bRight, ref left3, ref right3);
                Add(4, a4, a0, again, bLeft, bRight, ref left4, ref right4);
                Add(5, a4 + row, a0, again, bLeft, bRight, ref left5, ref right5);
                Add(6, a4 + row2, a0, again, bLeft, bRight, ref left6, ref right6);
                Add(7, a4 + row3, a0, again, bLeft, bRight, ref left7, ref right7);
                Add(8, a8, a0, again, bLeft, bRight, ref left8, ref right8);
                Add(9, a8 + row, a0, again, bLeft, bRight, ref left9, ref right9);
                Add(10, a8 + row2, a0, again, bLeft, bRight, ref left10, ref right10);
                Add(11, a8 + row3, a0, again, bLeft, bRight, ref left11, ref right11);
                Add(12, a12, a0, again, bLeft, bRight, ref left12, ref right12);
                Add(13, a12 + row, a0, again, bLeft, bRight, ref left13, ref right13);
                a0 += step;
                if (sizeof(TLayout) == TileKinds.AdjacentSize)
                {
                    again += step;
                }
                else
                {
                    a4++;
                    a8++;
                    a12++;
                }
            }
            while (--steps != 0);
        }

        float* c = tile.C;
        float* origin = tile.Origin;
        Write(tile, 0, ref c, ref origin, left0, right0);
        Write(tile, 1, ref c, ref origin, left1, right1);
        Write(tile, 2, ref c, ref origin, left2, right2);
        Write(tile, 3, ref c, ref origin, left3, right3);
        Write(tile, 4, ref c, ref origin, left4, right4);
        Write(tile, 5, ref c, ref origin, left5, right5);
        Write(tile, 6, ref c, ref origin, left6, right6);
        Write(tile, 7, ref c, ref origin, left7, right7);
        Write(tile, 8, ref c, ref origin, left8, right8);
        Write(tile, 9, ref c, ref origin, left9, right9);
        Write(tile, 10, ref c, ref origin, left10, right10);
        Write(tile, 11, ref c, ref origin, left11, right11);
        Write(tile, 12, ref c, ref origin, left12, right12);
        Write(tile, 13, ref c, ref origin, left13, right13);

        // One row in one step: its value of A times the step's one or two registers of B, added to its sums. Where a multiply-add can
        // broadcast its own operand, every other row reads its value twice, which saves an instruction (for all rows, two reads a
        // cycle would not suffice). The broadcasts must be arguments, not locals, and the second from its own pointer, for the compiler to
        // embed them: without, a step of 14 rows has 58 instructions instead of 44 and takes 1.03 times as long, 1.2 on a shared core.
        [MethodImpl(Jit.Inline)]
        static void Add(int i, float* along, float* a0, float* again, TVector bLeft, TVector bRight, ref TVector left, ref TVector right)
        {
            if (i >= sizeof(TRows)) return;
            if (sizeof(TLayout) == TileKinds.AdjacentSize && i % 2 == 0 && TRegister.EmbedsBroadcasts)
            {
                left = TRegister.MultiplyAdd(TRegister.Broadcast(a0[i]), bLeft, left);
                if (sizeof(TColumns) >= TileKinds.DoubleSize) right = TRegister.MultiplyAdd(TRegister.Broadcast(again[i]), bRight, right);
            }
            else
            {
                TVector a = TRegister.Broadcast(sizeof(TLayout) == TileKinds.AdjacentSize ? a0[i] : *along);
                left = TRegister.MultiplyAdd(a, bLeft, left);
                if (sizeof(TColumns) >= TileKinds.DoubleSize) right = TRegister.MultiplyAdd(a, bRight, right);
            }
        }

        // The end of row i: its origin plus its sums, to the result. The pointers go from row to row: multiplying the strides again took 5 % of
        // the instructions of a tile with an inner index of 32.
        [MethodImpl(Jit.Inline)]
        static void Write(in Tile tile, int i, ref float* c, ref float* origin, TVector left, TVector right)
        {
            if (i >= sizeof(TRows)) return;
            if (origin is not null)
            {
                left = TRegister.Add(sizeof(TColumns) >= TileKinds.DoubleSize ? TRegister.Load(origin) : LoadLast(origin, tile.Tail), left);
                if (sizeof(TColumns) >= TileKinds.DoubleSize) right = TRegister.Add(LoadLast(origin + TRegister.Count, tile.Tail), right);
                origin += tile.OriginRow;
            }

            if (sizeof(TColumns) >= TileKinds.DoubleSize) TRegister.Store(c, left);
            TVector last = sizeof(TColumns) >= TileKinds.DoubleSize ? right : left;
            float* end = sizeof(TColumns) >= TileKinds.DoubleSize ? c + TRegister.Count : c;
            if (sizeof(TColumns) % 2 == 0) TRegister.StoreFirst(end, last, tile.Tail);
            else TRegister.Store(end, last);
            c += tile.CRow;
        }

        [MethodImpl(Jit.Inline)]
        static TVector LoadLast(float* source, int tail) =>
            sizeof(TColumns) % 2 == 0 ? TRegister.LoadFirst(source, tail) : TRegister.Load(source);
    }

    /// <summary>
    /// Prefetches what this tile and those after it will need, a little in each turn: so the waiting is spread under the multiply-adds
    /// instead of coming at the end of every tile and at the beginning of every panel.
    /// </summary>
    /// <remarks>The last turns may reach beyond the tile: that costs nothing and cannot fail.</remarks>
    [MethodImpl(Jit.Inline)]
    private static void Prefetch(in Tile tile, ref float* c, ref float* b)
    {
        // Rows begin anywhere in a line, so that two lines of floats may lie in three.
        float* nextC = c;
        for (int i = tile.AheadC; i > 0; i--)
        {
            Sse.Prefetch0(nextC);
            Sse.Prefetch0(nextC + Tile.LineFloats);
            Sse.Prefetch0(nextC + Tile.Piece - 1);
            nextC += tile.CRow;
        }

        c = nextC;

        // Into the second-level cache only: the first is full of the present panel.
        float* nextB = b;
        for (int i = tile.AheadB; i > 0; i--)
        {
            Sse.Prefetch1(nextB);
            Sse.Prefetch1(nextB + Tile.LineFloats);
            Sse.Prefetch1(nextB + Tile.Piece - 1);
            nextB += tile.NextBRow;
        }

        b = nextB;
    }
}
