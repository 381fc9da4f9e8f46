using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The steps that the forward passes of softmax share.</summary>
internal static unsafe class SoftmaxSteps
{
    /// <summary>The largest score of a row of at least one; unspecified if one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Max<TLanes>(float* scores, nint columns)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // The first score stands in for the lanes beyond the row.
        TLanes first = TLanes.Broadcast(scores[0]);
        TLanes largest = first;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            TLanes inRow = TLanes.KeepFirst(TLanes.AreEqual(TLanes.Zero, TLanes.Zero), columns - i);
            TLanes x = TLanes.Select(inRow, TLanes.Load(scores + i, columns - i), first);
            largest = TLanes.AtLeast(x, largest);
        }

        return largest.HorizontalMax();
    }

    /// <summary>exponentials = e^(scores − max), and returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Exponentials<TLanes, TSum>(float* scores, float* exponentials, float max, nint columns)
        where TLanes : unmanaged, ILanes<TLanes>
        where TSum : unmanaged, ILaneSum<TLanes>
    {
        TSum sum = default;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            TLanes e = VectorMath.Exp(TLanes.Load(scores + i, columns - i) - max);
            e.Store(exponentials + i, columns - i);
            sum.Add(TLanes.KeepFirst(e, columns - i));
        }

        return sum.Total;
    }
}
