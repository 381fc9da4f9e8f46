namespace NeuralTrain;

/// <summary>One pass over rows that come one by one.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>Writes the next row's inputs and targets, every value of them.</summary>
    /// <returns>False if there is none.</returns>
    public abstract bool Read(Span<float> inputs, Span<float> targets);

    /// <summary>Lets go of what the rows come from.</summary>
    public abstract void Dispose();
}
