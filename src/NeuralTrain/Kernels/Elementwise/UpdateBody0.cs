using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Applies an optimizer's rule with no state per element and clears the gradient in the same pass.</summary>
internal readonly unsafe struct UpdateBody0<TFormula>(float* value, float* gradient, TFormula formula) : IElementBody
    where TFormula : unmanaged, IUpdate0
{
    private readonly float* _value = value;
    private readonly float* _gradient = gradient;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = TLanes.Load(_value + index, count);
        _formula.Apply(ref value, TLanes.Load(_gradient + index, count));
        value.Store(_value + index, count);
        TLanes.Zero.Store(_gradient + index, count);
    }
}
