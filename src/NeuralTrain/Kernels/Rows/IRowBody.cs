namespace NeuralTrain.Kernels;

/// <summary>A computation on each row of a block by itself, such as softmax.</summary>
internal interface IRowBody
{
    /// <summary>Does row <paramref name="row"/> and returns what it contributes to the total (0 if there is none).</summary>
    double Run<TLanes, TSum>(int row)
        where TLanes : unmanaged, ILanes<TLanes>
        where TSum : unmanaged, ILaneSum<TLanes>;
}
