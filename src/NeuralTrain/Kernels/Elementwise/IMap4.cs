namespace NeuralTrain.Kernels;

/// <summary>A formula of four values, in the order in which the loop receives them: matrices first, then per-column values.</summary>
internal interface IMap4 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w)
        where TLanes : unmanaged, ILanes<TLanes>;
}
