using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>A computation on each row of a block by itself, such as softmax.</summary>
internal interface IRowBody
{
    /// <summary>Does row <paramref name="row"/> and returns what it contributes to the total (0 if there is none).</summary>
    double Run<TLanes>(int row)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>
/// The loop over rows that are computed each by itself. Large blocks are cut in a fixed number of parts, whose totals are
/// added in their order, so the total has the same bits for any number of threads.
/// </summary>
internal static unsafe class RowLoop
{
    private const int MaxParts = 16;

    /// <summary>Values a part has at least: less is done before another thread wakes.</summary>
    private const int PartValues = 16384;

    /// <summary>Runs the body for every row and returns the sum of what it returned.</summary>
    [MethodImpl(Jit.Inline)]
    internal static double Run<TBody>(in TBody body, int rows, int columns)
        where TBody : unmanaged, IRowBody
    {
        int parts = (int)Math.Min(Math.Min(rows, MaxParts), (long)rows * columns / PartValues);
        return parts > 1 ? RunParts(in body, rows, columns, parts) : RunRange(in body, 0, rows, columns);
    }

    [MethodImpl(Jit.Full)]
    private static double RunParts<TBody>(in TBody body, int rows, int columns, int parts)
        where TBody : unmanaged, IRowBody
    {
        double* totals = stackalloc double[MaxParts];
        var job = new Job<TBody> { Body = body, Rows = rows, Columns = columns, Parts = parts, Totals = totals };
        Team.Run(parts, &RunPart<TBody>, &job);
        double total = 0;
        for (int part = 0; part < parts; part++) total += totals[part];

        return total;
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="end"/> at one width.</summary>
    [MethodImpl(Jit.Loop)]
    private static double RunRange<TBody, TLanes>(in TBody body, int start, int end)
        where TBody : unmanaged, IRowBody
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TBody local = body;
        double total = 0;
        for (int row = start; row < end; row++) total += local.Run<TLanes>(row);

        return total;
    }

    [MethodImpl(Jit.Inline)]
    private static double RunRange<TBody>(in TBody body, int start, int end, int columns)
        where TBody : unmanaged, IRowBody
    {
        if (Vector512.IsHardwareAccelerated && columns > ElementLoop.NarrowCount)
        {
            return RunRange<TBody, Lanes512>(in body, start, end);
        }

        return Vector256.IsHardwareAccelerated
            ? RunRange<TBody, Lanes256>(in body, start, end)
            : RunRange<TBody, Lanes128>(in body, start, end);
    }

    [MethodImpl(Jit.Full)]
    private static void RunPart<TBody>(void* context, int part)
        where TBody : unmanaged, IRowBody
    {
        var job = (Job<TBody>*)context;
        int start = (int)((long)job->Rows * part / job->Parts);
        int end = (int)((long)job->Rows * (part + 1) / job->Parts);
        job->Totals[part] = RunRange(in job->Body, start, end, job->Columns);
    }

    /// <summary>What the threads of one loop share.</summary>
    private struct Job<TBody>
    {
        internal TBody Body;
        internal int Rows, Columns, Parts;
        internal double* Totals;
    }
}
