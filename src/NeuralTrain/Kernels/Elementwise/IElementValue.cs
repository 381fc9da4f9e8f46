namespace NeuralTrain.Kernels;

/// <summary>
/// The value an elementwise loop computes at a place: loads the operands there and applies a formula. It knows where
/// its data lie; the loops decide which place, at which width, by which thread, and what becomes of the value.
/// </summary>
internal interface IElementValue
{
    /// <summary>
    /// One register: element <paramref name="index"/> of the matrices, entry <paramref name="column"/> of the
    /// per-column vectors. <paramref name="count"/> elements remain from here; if fewer than a register, nothing beyond
    /// them is touched and the other lanes hold anything.
    /// </summary>
    TLanes Get<TLanes>(nint index, nint column, nint count)
        where TLanes : unmanaged, ILanes<TLanes>;
}
