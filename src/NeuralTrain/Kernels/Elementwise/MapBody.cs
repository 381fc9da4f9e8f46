using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Stores the value of every element.</summary>
internal readonly unsafe struct MapBody<TValue>(TValue value, float* result) : IElementBody
    where TValue : unmanaged, IElementValue
{
    private readonly TValue _value = value;
    private readonly float* _result = result;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes> =>
        _value.Get<TLanes>(index, column, count).Store(_result + index, count);
}
