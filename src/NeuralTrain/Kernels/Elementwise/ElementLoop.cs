using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>The body of an elementwise loop with an effect: it stores what it computes.</summary>
internal interface IElementBody
{
    /// <summary>
    /// One register: element <paramref name="index"/> of the matrices, entry <paramref name="column"/> of the
    /// per-column vectors. <paramref name="count"/> elements remain from here; nothing beyond them is read or written.
    /// </summary>
    void Run<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>Stores the value of every element.</summary>
internal readonly unsafe struct MapBody<TValue>(TValue value, float* result) : IElementBody
    where TValue : unmanaged, IElementValue
{
    [MethodImpl(Jit.Inline)]
    public void Run<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
        value.Get<TLanes>(index, column, count).Store(result + index, count);
}

/// <summary>
/// The one loop of every elementwise operation: over a rows × columns block (one row, where there are no columns),
/// at the widest registers of the machine, split among threads when it is large. A tail shorter than a register goes
/// through the same instructions by a partial load and store, so no value depends on its position, on the length of the
/// span or on the number of threads. Between processors the last bits may differ, with the fused multiply-add and the
/// estimate of reciprocals.
/// </summary>
internal static unsafe class ElementLoop
{
    /// <summary>Parts begin at multiples of this many elements: a cache line, so that no two threads write to one.</summary>
    private const int Grain = 16;

    /// <summary>Up to here half a register of 512 bits does, with the same bits. It is more than twice as fast: a masked
    /// load that reaches over the array just stored beside it, as small arrays lie, waits for that store.</summary>
    internal const int NarrowCount = 8;

    [MethodImpl(Jit.Inline)]
    internal static void Run<TBody>(in TBody body, int count, int parallelThreshold)
        where TBody : unmanaged, IElementBody
    {
        if (Shares(count, parallelThreshold))
        {
            RunParts(in body, ((count - 1) / Grain) + 1, count, columns: 0);
            return;
        }

        RunRange(in body, 0, count, columns: 0);
    }

    [MethodImpl(Jit.Inline)]
    internal static void RunRows<TBody>(in TBody body, int rows, int columns, int parallelThreshold)
        where TBody : unmanaged, IElementBody
    {
        if (rows <= 1)
        {
            Run(in body, rows * columns, parallelThreshold);
        }
        else if (Shares((long)rows * columns, parallelThreshold))
        {
            RunParts(in body, rows, rows, columns);
        }
        else
        {
            RunRange(in body, 0, rows, columns);
        }
    }

    [MethodImpl(Jit.Inline)]
    private static bool Shares(long count, int threshold) =>
        count >= Math.Min(threshold, Elementwise.ParallelThresholdAwake) && Team.Threads > 1 && (count >= threshold || Team.IsAwake);

    /// <summary>Elements (where there are no columns) or rows <paramref name="start"/> to <paramref name="end"/> at the width that suits them.</summary>
    [MethodImpl(Jit.Inline)]
    private static void RunRange<TBody>(in TBody body, int start, int end, int columns)
        where TBody : unmanaged, IElementBody
    {
        if (Vector512.IsHardwareAccelerated && (columns == 0 ? end - start : columns) > NarrowCount)
        {
            RunRange<TBody, Lanes512>(in body, start, end, columns);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            RunRange<TBody, Lanes256>(in body, start, end, columns);
        }
        else
        {
            RunRange<TBody, Lanes128>(in body, start, end, columns);
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void RunRange<TBody, TLanes>(in TBody body, int start, int end, int columns)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (columns == 0)
        {
            // Straight to the tail where there is nothing else: one call less for the smallest.
            if (end - start < TLanes.Count)
            {
                RunTail<TBody, TLanes>(in body, start, end - start);
            }
            else
            {
                RunElements<TBody, TLanes>(in body, start, end);
            }
        }
        else if (columns % TLanes.Count == 0)
        {
            RunWholeRows<TBody, TLanes>(in body, start, end, columns);
        }
        else
        {
            RunBrokenRows<TBody, TLanes>(in body, start, end, columns);
        }
    }

    /// <summary>Elements of a single row at one width, which tests choose freely. Never inlined: the compiler's inlining budget belongs to the formula.</summary>
    [MethodImpl(Jit.Loop)]
    internal static void RunElements<TBody, TLanes>(in TBody body, int start, int end)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // A local copy, which the compiler takes apart into registers. Nothing in the loop branches, so that it also keeps
        // the constants of the formula there.
        TBody local = body;
        nint i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count) local.Run<TLanes>(i, i, TLanes.Count);

        if (i < end) RunTail<TBody, TLanes>(in body, i, end - i);
    }

    /// <summary>What is shorter than a register. Kept apart, as the formula once more would double the code of each loop.</summary>
    [MethodImpl(Jit.Loop)]
    private static void RunTail<TBody, TLanes>(in TBody body, nint index, nint count)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes> =>
        body.Run<TLanes>(index, index, count);

    /// <summary>Rows of whole registers.</summary>
    [MethodImpl(Jit.Loop)]
    private static void RunWholeRows<TBody, TLanes>(in TBody body, int start, int end, int columns)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TBody local = body;
        nint offset = (nint)start * columns;
        for (int row = start; row < end; row++, offset += columns)
        {
            for (nint column = 0; column < columns; column += TLanes.Count) local.Run<TLanes>(offset + column, column, TLanes.Count);
        }
    }

    /// <summary>Rows that end in a part of a register: a branch in the loop, for a call at the end of each row would cost more.</summary>
    [MethodImpl(Jit.Loop)]
    private static void RunBrokenRows<TBody, TLanes>(in TBody body, int start, int end, int columns)
        where TBody : unmanaged, IElementBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TBody local = body;
        nint offset = (nint)start * columns;
        for (int row = start; row < end; row++, offset += columns)
        {
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                local.Run<TLanes>(offset + column, column, columns - column);
            }
        }
    }

    /// <summary>Splits the rows, or the cache lines of a single one, evenly among the threads.</summary>
    [MethodImpl(Jit.Loop)]
    private static void RunParts<TBody>(in TBody body, int units, int end, int columns)
        where TBody : unmanaged, IElementBody
    {
        int parts = Math.Min(Team.Threads, units);
        var job = new Job<TBody> { Body = body, Units = units, End = end, Columns = columns, Parts = parts };
        Team.Run(parts, &RunPart<TBody>, &job);
    }

    [MethodImpl(Jit.Full)]
    private static void RunPart<TBody>(void* context, int part)
        where TBody : unmanaged, IElementBody
    {
        var job = (Job<TBody>*)context;
        long grain = job->Columns == 0 ? Grain : 1;
        long start = (long)job->Units * part / job->Parts * grain;
        long end = (long)job->Units * (part + 1) / job->Parts * grain;
        RunRange(in job->Body, (int)start, (int)Math.Min(end, job->End), job->Columns);
    }

    /// <summary>What the threads of one loop share.</summary>
    private struct Job<TBody>
    {
        internal TBody Body;
        internal int Units, End, Columns, Parts;
    }
}
