using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Elementwise operations with the formula supplied as a struct. An output may be the very same span as an input;
/// partly overlapping spans give unspecified values.
/// </summary>
internal static unsafe partial class Elementwise
{
    /// <summary>Elements from which a formula of a few arithmetic operations is shared among threads: the data of
    /// smaller ones come from the cache faster than a second thread wakes.</summary>
    internal const int ParallelThresholdLight = 262144;

    /// <summary>Elements from which any formula is shared while the workers are awake: they then come from a larger piece of work,
    /// which left them their parts of the data.</summary>
    internal const int ParallelThresholdAwake = 65536;

    /// <summary>Elements from which a formula with an exponential or logarithm is shared among threads.</summary>
    internal const int ParallelThresholdHeavy = 32768;

    /// <summary>result = formula(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, pResult = result)
        {
            Run(new Value1<TFormula>(px, formula), pResult, x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result = formula(x, y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Map<TFormula>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y, pResult = result)
        {
            Run(new Value2<TFormula>(px, py, formula), pResult, x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result = formula(x, y, z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Map<TFormula>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length(z, x.Length);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y, pz = z, pResult = result)
        {
            Run(new Value3<TFormula>(px, py, pz, formula), pResult, x.Length, TFormula.ParallelThreshold);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TValue>(TValue value, float* result, int count, int parallelThreshold)
        where TValue : unmanaged, IElementValue =>
        ElementLoop.Run(new MapBody<TValue>(value, result), count, parallelThreshold);
}
