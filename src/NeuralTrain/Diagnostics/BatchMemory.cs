namespace NeuralTrain;

/// <summary>What layers keep in memory for a batch.</summary>
/// <param name="ActivationBytes">Kept from the forward pass for the backward pass.</param>
/// <param name="GradientBytes">For the gradients that travel between layers in the backward pass.</param>
internal readonly record struct BatchMemory(long ActivationBytes, long GradientBytes)
{
    public static BatchMemory operator +(BatchMemory left, BatchMemory right) =>
        new(left.ActivationBytes + right.ActivationBytes, left.GradientBytes + right.GradientBytes);

    /// <summary>A matrix of activations.</summary>
    public static BatchMemory OfActivations(int rows, int columns) => new(sizeof(float) * (long)rows * columns, 0);

    /// <summary>A matrix of gradients.</summary>
    public static BatchMemory OfGradients(int rows, int columns) => new(0, sizeof(float) * (long)rows * columns);
}
