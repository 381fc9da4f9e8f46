using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The formulas per value of <see cref="BatchNorm"/>'s backward pass.</summary>
internal static class BatchNormFormulas
{
    /// <summary>scale·ȳ − slope·(x − m) − shift.</summary>
    internal readonly struct InputGradient : IMap6
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes mean, TLanes scale, TLanes slope, TLanes shift)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.MultiplyAdd(scale, outputGradient, -TLanes.MultiplyAdd(slope, x - mean, shift));
    }
}
