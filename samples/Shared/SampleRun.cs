using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace NeuralTrain.Samples;

/// <summary>One run of a sample: its options, and what it prints, claims and draws.</summary>
public sealed record SampleRun(ParseResult Arguments, int? GivenSeed, bool Quick, string Folder, string? Data, CancellationToken Stop)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<bool?> _verdicts = [];

    public int Seed => GivenSeed ?? 1;
    public string PathOf(string name) => Path.Combine(Directory.CreateDirectory(Folder).FullName, name);
    public static void Say(string line = "") => Console.WriteLine(line);

    /// <summary>Prints a table of a first column to the left and numbers to the right.</summary>
    public static void Print(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns([.. columns.Select((name, i) => new TableColumn(Markup.Escape(name)) { Alignment = i == 0 ? Justify.Left : Justify.Right, NoWrap = true })]);
        foreach (string[] row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        // Redirected output has no width: 80 columns would break wide tables.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Console.IsOutputRedirected ? 160 : 80);
        AnsiConsole.Write(table);
    }

    /// <summary>The items one by one, with a line in the terminal that says how far it is, and an end at Ctrl-C.</summary>
    public IEnumerable<T> Steps<T>(string what, IEnumerable<T> items)
    {
        (var clock, int count, bool isShown) = (Stopwatch.StartNew(), items.Count(), !Console.IsOutputRedirected);
        foreach ((int i, T item) in items.Index())
        {
            Stop.ThrowIfCancellationRequested();
            bool isDue = isShown && i > 0 && 100 * i / count > 100 * (i - 1) / count;
            if (isDue) Console.Write($"\r{what}: {100 * i / count} %, {clock.Elapsed.TotalSeconds * (count - i) / i:0} s left  ");
            yield return item;
        }

        if (isShown) Console.Write($"\r{"",-78}\r");
    }

    /// <summary>States what the lecture expects, and whether it came out; a quick run may be too short to tell.</summary>
    public void Claim(string expectation, bool cameOut, string? figure, bool needsFullRun = false)
    {
        Stop.ThrowIfCancellationRequested();
        _verdicts.Add(needsFullRun && Quick ? null : cameOut);
        string verdict = _verdicts[^1] switch { null => "not judged, a quick run is too short", true => "yes", false => "no" };
        Say($"{expectation}: {verdict}{(figure is null ? "" : _verdicts[^1] is null ? $" ({figure})" : $", {figure}")}.");
    }

    /// <summary>States that one mean of several random starts is above another; a difference that chance could explain does not count.</summary>
    public void ClaimAbove(string expectation, Spread above, Spread below, Func<Spread, string> text, bool needsFullRun = false) => Claim(
        expectation, above.IsAbove(below), $"{(above.IsAbove(below) ? "" : below.IsAbove(above) ? "the other way round: " : "not distinguishable here: ")}" +
        $"{text(above)} against {text(below)} (mean ± standard deviation of {above.Count} starts)", needsFullRun);

    /// <summary>Lets a picture be drawn into the folder for pictures and says where.</summary>
    public void Save(string name, Action<string> draw)
    {
        Stop.ThrowIfCancellationRequested();
        draw(PathOf(name));
        Say($"Picture: {Path.Combine(Folder, name)}");
    }

    internal int Conclude(Action<SampleRun> run)
    {
        try
        {
            run(this);
            Stop.ThrowIfCancellationRequested();
            (int cameOut, int open) = (_verdicts.Count(one => one == true), _verdicts.Count(one => one is null));
            string claims = $"{cameOut} of {_verdicts.Count - open} expectations came out{(open == 0 ? "" : $"; {open} more need the full run")}, in";
            Say($"\n{(_verdicts.Count == open ? "Ended after" : claims)} {_clock.Elapsed.TotalSeconds:0.0} s.");
            return cameOut + open == _verdicts.Count ? 0 : 1;
        }
        catch (Exception error) when (error is OperationCanceledException or InvalidDataException or UnauthorizedAccessException or IOException)
        {
            bool isStopped = error is OperationCanceledException;
            (isStopped ? Console.Out : Console.Error).WriteLine(isStopped ? "\nStopped by Ctrl-C." : error.Message);
            return isStopped ? 130 : 2;
        }
    }
}
