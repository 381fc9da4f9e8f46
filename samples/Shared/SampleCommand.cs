using System.CommandLine;

namespace NeuralTrain.Samples;

/// <summary>The command line that all samples share: the same options, clear errors, and the same exit codes.</summary>
public static class SampleCommand
{
    public static int Run(
        string[] args, string description, string full, string quick, Action<SampleRun> run, bool takesData = false,
        string dataHelp = "The folder with MNIST's four files (plain or .gz). Without it, digits drawn by code serve.",
        string? fullWithData = null, params Option[] more)
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        var seed = new Option<int?>("--seed") { Description = "Another random start, 0 or more; the same seed gives the same figures. Default 1." };
        seed.Refuse(value => value < 0, "--seed must be 0 or more.");
        var isQuick = new Option<bool>("--quick") { Description = $"A smaller run of about {quick}: it shows that all works, and leaves open what needs the full one." };
        var output = new Option<string>("--out") { Description = "Where pictures and other files go.", DefaultValueFactory = _ => "artifacts" };
        Option<DirectoryInfo> data = new Option<DirectoryInfo>("--data") { Description = dataHelp }.AcceptExistingOnly();
        const string exitCodes = "Exit code: 0 if all came out as expected, 1 if not, 2 for a wrong command line, 130 after Ctrl-C.";
        var command = new RootCommand($"{description} Full run: {Duration(full)}. {exitCodes}") { seed, isQuick, output };
        (takesData ? more.Prepend(data) : more).ToList().ForEach(command.Options.Add);
        command.SetAction((given, stop) =>
        {
            DirectoryInfo? folder = takesData ? given.GetValue(data) : null;
            var sample = new SampleRun(given, given.GetValue(seed), given.GetValue(isQuick), given.GetValue(output)!, folder?.FullName, stop);
            string fullRun = $"Full run: {Duration(folder is null ? full : fullWithData ?? full)} (--quick: {quick}).";
            SampleRun.Say($"{description}\n{(sample.Quick ? $"Quick run: {Duration(quick)}." : fullRun)}\n");
            return Task.Run(() => sample.Conclude(run), CancellationToken.None);
        });
        ParseResult result = command.Parse(args);
        if (result.Errors.Count == 0) return result.Invoke(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
        Console.Error.WriteLine(string.Join('\n', result.Errors.Select(error => error.Message).Distinct().Append("Run with --help to see the options.")));
        return 2;
    }

    public static void Refuse(this Option option, Func<int, bool> isWrong, string message) => option.Validators.Add(given =>
        given.Tokens.Where(token => int.TryParse(token.Value, out int value) && isWrong(value)).ToList().ForEach(_ => given.AddError(message)));

    private static string Duration(string time) => char.IsDigit(time[0]) ? $"about {time} on two cores" : time;
}
