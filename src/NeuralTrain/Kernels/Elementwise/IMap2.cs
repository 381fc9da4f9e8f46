namespace NeuralTrain.Kernels;

/// <summary>A formula of two values, in the order in which the loop receives them: matrices first, then per-column values.</summary>
internal interface IMap2 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y)
        where TLanes : unmanaged, ILanes<TLanes>;
}
