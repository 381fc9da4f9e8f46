namespace NeuralTrain.Benchmarks;

/// <summary>Looks at the working set every millisecond and keeps the highest.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _ends;
    private long _highest;

    public MemoryWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The highest so far.</summary>
    public long Highest()
    {
        Dispose();
        return Math.Max(_highest, Environment.WorkingSet);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ends = true;
        _thread.Join();
    }

    private void Watch()
    {
        while (!_ends)
        {
            _highest = Math.Max(_highest, Environment.WorkingSet);
            Thread.Sleep(1);
        }
    }
}
