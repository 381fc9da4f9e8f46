using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <summary>The mask a layer drew in its last forward pass, in memory that grows with the batch.</summary>
internal sealed class DroppedMask
{
    private readonly GrowingMatrix _memory = new();

    /// <summary>The mask of the last forward pass; empty before the first.</summary>
    public Matrix Last { get; private set; }

    /// <summary>Memory for the mask of a new batch.</summary>
    public Matrix Prepare(Matrix input) => Last = _memory.View(input.Rows, input.Columns);

    /// <summary>Refuses a backward pass of a batch that the mask was not drawn for.</summary>
    public void Check(Layer layer, Matrix input)
    {
        if (Last.Rows != input.Rows || Last.Columns != input.Columns)
        {
            Throw(layer, input);
        }
    }

    [DoesNotReturn]
    private void Throw(Layer layer, Matrix input) => throw new InvalidOperationException(
        $"Backward of {layer} received a {input.Shape} batch, but its last forward pass drew a mask for {Last.Shape}. " +
        "Call Forward (not Infer) with this batch first.");
}
