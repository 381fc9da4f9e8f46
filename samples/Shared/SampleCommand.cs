using System.CommandLine;

namespace NeuralTrain.Samples;

/// <summary>The command line that all samples share: <c>--help</c>, clear errors, and the same exit codes.</summary>
/// <remarks>Exit codes: 0 all claims came out, 1 one did not, 2 the command line was wrong.</remarks>
public static class SampleCommand
{
    /// <summary>Parses the arguments and runs the sample, or says what is wrong with them.</summary>
    /// <param name="description">What the sample shows, for <c>--help</c>.</param>
    /// <param name="args">The program's arguments.</param>
    /// <param name="run">The sample; returns whether its claims came out.</param>
    /// <param name="options">The options it takes.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string description, string[] args, Func<ParseResult, bool> run, params Option[] options)
    {
        var command = new RootCommand(description);
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(result => run(result) ? 0 : 1);
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return parsed.Invoke();
        }

        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
        {
            Console.Error.WriteLine(message);
        }

        Console.Error.WriteLine("Run with --help to see the options.");
        return 2;
    }
}
