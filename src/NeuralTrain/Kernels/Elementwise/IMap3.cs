namespace NeuralTrain.Kernels;

/// <summary>A formula of three values, in the order in which the loop receives them: matrices first, then per-column values.</summary>
internal interface IMap3 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z)
        where TLanes : unmanaged, ILanes<TLanes>;
}
