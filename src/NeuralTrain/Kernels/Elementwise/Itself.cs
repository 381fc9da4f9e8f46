using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>x: for plain sums.</summary>
internal readonly struct Itself : IMap1
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> => x;
}
