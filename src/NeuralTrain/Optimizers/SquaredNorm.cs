using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Σw², accumulated in double: what L2 regularisation and gradient norms are made of.</summary>
internal static class SquaredNorm
{
    /// <summary>The sum of the squares of all values.</summary>
    public static double Of(ReadOnlySpan<float> values) => Reduce.Sum(values, default(Square));

    private readonly struct Square : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => x * x;
    }
}
