namespace NeuralTrain.Kernels;

/// <summary>A loss of one prediction, its target and a weight: returns the loss and gives its derivative by the prediction.</summary>
internal interface ILossMapWeighted : IFormula
{
    TLanes Apply<TLanes>(TLanes prediction, TLanes target, TLanes weight, out TLanes gradient)
        where TLanes : unmanaged, ILanes<TLanes>;
}
