using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>x·y: for scaling, and for dot products.</summary>
internal readonly struct Product : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x, TLanes y)
        where TLanes : unmanaged, ILanes<TLanes> => x * y;
}
