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
        SumLoop.AddColumns(value, sums, rows, columns, 0, columns);

    [SkipLocalsInit]
    private static void AddColumns<TValue>(TValue value, float* sums, int rows, int columns)
        where TValue : unmanaged, IElementValue
    {
        double* block = stackalloc double[ColumnBlock];
        for (int start = 0; start < columns; start += ColumnBlock)
        {
            int end = Math.Min(start + ColumnBlock, columns);
            new Span<double>(block, end - start).Clear();
            SumLoop.AddColumns(value, block, rows, columns, start, end);
            for (int column = start; column < end; column++)
            {
                sums[column] = (float)(sums[column] + block[column - start]);
            }
        }
    }
}
