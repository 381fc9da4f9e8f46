namespace NeuralTrain.Kernels;

/// <summary>A formula of six values, in the order in which the loop receives them: matrices first, then per-column values.</summary>
internal interface IMap6 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w, TLanes v, TLanes u)
        where TLanes : unmanaged, ILanes<TLanes>;
}
