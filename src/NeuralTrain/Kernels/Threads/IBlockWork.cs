namespace NeuralTrain.Kernels;

/// <summary>Work on blocks that do not depend on each other.</summary>
internal interface IBlockWork
{
    /// <summary>Does one block, on whatever thread.</summary>
    void Run(int block);
}
