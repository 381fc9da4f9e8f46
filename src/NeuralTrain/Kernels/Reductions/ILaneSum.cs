namespace NeuralTrain.Kernels;

/// <summary>A running sum in double of the lanes of a register, one partial sum per lane.</summary>
internal interface ILaneSum<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    void Add(TLanes value);

    /// <summary>All lanes together, added in a fixed order.</summary>
    double Total { get; }
}
