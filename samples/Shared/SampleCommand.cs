using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuralTrain.Samples;

/// <summary>The command line that all samples share: the same options, clear errors, and the same exit codes.</summary>
/// <remarks>Exit codes: 0 all claims came out, 1 one did not, 2 the command line was wrong, 130 stopped by Ctrl-C.</remarks>
public static class SampleCommand
{
    private const int WrongCommandLine = 2, Stopped = 130;

    /// <summary>Parses the arguments and runs the sample, or says what is wrong with them.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="description">What the sample shows, for <c>--help</c> and the first line.</param>
    /// <param name="duration">How long the full run takes on two cores, as "40 s".</param>
    /// <param name="run">The sample.</param>
    /// <param name="takesData">Whether MNIST's files can be given with <c>--data</c>.</param>
    /// <param name="dataHelp">What <c>--data</c> takes, where that are not MNIST's files.</param>
    /// <returns>The exit code.</returns>
    public static int Run(
        string[] args, string description, string duration, Action<SampleRun> run, bool takesData = false,
        string dataHelp = "The folder with MNIST's four files (plain or .gz). Without it, digits drawn by code serve.")
    {
        Console.OutputEncoding = Encoding.UTF8;
        var seed = new Option<int?>("--seed") { Description = "Another random start; the same seed gives the same figures." };
        var quick = new Option<bool>("--quick") { Description = "A smaller run that ends in under 20 s: it shows that all works; figures may fall short." };
        var output = new Option<string>("--out") { Description = "Where pictures go.", DefaultValueFactory = _ => "artifacts" };
        var data = new Option<DirectoryInfo>("--data") { Description = dataHelp };
        data.AcceptExistingOnly();
        var command = new RootCommand(description) { seed, quick, output };
        if (takesData)
        {
            command.Options.Add(data);
        }

        command.SetAction(parsed =>
        {
            Console.WriteLine(description);
            Console.WriteLine(parsed.GetValue(quick) ? "Quick run: under 20 s." : $"Full run: about {duration} on two cores (--quick: under 20 s).");
            Console.WriteLine();
            var sample = new SampleRun(
                parsed.GetValue(seed), parsed.GetValue(quick), parsed.GetValue(output)!, takesData ? parsed.GetValue(data)?.FullName : null);
            return RunUntilStopped(sample, run);
        });
        ParseResult result = command.Parse(args);
        if (result.Errors.Count == 0)
        {
            return result.Invoke();
        }

        foreach (string message in result.Errors.Select(error => error.Message).Distinct())
        {
            Console.Error.WriteLine(message);
        }

        Console.Error.WriteLine("Run with --help to see the options.");
        return WrongCommandLine;
    }

    private static int RunUntilStopped(SampleRun sample, Action<SampleRun> run)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration onCtrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // The first asks to stop cleanly; a second one ends the program as usual.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
        sample.Stop = stop.Token;
        try
        {
            run(sample);
            sample.Stop.ThrowIfCancellationRequested();
            return sample.Conclude() ? 0 : 1;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine();
            Console.WriteLine("Stopped by Ctrl-C.");
            return Stopped;
        }
        catch (Exception error) when (error is FileNotFoundException or InvalidDataException or UnauthorizedAccessException or IOException)
        {
            Console.Error.WriteLine(error.Message);
            return WrongCommandLine;
        }
    }
}
