using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The value of a loss per element, its derivative stored in the same pass.</summary>
internal readonly unsafe struct LossValue<TFormula>(
    float* prediction,
    float* target,
    float* gradient,
    TFormula formula) : IElementValue
    where TFormula : unmanaged, ILossMap
{
    private readonly float* _prediction = prediction;
    private readonly float* _target = target;
    private readonly float* _gradient = gradient;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Get<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = _formula.Apply(
            TLanes.Load(_prediction + index, count),
            TLanes.Load(_target + index, count),
            out TLanes gradient);
        gradient.Store(_gradient + index, count);
        return value;
    }
}
