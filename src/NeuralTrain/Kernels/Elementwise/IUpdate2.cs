namespace NeuralTrain.Kernels;

/// <summary>An optimizer's rule with two states per element, such as Adam's moments.</summary>
internal interface IUpdate2 : IFormula
{
    void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state1, ref TLanes state2)
        where TLanes : unmanaged, ILanes<TLanes>;
}
