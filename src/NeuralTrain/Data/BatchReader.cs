namespace NeuralTrain;

/// <summary>One pass over a source, batch by batch: <c>while (reader.Read()) …</c>.</summary>
/// <remarks>
/// The matrices belong to the reader and are overwritten by the next <see cref="Read"/>; nothing is allocated per batch. They may be views of the data
/// themselves, and are to be read only, unless <see cref="BatchPlan.Writable"/> asked for copies.
/// </remarks>
public abstract class BatchReader : IDisposable
{
    /// <summary>The inputs of the present batch, <c>[rows × InputSize]</c>.</summary>
    public abstract Matrix Inputs { get; }

    /// <summary>The targets of the present batch, <c>[rows × TargetSize]</c>.</summary>
    public abstract Matrix Targets { get; }

    /// <summary>How much each row of the present batch counts; empty if all count the same.</summary>
    public virtual ReadOnlySpan<float> SampleWeights => [];

    /// <summary>Goes to the next batch.</summary>
    /// <returns>Whether there is one.</returns>
    public abstract bool Read();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of files and threads, if there are any.</summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
