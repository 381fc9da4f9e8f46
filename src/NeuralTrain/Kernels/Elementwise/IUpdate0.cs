namespace NeuralTrain.Kernels;

/// <summary>An optimizer's rule without state: changes the value given its gradient.</summary>
internal interface IUpdate0 : IFormula
{
    void Apply<TLanes>(ref TLanes value, TLanes gradient)
        where TLanes : unmanaged, ILanes<TLanes>;
}
