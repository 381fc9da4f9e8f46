using System.Diagnostics;

namespace NeuralTrain.Tests.Samples;

/// <summary>Runs a sample as a user would, as a program of its own.</summary>
internal static class SampleProgram
{
    public static (int ExitCode, string Output, string Errors) Run(string sample, params string[] arguments)
    {
        string program = Repository.PathOf("samples", sample, "bin", Repository.Configuration, "net10.0", $"NeuralTrain.Samples.{sample}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
