using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Σw², accumulated in double: what L2 regularisation and gradient norms are made of.</summary>
internal static class SquaredNorm
{
    /// <summary>The sum of the squares of all values; finite exactly if they all are.</summary>
    public static double Of(ReadOnlySpan<float> values)
    {
        double sum = Reduce.Sum(values, default(Square));
        return double.IsFinite(sum) ? sum : InDouble(values);
    }

    // The kernel squares in float, which overflows beyond 1.8e19: exploding gradients, for which clipping is made, get there.
    private static double InDouble(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }

    private readonly struct Square : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => x * x;
    }
}
