using System.CommandLine;
using NeuralTrain.PeerBenchmarks;
using Spectre.Console;

// Before anything else, so that a child process measures its own work and not the command line's.
if (args is ["--startup", string kind])
{
    return SmallProgram.Run(kind);
}

var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds; ends within three minutes." };
var busy = new Option<bool>("--busy")
{
    Description = "For a machine that other programs use too: counts processor time, and measures one thread only.",
};
var filter = new Option<string?>("--filter") { Description = "Only what has this text in its name, as 'XOR' or '512×512'." };
var runs = new Option<int>("--runs") { Description = "Measures each case so many times, and shows the run with the middle ratio and the spread.", DefaultValueFactory = _ => 1 };
var output = new Option<FileInfo?>("--output") { Description = "Also write the results to this Markdown file; notes in it are kept." };
var command = new RootCommand(
    "Measures NeuralTrain and TorchSharp / libtorch side by side: training steps, inference, products, functions, "
        + "start-up and memory. Exit code 0 if every target was reached, 1 if not, 2 if the command line was wrong.")
{
    quick, busy, filter, runs, output,
};
command.SetAction(arguments =>
{
    if (Console.IsOutputRedirected)
    {
        // A file has no width of its own, and cells broken over lines are hard to read.
        AnsiConsole.Profile.Width = 220;
    }

    var report = new PeerReport(
        AnsiConsole.Console,
        (arguments.GetValue(quick) ? MeasuringPlan.Quick : MeasuringPlan.Full) with { CountsProcessorTime = arguments.GetValue(busy), Runs = Math.Max(1, arguments.GetValue(runs)) },
        arguments.GetValue(filter));
    report.Run();
    if (arguments.GetValue(output) is FileInfo file)
    {
        ResultsFile.Write(file.FullName, report.ToMarkdown());
    }

    return report.AllReached ? 0 : 1;
});

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
