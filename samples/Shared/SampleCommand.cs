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
    /// <param name="full">How long the full run takes on two cores, as "40 s", or until when it goes on.</param>
    /// <param name="quick">How long the quick run takes on two cores.</param>
    /// <param name="run">The sample.</param>
    /// <param name="takesData">Whether MNIST's files can be given with <c>--data</c>.</param>
    /// <param name="dataHelp">What <c>--data</c> takes if it is not MNIST's files.</param>
    /// <param name="fullWithData">How long the full run takes with them, if that differs.</param>
    /// <param name="more">Options that only this sample has.</param>
    /// <returns>The exit code.</returns>
    public static int Run(
        string[] args, string description, string full, string quick, Action<SampleRun> run, bool takesData = false,
        string dataHelp = "The folder with MNIST's four files (plain or .gz). Without it, digits drawn by code serve.", string? fullWithData = null,
        params Option[] more)
    {
        Console.OutputEncoding = Encoding.UTF8;
        var seed = new Option<int?>("--seed") { Description = "Another random start, 0 or more; the same seed gives the same figures. Default 1." };
        seed.Refuse(value => value < 0, "--seed must be 0 or more.");
        var isQuick = new Option<bool>("--quick")
        { Description = $"A smaller run of about {quick}: it shows that all works, and leaves open what needs the full one." };
        var output = new Option<string>("--out") { Description = "Where pictures and other files go.", DefaultValueFactory = _ => "artifacts" };
        var data = new Option<DirectoryInfo>("--data") { Description = dataHelp };
        data.AcceptExistingOnly();
        const string exitCodes = "Exit code: 0 if all came out as expected, 1 if not, 2 for a wrong command line, 130 after Ctrl-C.";
        var command = new RootCommand($"{description} Full run: {Duration(full)}. {exitCodes}")
            { seed, isQuick, output };
        foreach (Option option in takesData ? more.Prepend(data) : more)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string? folder = takesData ? parsed.GetValue(data)?.FullName : null;
            Console.WriteLine(description);
            Console.WriteLine(parsed.GetValue(isQuick)
                ? $"Quick run: {Duration(quick)}."
                : $"Full run: {Duration(folder is null ? full : fullWithData ?? full)} (--quick: {quick}).");
            Console.WriteLine();
            return RunUntilStopped(new SampleRun(parsed, parsed.GetValue(seed), parsed.GetValue(isQuick), parsed.GetValue(output)!, folder), run);
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

    /// <summary>Refuses some numbers with a message; the parser refuses what is not a number at all.</summary>
    /// <param name="option">The option of a whole number.</param>
    /// <param name="isWrong">Which numbers it does not take.</param>
    /// <param name="message">What it takes instead.</param>
    public static void Refuse(this Option option, Func<int, bool> isWrong, string message)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && int.TryParse(token.Value, out int value) && isWrong(value))
            {
                given.AddError(message);
            }
        });
    }

    private static string Duration(string time) => char.IsDigit(time[0]) ? $"about {time} on two cores" : time;

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
