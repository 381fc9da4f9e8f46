using System.Diagnostics;

namespace NeuralTrain.Kernels;

/// <summary>A short, bounded wait that costs less than falling asleep and being woken.</summary>
internal struct TeamSpin
{
    // About what waking a sleeping thread takes, so that a wait costs at most twice what the better choice would have.
    private static readonly long Budget = Stopwatch.Frequency / 10_000;

    // The first part is spent in pauses only. After it, every turn offers the processor to whoever is ready to run.
    private static readonly long Patience = Environment.ProcessorCount > 1 ? Budget / 10 : 0;

    private long _start;

    /// <summary>Waits for an instant; false when the time is up.</summary>
    public bool TryOnce()
    {
        long now = Stopwatch.GetTimestamp();
        if (_start == 0)
        {
            _start = now;
            return true;
        }

        long spent = now - _start;
        if (spent >= Budget)
        {
            return false;
        }

        if (spent < Patience)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
        }

        return true;
    }
}
