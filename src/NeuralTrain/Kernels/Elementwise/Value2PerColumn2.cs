using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>A formula of two matrices and two vectors holding a value per column.</summary>
internal readonly unsafe struct Value2PerColumn2<TFormula>(
    float* x,
    float* y,
    float* columns1,
    float* columns2,
    TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap4
{
    private readonly float* _x = x;
    private readonly float* _y = y;
    private readonly float* _columns1 = columns1;
    private readonly float* _columns2 = columns2;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Get<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes> =>
        _formula.Apply(
            TLanes.Load(_x + index, count),
            TLanes.Load(_y + index, count),
            TLanes.Load(_columns1 + column, count),
            TLanes.Load(_columns2 + column, count));
}
