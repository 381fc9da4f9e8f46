using System.Runtime.ExceptionServices;

namespace NeuralTrain;

/// <summary>
/// Runs long work items on a few dedicated threads. They begin in order, and none before all items a window back have ended.
/// </summary>
/// <remarks>
/// The window makes decisions that depend on other items reproducible: item i may look at the items up to i − window, all of
/// which have ended however many threads there are, and at no others. These threads are not the compute team: an item may take
/// minutes, and its computations use the team themselves.
/// </remarks>
internal sealed class WindowedWork
{
    private readonly object _gate = new();
    private readonly bool[] _ended;
    private readonly int _window;
    private readonly Action<int> _work;
    private int _next;
    private int _firstNotEnded;
    private ExceptionDispatchInfo? _failure;

    private WindowedWork(int count, int window, Action<int> work)
    {
        _ended = new bool[count];
        _window = window;
        _work = work;
    }

    /// <summary>Runs <paramref name="work"/> once for each item of [0, <paramref name="count"/>) and returns when all have ended.</summary>
    /// <remarks>If an item throws, no further one begins, and the first exception is thrown here once the running ones have ended.</remarks>
    /// <param name="count">How many items, 0 or more.</param>
    /// <param name="threads">How many may run at once, the caller included, 1 or more.</param>
    /// <param name="window">How far an item may be ahead of the first one still running, 1 or more; at most this many run at once.</param>
    /// <param name="work">The work on one item.</param>
    public static void Run(int count, int threads, int window, Action<int> work)
    {
        var run = new WindowedWork(count, window, work);
        var helpers = new Thread[Math.Max(Math.Min(threads, Math.Min(count, window)) - 1, 0)];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(run.Work) { IsBackground = true, Name = $"NeuralTrain work {i + 1}" };
            helpers[i].Start();
        }

        run.Work();
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }

        run._failure?.Throw();
    }

    private void Work()
    {
        while (Claim() is int item)
        {
            ExceptionDispatchInfo? failure = null;
            try
            {
                _work(item);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            End(item, failure);
        }
    }

    // The thread with the earliest unfinished item never waits here, because all before it have ended: there is no deadlock.
    private int? Claim()
    {
        lock (_gate)
        {
            if (_next == _ended.Length || _failure is not null)
            {
                return null;
            }

            int item = _next++;
            while (_firstNotEnded <= item - _window && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            return _failure is null ? item : null;
        }
    }

    private void End(int item, ExceptionDispatchInfo? failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _ended[item] = true;
            while (_firstNotEnded < _ended.Length && _ended[_firstNotEnded])
            {
                _firstNotEnded++;
            }

            Monitor.PulseAll(_gate);
        }
    }
}
