using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>A formula of two matrices.</summary>
internal readonly unsafe struct Value2<TFormula>(float* x, float* y, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap2
{
    private readonly float* _x = x;
    private readonly float* _y = y;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Get<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes> =>
        _formula.Apply(
            TLanes.Load(_x + index, count),
            TLanes.Load(_y + index, count));
}
