namespace NeuralTrain.Kernels;

/// <summary>An optimizer's rule with one state per element, such as a velocity.</summary>
internal interface IUpdate1 : IFormula
{
    void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state)
        where TLanes : unmanaged, ILanes<TLanes>;
}
