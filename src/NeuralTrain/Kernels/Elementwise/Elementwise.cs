using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Elementwise operations with the formula supplied as a struct. An output may be the very same span as an input;
/// partly overlapping spans give unspecified values. With <see cref="PerColumn"/> operands the others are blocks whose rows are
/// as long as those.
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
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, pResult = result)
        {
            ElementLoop.Run(new MapBody<Value1<TFormula>>(new(px, formula), pResult), x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result = formula(x, y).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y, pResult = result)
        {
            ElementLoop.Run(new MapBody<Value2<TFormula, Whole>>(new(px, py, formula), pResult), x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result = formula(x, y, z).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length(z, x.Length);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y, pz = z, pResult = result)
        {
            ElementLoop.Run(new MapBody<Value3<TFormula, Whole, Whole>>(new(px, py, pz, formula), pResult), x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, PerColumn y, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int columns = y.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value2<TFormula, PerColumn>>(new(px, py, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c] or y[c], z[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula, TY>(ReadOnlySpan<float> x, TY y, PerColumn z, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap3
        where TY : IOperand, allows ref struct
    {
        int columns = z.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length(y.Values, (int)TY.Place(x.Length, columns));
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value3<TFormula, TY, PerColumn>>(new(px, py, pz, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c] or y[c], z[c], w[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula, TY>(ReadOnlySpan<float> x, TY y, PerColumn z, PerColumn w, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap4
        where TY : IOperand, allows ref struct
    {
        int columns = z.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length(y.Values, (int)TY.Place(x.Length, columns));
        KernelGuard.Length(w.Values, columns);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pw = w.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value4<TFormula, TY>>(new(px, py, pz, pw, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c], z[c], w[c], v[c], u[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(
        ReadOnlySpan<float> x, Whole y, PerColumn z, PerColumn w, PerColumn v, PerColumn u, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap6
    {
        int columns = z.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length(y.Values, x.Length);
        KernelGuard.Length(w.Values, columns);
        KernelGuard.Length(v.Values, columns);
        KernelGuard.Length(u.Values, columns);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pw = w.Values, pv = v.Values, pu = u.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value6<TFormula>>(new(px, py, pz, pw, pv, pu, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }
}
