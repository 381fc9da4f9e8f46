using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Applies an optimizer's rule with two states per element and clears the gradient in the same pass.</summary>
internal readonly unsafe struct UpdateBody2<TFormula>(
    float* value,
    float* gradient,
    float* state1,
    float* state2,
    TFormula formula) : IElementBody
    where TFormula : unmanaged, IUpdate2
{
    private readonly float* _value = value;
    private readonly float* _gradient = gradient;
    private readonly float* _state1 = state1;
    private readonly float* _state2 = state2;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = TLanes.Load(_value + index, count);
        TLanes state1 = TLanes.Load(_state1 + index, count);
        TLanes state2 = TLanes.Load(_state2 + index, count);
        _formula.Apply(ref value, TLanes.Load(_gradient + index, count), ref state1, ref state2);
        value.Store(_value + index, count);
        state1.Store(_state1 + index, count);
        state2.Store(_state2 + index, count);
        TLanes.Zero.Store(_gradient + index, count);
    }
}
