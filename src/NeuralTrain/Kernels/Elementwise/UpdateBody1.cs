using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Applies an optimizer's rule with one state per element and clears the gradient in the same pass.</summary>
internal readonly unsafe struct UpdateBody1<TFormula>(
    float* value,
    float* gradient,
    float* state,
    TFormula formula) : IElementBody
    where TFormula : unmanaged, IUpdate1
{
    private readonly float* _value = value;
    private readonly float* _gradient = gradient;
    private readonly float* _state = state;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = TLanes.Load(_value + index, count);
        TLanes state = TLanes.Load(_state + index, count);
        _formula.Apply(ref value, TLanes.Load(_gradient + index, count), ref state);
        value.Store(_value + index, count);
        state.Store(_state + index, count);
        TLanes.Zero.Store(_gradient + index, count);
    }
}
