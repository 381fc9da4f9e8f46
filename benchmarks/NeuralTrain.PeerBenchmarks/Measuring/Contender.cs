using System.Diagnostics;
using static TorchSharp.torch;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>One library with one number of threads at one case.</summary>
internal sealed class Contender(Action<int> run, int threads, MeasuringPlan plan, Disturbance disturbance)
{
    private int _count = 1;

    /// <summary>What was measured so far.</summary>
    public Durations Durations { get; } = new(plan.Rounds);

    /// <summary>Runs until compiled for good, and finds how many runs fill a round.</summary>
    public void WarmUp()
    {
        UseThreads();
        double total = 0;
        while (total < plan.WarmUp)
        {
            total += Worked();
            _count = Math.Min(_count * 2, 1024);
        }

        _count = 1;
        double seconds = Worked();
        while (seconds < plan.RoundLength)
        {
            // A little more than extrapolated, at most tenfold: short runs extrapolate badly.
            double factor = Math.Clamp(1.1 * plan.RoundLength / Math.Max(seconds, 1e-9), 1.1, 10);
            _count = (int)Math.Ceiling(_count * factor);
            seconds = Worked();
        }
    }

    /// <summary>One round.</summary>
    public void TakeTurn()
    {
        UseThreads();

        // The other's waiting threads go to sleep, and its data leave the caches, before the clock starts. Several threads need
        // more: OpenMP's, which libtorch uses, wait awake for up to 200 ms on the core that a second thread of ours needs, and
        // after a rest the system takes some milliseconds to give two threads two cores: a round that does not count.
        Thread.Sleep(threads == 1 ? 5 : 250);
        run(threads == 1 ? 1 : _count);
        (double elapsed, double used) = Time();
        Durations.Add((plan.CountsProcessorTime ? used : elapsed) / _count);
        if (threads == 1)
        {
            disturbance.Add(elapsed, used);
        }
    }

    // Neither the time of other programs nor that of several threads counts as work done here.
    private double Worked()
    {
        (double elapsed, double used) = Time();
        return Math.Min(elapsed, used);
    }

    private (double Elapsed, double Used) Time()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        run(_count);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (elapsed, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private void UseThreads()
    {
        Compute.MaxThreads = threads;
        set_num_threads(threads);
    }
}
