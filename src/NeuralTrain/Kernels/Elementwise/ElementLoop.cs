using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// The one loop behind every elementwise operation: over a rows × columns block (one row, where there are no columns),
/// at the widest registers of the machine, split among threads when it is large. A tail shorter than a register goes
/// through the same instructions by a partial load and store, so no value depends on its position, on the length of the
/// span or on the number of threads. Between processors the last bits may differ, with the fused multiply-add and the
/// estimate of reciprocals.
/// The loops at one width, here and in the sums, rows and random numbers, are compiled in full at their first call: unoptimised,
/// these generic formulas are so slow that 60 000 XOR steps from a cold start took about twice as long.
/// </summary>
internal static unsafe class ElementLoop
{
    /// <summary>Parts begin at multiples of this many elements: a cache line, so that no two threads write to one.</summary>
    private const int Grain = 16;

    /// <summary>Up to here half a register of 512 bits does, with the same bits. It is more than twice as fast: a masked
    /// load that reaches over the array just stored beside it, as small arrays lie, waits for that store.</summary>
    internal const int NarrowCount = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<TBody>(in TBody body, int count, int parallelThreshold)
        where TBody : unmanaged, IElementBody
    {
        if (Shares(count, parallelThreshold))
        {
            RunParts(in body, rows: 1, count);
            return;
        }

        RunRange(in body, 0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void RunRows<TBody>(in TBody body, int rows, int columns, int parallelThreshold)
        where TBody : unmanaged, IElementBody
    {
        if (rows > 1 && Shares((long)rows * columns, parallelThreshold))
        {
            RunParts(in body, rows, columns);
            return;
        }

        RunRowRange(in body, 0, rows, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Shares(long count, int threshold) =>
        count >= Math.Min(threshold, Elementwise.ParallelThresholdAwake) && Team.Threads > 1 && (count >= threshold || Team.IsAwake);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRange<TBody>(in TBody body, int start, int end)
        where TBody : unmanaged, IElementBody
    {
        if (Vector512.IsHardwareAccelerated && end - start > NarrowCount)
        {
            RunSpan<TBody, Lanes512>(in body, start, end);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            RunSpan<TBody, Lanes256>(in body, start, end);
        }
        else
        {
            RunSpan<TBody, Lanes128>(in body, start, end);
        }
    }

    // Straight to the tail where there is nothing else: one call less for the smallest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunSpan<TBody, TLanes>(in TBody body, int start, int end)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (end - start < TLanes.Count)
        {
            RunTail<TBody, TLanes>(in body, start, 0, end - start);
        }
        else
        {
            RunRange<TBody, TLanes>(in body, start, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRowRange<TBody>(in TBody body, int startRow, int endRow, int columns)
        where TBody : unmanaged, IElementBody
    {
        if (Vector512.IsHardwareAccelerated && columns > NarrowCount)
        {
            RunRowRange<TBody, Lanes512>(in body, startRow, endRow, columns);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            RunRowRange<TBody, Lanes256>(in body, startRow, endRow, columns);
        }
        else
        {
            RunRowRange<TBody, Lanes128>(in body, startRow, endRow, columns);
        }
    }

    /// <summary>Elements <paramref name="start"/> to <paramref name="end"/> at one width, which tests choose freely. Never inlined: the compiler's inlining budget belongs to the formula.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void RunRange<TBody, TLanes>(in TBody body, int start, int end)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // A local copy, which the compiler takes apart into registers. Nothing in the loop branches, so that it also keeps
        // the constants of the formula there.
        TBody local = body;
        nint i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            local.Run<TLanes>(i, 0, TLanes.Count);
        }

        if (i < end)
        {
            RunTail<TBody, TLanes>(in body, i, 0, end - i);
        }
    }

    /// <summary>Rows <paramref name="startRow"/> to <paramref name="endRow"/> at one width.</summary>
    internal static void RunRowRange<TBody, TLanes>(in TBody body, int startRow, int endRow, int columns)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (columns % TLanes.Count == 0)
        {
            RunWholeRows<TBody, TLanes>(in body, startRow, endRow, columns);
        }
        else
        {
            RunBrokenRows<TBody, TLanes>(in body, startRow, endRow, columns);
        }
    }

    /// <summary>Rows of whole registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void RunWholeRows<TBody, TLanes>(in TBody body, int startRow, int endRow, int columns)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TBody local = body;
        nint offset = (nint)startRow * columns;
        for (int row = startRow; row < endRow; row++, offset += columns)
        {
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                local.Run<TLanes>(offset + column, column, TLanes.Count);
            }
        }
    }

    /// <summary>Rows that end in a part of a register: a branch in the loop, for a call at the end of each row would cost more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void RunBrokenRows<TBody, TLanes>(in TBody body, int startRow, int endRow, int columns)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TBody local = body;
        nint offset = (nint)startRow * columns;
        for (int row = startRow; row < endRow; row++, offset += columns)
        {
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                local.Run<TLanes>(offset + column, column, columns - column);
            }
        }
    }

    /// <summary>What is shorter than a register. Kept apart, as the formula once more would double the code of each loop.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void RunTail<TBody, TLanes>(in TBody body, nint index, nint column, nint count)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes> =>
        body.Run<TLanes>(index, column, count);

    /// <summary>Splits the columns of a single row, or the rows of several, evenly among the threads.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunParts<TBody>(in TBody body, int rows, int columns)
        where TBody : unmanaged, IElementBody
    {
        int units = rows > 1 ? rows : ((columns - 1) / Grain) + 1;
        var job = new Job<TBody>
        {
            Body = body,
            Rows = rows,
            Columns = columns,
            Units = units,
            Parts = Math.Min(Team.Threads, units),
        };
        Team.Run(job.Parts, &RunPart<TBody>, &job);
    }

    private static void RunPart<TBody>(void* context, int part)
        where TBody : unmanaged, IElementBody
    {
        var job = (Job<TBody>*)context;
        int start = (int)((long)job->Units * part / job->Parts);
        int end = (int)((long)job->Units * (part + 1) / job->Parts);
        if (job->Rows > 1)
        {
            RunRowRange(in job->Body, start, end, job->Columns);
        }
        else
        {
            RunRange(in job->Body, start * Grain, (int)Math.Min((long)end * Grain, job->Columns));
        }
    }

    /// <summary>What the threads of one loop share.</summary>
    private struct Job<TBody>
    {
        internal TBody Body;
        internal int Rows;
        internal int Columns;
        internal int Units;
        internal int Parts;
    }
}
