using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ScottPlot;
using Spectre.Console;

namespace NeuralTrain.Samples;

/// <summary>One run of a sample: its options, and what it prints, claims and draws.</summary>
/// <param name="arguments">The whole command line, for options that only one sample has.</param>
/// <param name="seed">The seed given, or null.</param>
/// <param name="quick">Whether the run is to be short.</param>
/// <param name="folder">Where pictures go.</param>
/// <param name="data">Where MNIST's files are, or null.</param>
public sealed class SampleRun(ParseResult arguments, int? seed, bool quick, string folder, string? data)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _claims, _cameOut, _open;

    /// <summary>The whole command line, for options that only one sample has.</summary>
    public ParseResult Arguments => arguments;

    /// <summary>The seed given on the command line, or null.</summary>
    public int? GivenSeed => seed;

    /// <summary>The seed of all that is random: the one given, or 1.</summary>
    public int Seed => seed ?? 1;

    /// <summary>Whether the run is to end in under 20 s.</summary>
    public bool Quick => quick;

    /// <summary>The folder with MNIST's files, or null: then digits drawn by code serve.</summary>
    public string? Data => data;

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Stop { get; internal set; }

    /// <summary>A new generator of the run's seed.</summary>
    /// <param name="other">Which of them: each number has separate draws, the same in every run of the seed.</param>
    public Random NewRandom(int other = 0) => new(Seed + other);

    /// <summary>Runs the parts of a sample one after the other, with an empty line in between.</summary>
    /// <param name="parts">The parts.</param>
    public void InTurn(params Action<SampleRun>[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach ((int i, Action<SampleRun> part) in parts.Index())
        {
            if (i > 0)
            {
                Say();
            }

            part(this);
        }
    }

    /// <summary>Prints a line, wrapped by the terminal.</summary>
    public static void Say(string line = "") => Console.WriteLine(line);

    /// <summary>Prints a table of a first column to the left and numbers to the right.</summary>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The cells, row by row.</param>
    public static void Print(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            var one = new TableColumn(Markup.Escape(column)) { Alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right, NoWrap = true };
            table.AddColumn(one);
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        // Redirected output has no width: 80 columns would break wide tables.
        IAnsiConsole console = AnsiConsole.Console;
        console.Profile.Width = Math.Max(console.Profile.Width, Console.IsOutputRedirected ? 160 : 80);
        console.Write(table);
    }

    /// <summary>A number with a fixed count of decimals, a true minus sign, and no minus before 0.</summary>
    public static string Fixed(double value, int decimals)
    {
        double rounded = Math.Round(value, decimals) + 0.0;
        return (rounded < 0 ? "−" : "") + Math.Abs(rounded).ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    /// <summary>States what the lecture expects, and whether it came out. One that did not makes the exit code 1.</summary>
    /// <param name="expectation">What the lecture expects.</param>
    /// <param name="cameOut">Whether it came out.</param>
    /// <param name="figure">The figure it was judged by, or null where there is none.</param>
    /// <param name="needsFullRun">Whether a quick run is too short to tell; it prints the figure without a judgement.</param>
    public void Claim(string expectation, bool cameOut, string? figure, bool needsFullRun = false)
    {
        if (needsFullRun && quick)
        {
            _open++;
            Console.WriteLine($"{expectation}: not judged, a quick run is too short{(figure is null ? "" : $" ({figure})")}.");
            return;
        }

        _claims++;
        _cameOut += cameOut ? 1 : 0;
        Console.WriteLine($"{expectation}: {(cameOut ? "yes" : "no")}{(figure is null ? "" : $", {figure}")}.");
    }

    /// <summary>States that one mean of several random starts is above another; a difference that chance could explain does not count.</summary>
    /// <param name="expectation">What the lecture expects.</param>
    /// <param name="above">The mean that should be higher.</param>
    /// <param name="below">The one that should be lower.</param>
    /// <param name="text">Prints either.</param>
    /// <param name="needsFullRun">Whether a quick run is too short to tell.</param>
    public void ClaimAbove(string expectation, Spread above, Spread below, Func<Spread, string> text, bool needsFullRun = false)
    {
        string verdict = above.IsAbove(below) ? "" : below.IsAbove(above) ? "the other way round: " : "not distinguishable here: ";
        Claim(expectation, above.IsAbove(below), $"{verdict}{text(above)} against {text(below)} (mean ± standard deviation of {above.Count} starts)", needsFullRun);
    }

    /// <summary>A trainer of a classifier as most samples use it: softmax cross-entropy, and the run's seed for the order of the rows.</summary>
    /// <param name="network">The network, ending in scores.</param>
    /// <param name="optimizer">Its optimizer; Adam if null.</param>
    /// <param name="showsProgress">Whether it says how far it is.</param>
    public Trainer NewTrainer(Sequential network, Optimizer? optimizer = null, bool showsProgress = false) =>
        new(network, new SoftmaxCrossEntropy(), optimizer ?? new Adam(network))
        {
            Seed = (ulong)Seed,
            Progress = showsProgress ? new ConsoleProgress() : null,
        };

    /// <summary>Trains, and ends the run at Ctrl-C instead of going on with a half-trained network.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="train">What it learns.</param>
    /// <param name="validation">What it is measured on after each epoch, or null.</param>
    /// <param name="epochs">How many.</param>
    public History Fit(Trainer trainer, Dataset train, Dataset? validation, int epochs)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        History history = trainer.Fit(train, validation, epochs, Stop);
        Stop.ThrowIfCancellationRequested();
        return history;
    }

    /// <summary>Numbers from 0 on, with the progress shown while they are worked through, and an end at Ctrl-C.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="count">How many.</param>
    public IEnumerable<int> Steps(string what, int count)
    {
        using var line = new ProgressLine(what, count);
        for (int i = 0; i < count; i++)
        {
            Stop.ThrowIfCancellationRequested();
            line.Show(i);
            yield return i;
        }
    }

    /// <summary>The same with the items of a list instead of numbers.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="items">What is worked through.</param>
    public IEnumerable<T> Steps<T>(string what, IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Steps(what, items.Count).Select(i => items[i]);
    }

    /// <summary>Runs every variant from every random start, with progress; the result has a row for each variant.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="variants">The variants.</param>
    /// <param name="starts">How many random starts.</param>
    /// <param name="run">Runs a variant from a start, of which it gets the number.</param>
    public T[][] RunAll<TVariant, T>(string what, IReadOnlyList<TVariant> variants, int starts, Func<TVariant, int, T> run)
    {
        ArgumentNullException.ThrowIfNull(variants);
        return [.. Steps(what, variants.Count * starts).Select(i => run(variants[i / starts], i % starts)).Chunk(starts)];
    }

    /// <summary>Draws one chart into the folder for pictures and says where; if anything in it has a name, with a legend next to it.</summary>
    public void Save(Plot plot, string name)
    {
        ArgumentNullException.ThrowIfNull(plot);
        if (plot.GetPlottables().Any(drawn => drawn.LegendItems.Any(item => item.LabelText.Length > 0)))
        {
            Picture.ShowLegend(plot);
        }

        Save(name, path => Picture.Save(plot, path));
    }

    /// <summary>Draws several charts as one picture into the folder for pictures and says where.</summary>
    public void Save(IReadOnlyList<Plot> plots, int columns, string name, int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Save(name, path => Picture.SaveGrid(plots, columns, path, width, height));

    /// <summary>Lets a picture be drawn into the folder for pictures and says where.</summary>
    public void Save(string name, Action<string> draw)
    {
        string path = Path.Combine(folder, name);
        draw(path);
        Console.WriteLine($"Picture: {path}");
    }

    /// <summary>Shows how far something is that reports each of its parts, one at a time.</summary>
    /// <typeparam name="T">What is reported.</typeparam>
    /// <param name="what">What is done.</param>
    /// <param name="count">How many reports there will be.</param>
    public static IProgress<T> Counter<T>(string what, int count) => new Counter<T>(what, count);

    /// <summary>Where a file of this run goes: into the folder for pictures, which is created.</summary>
    /// <param name="name">The name of the file.</param>
    public string PathOf(string name) => Path.Combine(Directory.CreateDirectory(folder).FullName, name);

    /// <summary>Prints how many claims came out and how long it took, and returns whether all did.</summary>
    internal bool Conclude()
    {
        Console.WriteLine();
        if (_claims == 0)
        {
            Console.WriteLine($"Ended after {_clock.Elapsed.TotalSeconds:0.0} s.");
            return true;
        }

        string open = _open == 0 ? "" : $"; {_open} more need the full run";
        Console.WriteLine($"{_cameOut} of {_claims} expectations came out{open}, in {_clock.Elapsed.TotalSeconds:0.0} s.");
        return _cameOut == _claims;
    }
}
