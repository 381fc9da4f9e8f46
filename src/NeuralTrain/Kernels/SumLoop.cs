using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// The loops behind every sum. Values are computed in float and added in double. One thread does it all, in an order
/// that depends on the shape (and on the width of the registers) alone, so the bits never depend on the threads.
/// </summary>
internal static unsafe class SumLoop
{
    internal static double Sum<TValue>(TValue value, int count)
        where TValue : unmanaged, IElementValue
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Sum<TValue, Lanes512, LaneSum512>(value, count);
        }

        return Vector256.IsHardwareAccelerated
            ? Sum<TValue, Lanes256, LaneSum256>(value, count)
            : Sum<TValue, Lanes128, LaneSum128>(value, count);
    }

    /// <summary>Adds Σ over rows of the value to the sum of each column from <paramref name="start"/> to
    /// <paramref name="end"/>; <paramref name="sums"/> holds just those.</summary>
    internal static void AddColumns<TValue>(TValue value, double* sums, int rows, int columns, int start, int end)
        where TValue : unmanaged, IElementValue
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddColumns<TValue, Lanes512>(value, sums, rows, columns, start, end);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddColumns<TValue, Lanes256>(value, sums, rows, columns, start, end);
        }
        else
        {
            AddColumns<TValue, Lanes128>(value, sums, rows, columns, start, end);
        }
    }

    /// <summary>The sum at one width, which tests choose freely.</summary>
    internal static double Sum<TValue, TLanes, TSum>(TValue value, int count)
        where TValue : unmanaged, IElementValue
        where TLanes : unmanaged, ILanes<TLanes>
        where TSum : unmanaged, ILaneSum<TLanes>
    {
        TSum sum = default;
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            sum.Add(TLanes.KeepFirst(value.Get<TLanes>(i, 0, count - i), count - i));
        }

        return sum.Total;
    }

    /// <summary>The sums of columns at one width.</summary>
    internal static void AddColumns<TValue, TLanes>(
        TValue value, double* sums, int rows, int columns, int start, int end)
        where TValue : unmanaged, IElementValue
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint offset = 0;
        for (int row = 0; row < rows; row++, offset += columns)
        {
            for (nint column = start; column < end; column += TLanes.Count)
            {
                nint rest = end - column;
                value.Get<TLanes>(offset + column, column, rest).AddTo(sums + (column - start), rest);
            }
        }
    }
}
