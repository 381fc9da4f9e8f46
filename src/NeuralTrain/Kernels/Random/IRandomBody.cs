namespace NeuralTrain.Kernels;

/// <summary>What is done with the random values of a stream: one register of them at a time.</summary>
internal interface IRandomBody
{
    /// <summary>Whether the values are standard normal; otherwise they are uniform in [0, 1).</summary>
    static abstract bool IsNormal { get; }

    /// <summary>Takes the values for the elements from <paramref name="index"/> on, of which
    /// <paramref name="count"/> remain.</summary>
    void Run<TLanes>(TLanes random, nint index, nint count)
        where TLanes : unmanaged, ILanes<TLanes>;
}
