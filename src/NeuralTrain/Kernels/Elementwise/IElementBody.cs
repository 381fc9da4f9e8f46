namespace NeuralTrain.Kernels;

/// <summary>The body of an elementwise loop with an effect: it stores what it computes.</summary>
internal interface IElementBody
{
    /// <summary>
    /// One register: element <paramref name="index"/> of the matrices, entry <paramref name="column"/> of the
    /// per-column vectors. <paramref name="count"/> elements remain from here; nothing beyond them is read or written.
    /// </summary>
    void Run<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes>;
}
