using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Sums over the rows of a block, one per column, computed in float, accumulated in double and <b>added</b> to what the
/// destination holds: doubles where the sum decides a statistic, floats where it is the gradient of a parameter.
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
    [MethodImpl(Jit.Entry)]
    internal static void AddColumnSums<TFormula, TSum>(ReadOnlySpan<float> x, Span<TSum> sums, TFormula formula)
        where TFormula : unmanaged, IMap1
        where TSum : unmanaged
    {
        int rows = KernelGuard.Rows(x, sums.Length);
        fixed (float* px = x)
        {
            AddColumns(new Value1<TFormula>(px, formula), sums, rows);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c] or y[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void AddColumnSums<TFormula, TY, TSum>(ReadOnlySpan<float> x, TY y, Span<TSum> sums, TFormula formula)
        where TFormula : unmanaged, IMap2
        where TY : IOperand, allows ref struct
        where TSum : unmanaged
    {
        int rows = KernelGuard.Rows(x, sums.Length);
        KernelGuard.Length(y.Values, (int)TY.Place(x.Length, sums.Length));
        fixed (float* px = x, py = y.Values)
        {
            AddColumns(new Value2<TFormula, TY>(px, py, formula), sums, rows);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c], z[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void AddColumnSums<TFormula, TSum>(
        ReadOnlySpan<float> x, Whole y, PerColumn z, Span<TSum> sums, TFormula formula)
        where TFormula : unmanaged, IMap3
        where TSum : unmanaged
    {
        int rows = KernelGuard.Rows(x, sums.Length);
        KernelGuard.Length(y.Values, x.Length);
        KernelGuard.Length(z.Values, sums.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values)
        {
            AddColumns(new Value3<TFormula, Whole, PerColumn>(px, py, pz, formula), sums, rows);
        }
    }

    /// <summary>sums[c] += Σᵣ formula(x[r, c], y[r, c], z[c], w[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void AddColumnSums<TFormula, TSum>(
        ReadOnlySpan<float> x, Whole y, PerColumn z, PerColumn w, Span<TSum> sums, TFormula formula)
        where TFormula : unmanaged, IMap4
        where TSum : unmanaged
    {
        int rows = KernelGuard.Rows(x, sums.Length);
        KernelGuard.Length(y.Values, x.Length);
        KernelGuard.Length(z.Values, sums.Length);
        KernelGuard.Length(w.Values, sums.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pw = w.Values)
        {
            AddColumns(new Value4<TFormula, Whole>(px, py, pz, pw, formula), sums, rows);
        }
    }

    // Threads take columns, never a part of a sum.
    [MethodImpl(Jit.Inline)]
    private static void AddColumns<TValue, TSum>(TValue value, Span<TSum> sums, int rows)
        where TValue : unmanaged, IElementValue
        where TSum : unmanaged
    {
        int columns = sums.Length;
        int units = ((columns - 1) / Grain) + 1;
        bool shares = (long)rows * columns >= ParallelThreshold && Team.Threads > 1 && units > 1;
        fixed (TSum* pSums = sums)
        {
            var job = new ColumnJob<TValue, TSum>
            {
                Value = value, Sums = pSums, Rows = rows, Columns = columns, Units = units, Parts = shares ? Math.Min(Team.Threads, units) : 1,
            };
            if (shares)
            {
                Team.Run(job.Parts, &AddPart<TValue, TSum>, &job);
            }
            else
            {
                AddPart<TValue, TSum>(&job, 0);
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(Jit.Full)]
    private static void AddPart<TValue, TSum>(void* context, int part)
        where TValue : unmanaged, IElementValue
        where TSum : unmanaged
    {
        var job = (ColumnJob<TValue, TSum>*)context;
        int first = (int)((long)job->Units * part / job->Parts) * Grain;
        int last = (int)Math.Min((long)job->Units * (part + 1) / job->Parts * Grain, job->Columns);
        if (typeof(TSum) == typeof(double))
        {
            SumLoop.AddColumns(job->Value, (double*)job->Sums + first, job->Rows, job->Columns, first, last);
            return;
        }

        float* sums = (float*)job->Sums;
        double* block = stackalloc double[ColumnBlock];
        for (int start = first; start < last; start += ColumnBlock)
        {
            int end = Math.Min(start + ColumnBlock, last);
            new Span<double>(block, end - start).Clear();
            SumLoop.AddColumns(job->Value, block, job->Rows, job->Columns, start, end);
            for (int column = start; column < end; column++) sums[column] = (float)(sums[column] + block[column - start]);
        }
    }

    /// <summary>What the threads of one sum share: sums are doubles or floats.</summary>
    private struct ColumnJob<TValue, TSum>
        where TSum : unmanaged
    {
        internal TValue Value;
        internal TSum* Sums;
        internal int Rows, Columns, Units, Parts;
    }
}
