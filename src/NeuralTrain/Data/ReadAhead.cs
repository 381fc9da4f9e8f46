using System.Runtime.ExceptionServices;

namespace NeuralTrain;

/// <summary>
/// Fills slots on a background thread while the caller works on an earlier one. Slots are created once and reused in turn; nothing is allocated per slot.
/// </summary>
/// <typeparam name="T">The type of a slot; the caller has one at a time, the thread the others.</typeparam>
internal sealed class ReadAhead<T> : IDisposable
    where T : class
{
    private readonly T[] _slots;
    private readonly Func<T, bool> _fill;
    private readonly Action _close;
    private readonly SemaphoreSlim _free, _filled = new(0);
    private readonly Thread _thread;

    // Written by the thread before it signals for the last time; read by the caller after that.
    private ExceptionDispatchInfo? _failure;
    private volatile int _count = int.MaxValue;

    private volatile bool _isDisposed;
    private int _taken;

    /// <summary>Starts the thread.</summary>
    /// <param name="slots">Two or more, which belong to this object from now on.</param>
    /// <param name="fill">Fills a slot, on the thread; false if there is nothing more to fill it with.</param>
    /// <param name="close">Called once at the end, on the thread, whatever happened; nothing is filled afterwards.</param>
    public ReadAhead(T[] slots, Func<T, bool> fill, Action close)
    {
        if (slots.Length < 2) throw new ArgumentException($"Reading ahead needs two slots or more, received {slots.Length}.", nameof(slots));
        (_slots, _fill, _close) = (slots, fill, close);
        _free = new SemaphoreSlim(slots.Length);
        _thread = new Thread(Run) { IsBackground = true, Name = "NeuralTrain reading ahead" };
        _thread.Start();
    }

    /// <summary>The next filled slot, which is the caller's until the next call; null at the end.</summary>
    /// <remarks>An exception of the filling is thrown here, after the slots that were filled before it, and again at each further call.</remarks>
    public T? Next()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_taken < _count)
        {
            if (_taken > 0) _free.Release();
            _filled.Wait();
        }

        if (_taken < _count) return _slots[_taken++ % _slots.Length];
        _failure?.Throw();
        return null;
    }

    /// <summary>Stops the thread, and waits until it has closed what it reads from. If it is filling a slot, that is finished first.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _free.Release();
        _thread.Join();
        _free.Dispose();
        _filled.Dispose();
    }

    private void Run()
    {
        int filled = 0;
        Try(() =>
        {
            for (_free.Wait(); !_isDisposed && _fill(_slots[filled % _slots.Length]); _free.Wait())
            {
                filled++;
                _filled.Release();
            }
        });
        Try(_close);
        _count = filled;
        _filled.Release();
    }

    // The first exception, of any type, goes to the caller: on this thread it would end the process.
    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
        }
    }
}
