using System.Diagnostics;
using System.Globalization;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>Starts the small programs as processes of their own and measures them from outside.</summary>
internal static class Launcher
{
    /// <summary>Starts one kind of small program several times.</summary>
    /// <returns>Seconds from start to exit, and the peak memory in KiB (the median of both).</returns>
    public static (double Seconds, double PeakKiB) Measure(string kind, int launches)
    {
        var seconds = new Durations(launches);
        var memory = new Durations(launches);

        // The first one reads the files from the disk; that is not what is measured.
        Launch(kind);
        for (int i = 0; i < launches; i++)
        {
            (double elapsed, double peak) = Launch(kind);
            seconds.Add(elapsed);
            memory.Add(peak);
        }

        return (seconds.Median, memory.Median);
    }

    private static (double Seconds, double PeakKiB) Launch(string kind)
    {
        string host = Environment.ProcessPath
            ?? throw new InvalidOperationException("The path of the running program is unknown, so it cannot be started again.");
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Launcher).Assembly.Location);
        }

        start.ArgumentList.Add("--startup");
        start.ArgumentList.Add(kind);

        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"'{host}' could not be started.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0
            ? (seconds, double.Parse(output, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The small program '{kind}' ended with code {process.ExitCode}: {output}");
    }
}
