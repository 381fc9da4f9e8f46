using System.Diagnostics;

namespace NeuralTrain.TableBenchmarks;

/// <summary>A way to make a model of a table.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="IsTree">Whether it is one of the trees that ours is held against.</param>
internal abstract record Method(string Name, bool IsTree = false)
{
    // Long enough for the clock of processor time.
    private static readonly TimeSpan ServingTime = TimeSpan.FromSeconds(0.4);

    public abstract Outcome Run(Problem problem, Table train, Table test, int seed, bool measuresServing);

    /// <summary>Calls something again and again, and says how many of its units one second of processor time is enough for.</summary>
    protected static double Rate(int units, Action call)
    {
        call();
        TimeSpan before = Now, used;
        int calls = 0;
        do
        {
            call();
            calls++;
            used = Now - before;
        }
        while (used < ServingTime);
        return units * calls / used.TotalSeconds;
    }

    protected static T Timed<T>(Func<T> fit, out double seconds, out double processor)
    {
        GC.Collect();
        TimeSpan before = Now;
        long start = Stopwatch.GetTimestamp();
        T result = fit();
        (seconds, processor) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (Now - before).TotalSeconds);
        return result;
    }

    private static TimeSpan Now
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }
}

/// <summary>What came out of one training.</summary>
/// <param name="Predictions">For each test row the probability of each class, or the number of each target.</param>
/// <param name="Seconds">How long the training took.</param>
/// <param name="Processor">How much processor time it took, in seconds.</param>
/// <param name="BatchRate">Rows predicted in one second of processor time, many at once; NaN if not measured.</param>
/// <param name="SingleRate">The same, one at a time.</param>
/// <param name="Bytes">The size of the saved model.</param>
internal sealed record Outcome(double[][] Predictions, double Seconds, double Processor, double BatchRate, double SingleRate, long Bytes);
