using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>A running sum in double of the lanes of registers, one partial sum for each lane.</summary>
internal struct LaneSum<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes _lower;
    private TLanes _upper;

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
        if (Vector512.IsHardwareAccelerated && count > ElementLoop.NarrowCount)
        {
            return Sum<TValue, Lanes512>(in value, count);
        }

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
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            sum.Add(TLanes.KeepFirst(local.Get<TLanes>(i, 0, count - i), count - i));
        }

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
