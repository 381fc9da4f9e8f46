using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// The formulas that normalisation layers share. A mean is kept in two parts, the float next to it and the small rest, so
/// that x − μ loses nothing when the mean is large beside the deviation.
/// </summary>
internal static class Moments
{
    /// <summary>(x − m)², m the mean as a float.</summary>
    internal readonly struct SquaredDeviation : IMap2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes mean)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes deviation = x - mean;
            return deviation * deviation;
        }
    }

    /// <summary>(x − m)·ȳ.</summary>
    internal readonly struct DeviationTimesGradient : IMap3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes mean)
            where TLanes : unmanaged, ILanes<TLanes> => (x - mean) * outputGradient;
    }

    /// <summary>(x − m)·scale + shift.</summary>
    internal readonly struct Normalize : IMap4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes mean, TLanes scale, TLanes shift)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.MultiplyAdd(x - mean, scale, shift);
    }
}
