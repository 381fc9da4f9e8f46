namespace NeuralTrain.Samples;

/// <summary>Counts reports in a line that is redrawn in place, until there are as many as were expected.</summary>
internal sealed class Counter<T>(string what, int count) : IProgress<T>, IDisposable
{
    private readonly ProgressLine _line = new(what, count);
    private int _done;

    /// <inheritdoc/>
    public void Report(T value)
    {
        _line.Show(++_done);
        if (_done == count)
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
