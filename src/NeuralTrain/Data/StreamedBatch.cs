namespace NeuralTrain;

/// <summary>The memory of one batch that is read ahead.</summary>
internal sealed class StreamedBatch
{
    public StreamedBatch(int rows, int inputSize, int targetSize)
    {
        Inputs = new Matrix(rows, inputSize);
        Targets = new Matrix(rows, targetSize);
    }

    public Matrix Inputs { get; }

    public Matrix Targets { get; }

    /// <summary>How many of its rows are the batch.</summary>
    public int Rows { get; set; }
}
