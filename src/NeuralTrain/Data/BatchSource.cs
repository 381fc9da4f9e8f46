namespace NeuralTrain;

/// <summary>Where a trainer's batches come from: a <see cref="Dataset"/> in memory, or a stream that never is in memory as a whole.</summary>
/// <remarks>A source of one's own overrides the sizes and <see cref="Read"/>; what it gives may be read any number of times, one pass an epoch.</remarks>
public abstract class BatchSource
{
    /// <summary>Columns of the inputs.</summary>
    public abstract int InputSize { get; }

    /// <summary>Columns of the targets.</summary>
    public abstract int TargetSize { get; }

    /// <summary>Number of rows; null if nobody knows before the first pass.</summary>
    public abstract int? Count { get; }

    /// <summary>The class that each column of the targets stands for; empty if the targets are no classes, or nobody named them.</summary>
    public virtual IReadOnlyList<string> Classes => [];

    /// <summary>Begins one pass over the data.</summary>
    /// <param name="plan">How the rows make batches.</param>
    /// <returns>A reader that stands before the first batch.</returns>
    public abstract BatchReader Read(BatchPlan plan);
}
