using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>What the figures belong to: processor, cores, systems, versions.</summary>
internal static class Machine
{
    /// <summary>The lines at the top of the results.</summary>
    public static IEnumerable<(string Name, string Value)> Describe()
    {
        yield return ("processor", Processor());
        yield return ("cores", $"{Environment.ProcessorCount}, registers of {RegisterBits()} bits in managed code");
        yield return ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return ("runtime", $"{RuntimeInformation.FrameworkDescription}, "
            + (System.Runtime.GCSettings.IsServerGC ? "server collector" : "workstation collector"));
        yield return ("peer", $"TorchSharp {VersionOf(typeof(torch).Assembly)}, libtorch {torch.__version__}");
        yield return ("date", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    /// <summary>The most memory this process ever had in use, in KiB.</summary>
    public static long PeakMemoryKiB()
    {
        const string Status = "/proc/self/status";
        if (File.Exists(Status))
        {
            string line = File.ReadLines(Status).First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1024;
    }

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        string? model = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return model?.Split(':', 2)[1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? "unknown";
    }

    private static int RegisterBits() =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString() ?? "unknown";
}
