using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Sums over the rows of a block, one per column, computed in float, accumulated in double and <b>added</b> to what the
/// destination holds: a double where the sum decides a statistic, a float where it is the gradient of a parameter.
/// </summary>
internal static unsafe partial class Reduce
{
    /// <summary>Columns summed at a time on the way to floats: their doubles stay in the first-level cache.</summary>
    private const int ColumnBlock = 256;

    /// <summary>Values from which the columns are shared among threads.</summary>
    private const int ParallelThreshold = 32768;

    /// <summary>Parts begin at multiples of this many columns: a cache line of floats, so that no two threads write to one.</summary>
    private const int Grain = 16;

    /// <summary>sums[c] += Σᵣ formula(x[r, c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        Span<double> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length<double>(sums, columnCount);
        fixed (float* px = x)
        fixed (double* pSums = sums)
        {
            AddColumns(new Value1<TFormula>(px, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        Span<float> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length<float>(sums, columnCount);
        fixed (float* px = x)
        fixed (float* pSums = sums)
        {
            AddColumns(new Value1<TFormula>(px, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        Span<double> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length<double>(sums, columnCount);
        fixed (float* px = x, py = y)
        fixed (double* pSums = sums)
        {
            AddColumns(new Value2<TFormula>(px, py, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        Span<float> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length<float>(sums, columnCount);
        fixed (float* px = x, py = y)
        fixed (float* pSums = sums)
        {
            AddColumns(new Value2<TFormula>(px, py, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], columns[c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        PerColumn columns,
        Span<double> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(columns.Values, columnCount);
        KernelGuard.Length<double>(sums, columnCount);
        fixed (float* px = x, pColumns = columns.Values)
        fixed (double* pSums = sums)
        {
            AddColumns(new Value1PerColumn1<TFormula>(px, pColumns, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], columns[c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        PerColumn columns,
        Span<float> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(columns.Values, columnCount);
        KernelGuard.Length<float>(sums, columnCount);
        fixed (float* px = x, pColumns = columns.Values)
        fixed (float* pSums = sums)
        {
            AddColumns(new Value1PerColumn1<TFormula>(px, pColumns, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c], columns[c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns,
        Span<double> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns.Values, columnCount);
        KernelGuard.Length<double>(sums, columnCount);
        fixed (float* px = x, py = y, pColumns = columns.Values)
        fixed (double* pSums = sums)
        {
            AddColumns(new Value2PerColumn1<TFormula>(px, py, pColumns, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c], columns[c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns,
        Span<float> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns.Values, columnCount);
        KernelGuard.Length<float>(sums, columnCount);
        fixed (float* px = x, py = y, pColumns = columns.Values)
        fixed (float* pSums = sums)
        {
            AddColumns(new Value2PerColumn1<TFormula>(px, py, pColumns, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c], columns1[c], columns2[c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns1,
        PerColumn columns2,
        Span<double> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap4
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns1.Values, columnCount);
        KernelGuard.Length(columns2.Values, columnCount);
        KernelGuard.Length<double>(sums, columnCount);
        fixed (float* px = x, py = y, pColumns1 = columns1.Values, pColumns2 = columns2.Values)
        fixed (double* pSums = sums)
        {
            AddColumns(new Value2PerColumn2<TFormula>(px, py, pColumns1, pColumns2, formula), pSums, rows, columnCount);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c], columns1[c], columns2[c]).</summary>
    internal static void AddColumnSums<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns1,
        PerColumn columns2,
        Span<float> sums,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap4
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns1.Values, columnCount);
        KernelGuard.Length(columns2.Values, columnCount);
        KernelGuard.Length<float>(sums, columnCount);
        fixed (float* px = x, py = y, pColumns1 = columns1.Values, pColumns2 = columns2.Values)
        fixed (float* pSums = sums)
        {
            AddColumns(new Value2PerColumn2<TFormula>(px, py, pColumns1, pColumns2, formula), pSums, rows, columnCount);
        }
    }

    private static void AddColumns<TValue>(TValue value, double* sums, int rows, int columns)
        where TValue : unmanaged, IElementValue =>
        Run(new ColumnJob<TValue> { Value = value, Doubles = sums, Rows = rows, Columns = columns });

    private static void AddColumns<TValue>(TValue value, float* sums, int rows, int columns)
        where TValue : unmanaged, IElementValue =>
        Run(new ColumnJob<TValue> { Value = value, Floats = sums, Rows = rows, Columns = columns });

    // Threads take columns, never a part of a sum.
    private static void Run<TValue>(ColumnJob<TValue> job)
        where TValue : unmanaged, IElementValue
    {
        int units = ((job.Columns - 1) / Grain) + 1;
        bool shares = (long)job.Rows * job.Columns >= ParallelThreshold && Team.Threads > 1 && units > 1;
        job.Parts = shares ? Math.Min(Team.Threads, units) : 1;
        if (shares)
        {
            Team.Run(job.Parts, &RunPart<TValue>, &job);
        }
        else
        {
            RunPart<TValue>(&job, 0);
        }
    }

    [SkipLocalsInit]
    private static void RunPart<TValue>(void* context, int part)
        where TValue : unmanaged, IElementValue
    {
        var job = (ColumnJob<TValue>*)context;
        long units = ((job->Columns - 1) / Grain) + 1;
        int first = (int)(units * part / job->Parts) * Grain;
        int last = (int)Math.Min(units * (part + 1) / job->Parts * Grain, job->Columns);
        if (job->Doubles is not null)
        {
            SumLoop.AddColumns(job->Value, job->Doubles + first, job->Rows, job->Columns, first, last);
            return;
        }

        double* block = stackalloc double[ColumnBlock];
        for (int start = first; start < last; start += ColumnBlock)
        {
            int end = Math.Min(start + ColumnBlock, last);
            new Span<double>(block, end - start).Clear();
            SumLoop.AddColumns(job->Value, block, job->Rows, job->Columns, start, end);
            for (int column = start; column < end; column++)
            {
                job->Floats[column] = (float)(job->Floats[column] + block[column - start]);
            }
        }
    }

    /// <summary>What the threads of one sum share; the destination is one of the two.</summary>
    private struct ColumnJob<TValue>
    {
        internal TValue Value;
        internal double* Doubles;
        internal float* Floats;
        internal int Rows;
        internal int Columns;
        internal int Parts;
    }
}
