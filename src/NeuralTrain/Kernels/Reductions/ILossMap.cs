namespace NeuralTrain.Kernels;

/// <summary>A loss of one prediction and its target: returns the loss and gives its derivative by the prediction.</summary>
internal interface ILossMap : IFormula
{
    TLanes Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        where TLanes : unmanaged, ILanes<TLanes>;
}
