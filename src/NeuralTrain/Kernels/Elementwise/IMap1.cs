namespace NeuralTrain.Kernels;

/// <summary>A formula of one value.</summary>
internal interface IMap1 : IFormula
{
    TLanes Apply<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>;
}
