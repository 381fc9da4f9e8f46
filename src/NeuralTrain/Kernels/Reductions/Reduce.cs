using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>Sums of a formula over all elements: computed in float, accumulated in double.</summary>
internal static unsafe partial class Reduce
{
    /// <summary>Σ formula(x).</summary>
    [MethodImpl(Jit.Entry)]
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        fixed (float* px = x)
        {
            return SumLoop.Sum(new Value1<TFormula>(px, formula), x.Length);
        }
    }

    /// <summary>Σ formula(x, y).</summary>
    [MethodImpl(Jit.Entry)]
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        KernelGuard.Length(y, x.Length);
        fixed (float* px = x, py = y)
        {
            return SumLoop.Sum(new Value2<TFormula, Whole>(px, py, formula), x.Length);
        }
    }

    /// <summary>Whether no value is NaN or infinite: the bits of all others are less than those of infinity, but for the sign.</summary>
    [MethodImpl(Jit.Loop)]
    internal static bool AreFinite(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<int>> whole = Vector.IsHardwareAccelerated ? MemoryMarshal.Cast<float, Vector<int>>(values) : [];
        Vector<int> most = default;
        foreach (Vector<int> bits in whole) most = Vector.Max(most, bits & new Vector<int>(int.MaxValue));
        int i = whole.Length * Vector<int>.Count;
        while (i < values.Length && float.IsFinite(values[i])) i++;
        return i == values.Length && Vector.LessThanAll(most, new Vector<int>(0x7F800000));
    }

    /// <summary>Σ w·loss; writes scale·w·derivative in the same pass. Without weights they are all 1; without a gradient none is written.</summary>
    [MethodImpl(Jit.Full)]
    internal static double SumLoss<TFormula>(
        ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, ReadOnlySpan<float> weights, Span<float> gradient,
        float scale, TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        KernelGuard.Length(target, prediction.Length);
        KernelGuard.LengthOrEmpty(weights, prediction.Length);
        KernelGuard.LengthOrEmpty<float>(gradient, prediction.Length);
        fixed (float* p = prediction, t = target, w = weights, g = gradient)
        {
            return (weights.IsEmpty, gradient.IsEmpty) switch
            {
                (true, false) => SumLoop.Sum(new LossValue<TFormula, None, Whole>(p, t, w, g, scale, formula), prediction.Length),
                (true, true) => SumLoop.Sum(new LossValue<TFormula, None, None>(p, t, w, g, scale, formula), prediction.Length),
                (false, false) => SumLoop.Sum(new LossValue<TFormula, Whole, Whole>(p, t, w, g, scale, formula), prediction.Length),
                (false, true) => SumLoop.Sum(new LossValue<TFormula, Whole, None>(p, t, w, g, scale, formula), prediction.Length),
            };
        }
    }
}

/// <summary>A running sum in double of the lanes of registers, one partial sum for each lane.</summary>
internal struct LaneSum<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes _lower, _upper;

    /// <summary>All lanes together, added in a fixed order.</summary>
    public readonly double Total => TLanes.Total(_lower, _upper);

    [MethodImpl(Jit.Inline)]
    public void Add(TLanes value)
    {
        _lower = TLanes.AddLowerHalf(_lower, value);
        _upper = TLanes.AddUpperHalf(_upper, value);
    }
}

/// <summary>
/// The loops of every sum. Values are computed in float and added in double. One thread does it all, in an order
/// that depends on the shape (and on the width of the registers) alone, so the bits never depend on the threads.
/// </summary>
internal static unsafe class SumLoop
{
    [MethodImpl(Jit.Inline)]
    internal static double Sum<TValue>(in TValue value, int count)
        where TValue : unmanaged, IElementValue
    {
        if (Vector512.IsHardwareAccelerated && count > ElementLoop.NarrowCount) return Sum<TValue, Lanes512>(in value, count);

        return Vector256.IsHardwareAccelerated
            ? Sum<TValue, Lanes256>(in value, count)
            : Sum<TValue, Lanes128>(in value, count);
    }

    /// <summary>Adds Σ over rows of the value to the sum of each column from <paramref name="start"/> to
    /// <paramref name="end"/>; <paramref name="sums"/> holds just those.</summary>
    [MethodImpl(Jit.Inline)]
    internal static void AddColumns<TValue>(in TValue value, double* sums, int rows, int columns, int start, int end)
        where TValue : unmanaged, IElementValue
    {
        if (Vector512.IsHardwareAccelerated && columns > ElementLoop.NarrowCount)
        {
            AddColumns<TValue, Lanes512>(in value, sums, rows, columns, start, end);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddColumns<TValue, Lanes256>(in value, sums, rows, columns, start, end);
        }
        else
        {
            AddColumns<TValue, Lanes128>(in value, sums, rows, columns, start, end);
        }
    }

    [MethodImpl(Jit.Loop)]
    private static double Sum<TValue, TLanes>(in TValue value, int count)
        where TValue : unmanaged, IElementValue
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // A local copy, which the compiler takes apart into registers.
        TValue local = value;
        LaneSum<TLanes> sum = default;
        for (nint i = 0; i < count; i += TLanes.Count) sum.Add(TLanes.KeepFirst(local.Get<TLanes>(i, 0, count - i), count - i));

        return sum.Total;
    }

    [MethodImpl(Jit.Loop)]
    private static void AddColumns<TValue, TLanes>(in TValue value, double* sums, int rows, int columns, int start, int end)
        where TValue : unmanaged, IElementValue
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TValue local = value;
        nint offset = 0;
        for (int row = 0; row < rows; row++, offset += columns)
        {
            for (nint column = start; column < end; column += TLanes.Count)
            {
                nint rest = end - column;
                local.Get<TLanes>(offset + column, column, rest).AddTo(sums + (column - start), rest);
            }
        }
    }
}
