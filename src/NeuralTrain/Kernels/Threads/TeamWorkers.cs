using System.Diagnostics;

namespace NeuralTrain.Kernels;

/// <summary>The threads of the team: started when first needed, briefly watchful after each job, asleep otherwise.</summary>
/// <remarks>
/// Why no wake-up is lost. A worker first counts itself asleep and then looks at the gate once more; a caller first
/// opens the gate and then reads that count. Both steps are full fences, so at least one sees the other: the worker
/// stays awake, or the caller sends it a permit. Each permit takes one sleeper off the count, so permits never pile up.
/// If a worker did sleep on, the run would be slower, not stuck: the caller does every part that no worker claims.
/// </remarks>
internal sealed class TeamWorkers(TeamJob job)
{
    // Static, for there is one team in the process and it lasts as long as the process does.
    private static readonly Semaphore Permits = new(0, int.MaxValue);

    // Both are written by the owner of the team only.
    private int _started;
    private int _limit = TeamJob.MaxHelpers;

    private int _asleep;

    /// <summary>Whether any worker is not asleep.</summary>
    public bool AreAwake => Volatile.Read(ref _asleep) < Volatile.Read(ref _started);

    /// <summary>Makes sure that so many workers exist, and returns how many of them the machine allows.</summary>
    public int Start(int count)
    {
        while (_started < count && _started < _limit)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"NeuralTrain worker {_started + 1}" };
            try
            {
                // Unsafe: the first caller's execution context must not live on in the workers.
                thread.UnsafeStart();
                _started++;
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // The system gives no more threads. Fewer do the same work, and asking at every run would be slow.
                _limit = _started;
            }
        }

        return Math.Min(count, _started);
    }

    /// <summary>Wakes as many sleepers as are missing until so many workers are awake. Call it after the gate is open.</summary>
    public void Wake(int count)
    {
        int sleeping = Volatile.Read(ref _asleep);
        while (true)
        {
            int missing = Math.Min(count - (_started - sleeping), sleeping);
            if (missing <= 0) return;

            int before = Interlocked.CompareExchange(ref _asleep, sleeping - missing, sleeping);
            if (before == sleeping)
            {
                Permits.Release(missing);
                return;
            }

            sleeping = before;
        }
    }

    private void Work()
    {
        ulong lastRun = 0;
        while (true)
        {
            var spin = new TeamSpin();
            while (spin.TryOnce())
            {
                if (job.TryEnter(ref lastRun))
                {
                    job.RunParts();
                    job.Leave();
                    spin = new TeamSpin();
                }
            }

            Interlocked.Increment(ref _asleep);
            if (job.TryEnter(ref lastRun))
            {
                // Off the count only after leaving: StayAwake may wait, and the caller waits for whoever is inside.
                job.RunParts();
                job.Leave();
                StayAwake();
            }
            else
            {
                Permits.WaitOne();
            }
        }
    }

    /// <summary>Takes this worker off the count of sleepers again. For a worker that is outside the job.</summary>
    private void StayAwake()
    {
        int sleeping = Volatile.Read(ref _asleep);
        while (sleeping > 0)
        {
            int before = Interlocked.CompareExchange(ref _asleep, sleeping - 1, sleeping);
            if (before == sleeping) return;

            sleeping = before;
        }

        // A caller has taken it off already, and the permit must not be left for later. It may be here, on its way, or
        // taken by a worker that counted itself since; then this one sleeps in its place until the next permit.
        Permits.WaitOne();
    }
}

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
        if (spent >= Budget) return false;
        if (spent < Patience) Thread.SpinWait(1);
        else Thread.Yield();
        return true;
    }
}
