using System.Runtime.InteropServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// The one job of the team, used again for every run: what to do, which part is next, and a gate that says who is inside.
/// </summary>
/// <remarks>
/// <para>
/// The gate is a single 64-bit word: how many workers are inside, how many more may enter, whether the caller sleeps
/// until the last one leaves, and the number of the run. Everything depends on it being one word.
/// </para>
/// <para>
/// Why a late worker is harmless. A worker may read the job only between <see cref="TryEnter"/> and <see cref="Leave"/>.
/// Entering is one compare-and-swap that succeeds only while there are open places and, by the same instruction, counts
/// the worker as inside. <see cref="Close"/> removes the open places by one atomic instruction and then waits until
/// no worker is inside; only then does the caller return, and only then can the next run write the job. So whoever got in
/// reads the job of the run whose gate it passed, complete, while the caller's frame is alive; and whoever slept through
/// a run either finds no place or enters the present run. Should the number of the run come round again while a worker
/// is held up between reading the gate and the swap, the swap still lets it into a run that is open at that moment. The
/// number only keeps a worker from entering the same run twice for nothing; correctness does not depend on it.
/// </para>
/// <para>
/// Why the results are seen. The job is written before the exchange in <see cref="Open"/>, and read after a swap that
/// saw it; a worker's results are written before its decrement in <see cref="Leave"/>, and the caller reads that
/// decrement (or its successors, all of them interlocked) before it returns.
/// </para>
/// <para>The three groups of fields lie 128 bytes apart: processors fetch cache lines of 64 bytes in pairs.</para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 384)]
internal sealed unsafe class TeamJob
{
    /// <summary>The most workers a run can have; it is what fits the fields of the gate.</summary>
    public const int MaxHelpers = (1 << CountBits) - 1;

    private const int CountBits = 10;
    private const ulong OneInside = 1;
    private const ulong InsideMask = MaxHelpers;
    private const ulong OnePlace = 1UL << CountBits;
    private const ulong PlacesMask = (ulong)MaxHelpers << CountBits;
    private const ulong CallerSleeps = 1UL << (2 * CountBits);
    private const ulong OneRun = CallerSleeps << 1;
    private const ulong RunMask = ~(OneRun - 1);

    // Static: there is one job in the process, and it lasts as long as the process.
    private static readonly Semaphore LastLeft = new(0, 1);

    // Constant during a run.
    [FieldOffset(0)]
    private Exception? _failure;

    [FieldOffset(8)]
    private delegate*<void*, int, void> _work;

    [FieldOffset(16)]
    private void* _context;

    [FieldOffset(24)]
    private long _parts;

    // Polled by idle workers.
    [FieldOffset(128)]
    private ulong _gate;

    // Changed with every part; 64 bits, for each thread counts once beyond the last part.
    [FieldOffset(256)]
    private long _claimed;

    /// <summary>Publishes a job with places for so many workers. For the owner of the team only.</summary>
    public void Open(int parts, delegate*<void*, int, void> work, void* context, int helpers)
    {
        _work = work;
        _context = context;
        _parts = parts;
        _claimed = 0;

        // A full fence: the workers' sleep count is read after the gate is open (see TeamWorkers.Wake).
        Interlocked.Exchange(ref _gate, ((_gate & RunMask) + OneRun) | ((ulong)helpers * OnePlace));
    }

    /// <summary>Lets a worker in, if there is a place in a run other than <paramref name="lastRun"/>.</summary>
    public bool TryEnter(ref ulong lastRun)
    {
        ulong seen = Volatile.Read(ref _gate);
        while ((seen & PlacesMask) != 0 && (seen & RunMask) != lastRun)
        {
            ulong before = Interlocked.CompareExchange(ref _gate, seen - OnePlace + OneInside, seen);
            if (before == seen)
            {
                lastRun = seen & RunMask;
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Claims and runs parts until none is left. For the caller, and for a worker that is inside.</summary>
    public void RunParts()
    {
        while (true)
        {
            try
            {
                long part;
                while ((part = Interlocked.Increment(ref _claimed) - 1) < _parts) _work(_context, (int)part);
                return;
            }
            catch (Exception exception)
            {
                // Kept for the caller; the loop goes on, because every part must run.
                Interlocked.CompareExchange(ref _failure, exception, null);
            }
        }
    }

    /// <summary>Ends a worker's part in the run; it must not touch the job afterwards.</summary>
    public void Leave()
    {
        ulong now = Interlocked.Decrement(ref _gate);

        // The caller announces its sleep only after the gate is shut, so exactly one worker, the last, sees this.
        if ((now & (InsideMask | CallerSleeps)) == CallerSleeps) LastLeft.Release();
    }

    /// <summary>Shuts the gate and returns when no worker is inside. Does nothing if it is shut already.</summary>
    public void Close()
    {
        if ((Interlocked.And(ref _gate, ~PlacesMask) & InsideMask) == 0) return;
        var spin = new TeamSpin();
        while (spin.TryOnce())
        {
            if ((Volatile.Read(ref _gate) & InsideMask) == 0) return;
        }

        // Either the last worker has left before this instruction, or it will see the announcement when it leaves.
        if ((Interlocked.Or(ref _gate, CallerSleeps) & InsideMask) != 0) SleepUntilLastLeft();
    }

    /// <summary>The first exception of the run, if any; the next run begins without it.</summary>
    public Exception? TakeFailure()
    {
        Exception? taken = _failure;
        _failure = null;
        return taken;
    }

    private static void SleepUntilLastLeft()
    {
        bool interrupted = false;
        while (true)
        {
            try
            {
                LastLeft.WaitOne();
                break;
            }
            catch (ThreadInterruptedException)
            {
                // Leaving now would pull the context from under the workers; the interruption is delivered afterwards.
                interrupted = true;
            }
        }

        if (interrupted) Thread.CurrentThread.Interrupt();
    }
}
