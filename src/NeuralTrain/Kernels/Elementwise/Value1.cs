using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>A formula of one matrix.</summary>
internal readonly unsafe struct Value1<TFormula>(float* x, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap1
{
    private readonly float* _x = x;
    private readonly TFormula _formula = formula;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Get<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes> =>
        _formula.Apply(TLanes.Load(_x + index, count));
}
