using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>½(q − y)², whose derivative is the error itself: what the losses of squared errors share.</summary>
internal readonly struct SquaredError : ILossMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes error = prediction - target;
        gradient = error;
        return 0.5f * error * error;
    }
}
