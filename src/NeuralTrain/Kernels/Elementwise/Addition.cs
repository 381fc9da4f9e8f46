using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>x + y.</summary>
internal readonly struct Addition : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x, TLanes y)
        where TLanes : unmanaged, ILanes<TLanes> => x + y;
}
