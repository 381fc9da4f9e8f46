namespace NeuralTrain.Kernels;

/// <summary>The number of rows of a tile as a type, so that the kernel for it is compiled with exactly that many.</summary>
internal interface ITileRows
{
    /// <summary>Rows of the tile, 1 to 14.</summary>
    static abstract int Count { get; }
}
