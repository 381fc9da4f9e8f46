namespace NeuralTrain.Kernels;

/// <summary>How the values of A a tile reads lie in memory, as a type.</summary>
internal interface ITileLayout
{
    /// <summary>
    /// Whether the rows of a step lie side by side (A packed, or read by columns); else every row lies along the inner index.
    /// </summary>
    static abstract bool IsAdjacent { get; }
}
