using System.Diagnostics;

namespace NeuralTrain.Tests.Samples;

/// <summary>Runs a sample as a user would, as a program of its own.</summary>
internal static class SampleProgram
{
    public static (int ExitCode, string Output, string Errors) Run(string sample, params string[] arguments)
    {
        using Process process = Start(sample, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Starts it with its outputs redirected, in a folder of its own for what it writes beside them.</summary>
    public static Process Start(string sample, params string[] arguments)
    {
        string program = Repository.PathOf("samples", sample, "bin", Repository.Configuration, "net10.0", $"NeuralTrain.Samples.{sample}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return Process.Start(start)!;
    }
}
