using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The operations with most values per column: what normalisation needs for a single pass.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>result[r, c] = formula(x[r, c], columns1[c], columns2[c], columns3[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        PerColumn columns1,
        PerColumn columns2,
        PerColumn columns3,
        Span<float> result,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap4
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(columns1.Values, columnCount);
        KernelGuard.Length(columns2.Values, columnCount);
        KernelGuard.Length(columns3.Values, columnCount);
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, pColumns1 = columns1.Values, pColumns2 = columns2.Values, pColumns3 = columns3.Values, pResult = result)
        {
            RunRows(
                new Value1PerColumn3<TFormula>(px, pColumns1, pColumns2, pColumns3, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c], columns1[c], columns2[c], columns3[c], columns4[c]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MapColumns<TFormula>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        PerColumn columns1,
        PerColumn columns2,
        PerColumn columns3,
        PerColumn columns4,
        Span<float> result,
        int rows,
        int columnCount,
        TFormula formula)
        where TFormula : unmanaged, IMap6
    {
        int count = KernelGuard.Block(rows, columnCount);
        KernelGuard.Length(x, count);
        KernelGuard.Length(y, count);
        KernelGuard.Length(columns1.Values, columnCount);
        KernelGuard.Length(columns2.Values, columnCount);
        KernelGuard.Length(columns3.Values, columnCount);
        KernelGuard.Length(columns4.Values, columnCount);
        KernelGuard.Length<float>(result, count);
        fixed (float* px = x, py = y, pResult = result)
        fixed (float* pColumns1 = columns1.Values, pColumns2 = columns2.Values, pColumns3 = columns3.Values, pColumns4 = columns4.Values)
        {
            RunRows(
                new Value2PerColumn4<TFormula>(px, py, pColumns1, pColumns2, pColumns3, pColumns4, formula),
                pResult,
                rows,
                columnCount,
                TFormula.ParallelThreshold);
        }
    }
}
