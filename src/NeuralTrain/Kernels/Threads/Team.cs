using System.Runtime.ExceptionServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Splits one computation among the calling thread and a few waiting workers, without allocating.
/// </summary>
/// <remarks>
/// There is one team in the process and it serves one caller at a time. A caller that finds it busy (another network
/// trains in another thread, or the call comes from inside a work item) does all its parts itself: it never waits for
/// the team, so nothing can deadlock. The caller does not rely on a worker either: it claims parts like everyone else, and a
/// worker that wakes too late finds the gate of the job shut (see <see cref="TeamJob"/>).
/// </remarks>
internal static unsafe class Team
{
    private static readonly TeamJob Job = new();
    private static readonly TeamWorkers Workers = new(Job);

    private static volatile int _threads = Environment.ProcessorCount;
    private static int _busy;

    /// <summary>The limit on the threads of one run, the caller included; at least 1.</summary>
    public static int Threads
    {
        get => _threads;
        set => _threads = value;
    }

    /// <summary>
    /// Whether a worker watches for work at this moment, so that handing it some costs a microsecond and not a wake-up. It says
    /// how fast a run would begin, nothing more: results must not depend on it.
    /// </summary>
    public static bool IsAwake => Workers.AreAwake;

    /// <summary>
    /// Runs <paramref name="work"/>(<paramref name="context"/>, part) once for every part in [0, <paramref name="parts"/>),
    /// in any order and possibly at the same time, and returns when all are done.
    /// </summary>
    /// <remarks>
    /// The work must not throw. If it does, the other parts still run and the first exception is thrown here at the end.
    /// What the caller wrote before the call is visible to every part, and what the parts wrote is visible after it.
    /// </remarks>
    public static void Run(int parts, delegate*<void*, int, void> work, void* context)
    {
        int threads = Threads;
        if (parts <= 1 || threads == 1 || Volatile.Read(ref _busy) != 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            RunAlone(parts, work, context);
            return;
        }

        Exception? failure;
        try
        {
            int helpers = Workers.Start(Math.Min(parts, threads) - 1);
            Job.Open(parts, work, context, helpers);
            Workers.Wake(helpers);
            Job.RunParts();
        }
        finally
        {
            // Also when something above fails: no worker may be left inside a job whose context dies with this frame.
            Job.Close();
            failure = Job.TakeFailure();
            Volatile.Write(ref _busy, 0);
        }

        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>The same promise, the exception at the end included, kept by the caller alone.</summary>
    private static void RunAlone(int parts, delegate*<void*, int, void> work, void* context)
    {
        Exception? failure = null;
        for (int part = 0; part < parts; part++)
        {
            try
            {
                work(context, part);
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }
}
