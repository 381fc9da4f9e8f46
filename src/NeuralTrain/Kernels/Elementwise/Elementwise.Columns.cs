using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Elementwise operations on a rows × columns block with values that belong to a column, such as biases.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>result[r, c] = formula(x[r, c], columns[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        PerColumn columns,
        Span<float> result,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(columns.Values, columnCount);
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, pColumns = columns.Values, pResult = result)
        {
            RunRows(
                new Value1PerColumn1<TFormula>(px, pColumns, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], columns1[c], columns2[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        PerColumn columns1,
        PerColumn columns2,
        Span<float> result,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(columns1.Values, columnCount);
        KernelGuard.Length(columns2.Values, columnCount);
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, pColumns1 = columns1.Values, pColumns2 = columns2.Values, pResult = result)
        {
            RunRows(
                new Value1PerColumn2<TFormula>(px, pColumns1, pColumns2, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c], columns[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns,
        Span<float> result,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns.Values, columnCount);
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, py = y, pColumns = columns.Values, pResult = result)
        {
            RunRows(
                new Value2PerColumn1<TFormula>(px, py, pColumns, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c], columns1[c], columns2[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns1,
        PerColumn columns2,
        Span<float> result,
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
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, py = y, pColumns1 = columns1.Values, pColumns2 = columns2.Values, pResult = result)
        {
            RunRows(
                new Value2PerColumn2<TFormula>(px, py, pColumns1, pColumns2, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c], columns1[c], columns2[c], columns3[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns1,
        PerColumn columns2,
        PerColumn columns3,
        Span<float> result,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap5
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns1.Values, columnCount);
        KernelGuard.Length(columns2.Values, columnCount);
        KernelGuard.Length(columns3.Values, columnCount);
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, py = y, pColumns1 = columns1.Values, pColumns2 = columns2.Values, pColumns3 = columns3.Values, pResult = result)
        {
            RunRows(
                new Value2PerColumn3<TFormula>(px, py, pColumns1, pColumns2, pColumns3, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRows<TValue>(TValue value, float* result, int rows, int columns, int parallelThreshold)
        where TValue : unmanaged, IElementValue =>
        ElementLoop.RunRows(new MapBody<TValue>(value, result), rows, columns, parallelThreshold);
}
