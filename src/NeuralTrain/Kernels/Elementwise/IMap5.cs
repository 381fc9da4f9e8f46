namespace NeuralTrain.Kernels;

/// <summary>A formula of five values, in the order in which the loop receives them: matrices first, then per-column values.</summary>
internal interface IMap5 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w, TLanes v)
        where TLanes : unmanaged, ILanes<TLanes>;
}
