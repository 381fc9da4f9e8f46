using System.Globalization;
using Spectre.Console;

namespace NeuralTrain;

/// <summary>Shows a study in the console while it runs: how many trials have ended and how, the best ones, and the running ones with their last reports.</summary>
/// <remarks>
/// <para>
/// <c>new StudyOptions { Progress = new StudyProgress(Direction.Minimize) }</c>, or as the progress of <c>RunAsync</c> on a cluster. In a terminal the table is redrawn in place, at most ten times a second and
/// whenever a trial ends. If the output is redirected, or the terminal cannot redraw (<c>TERM=dumb</c>), there is a plain line for each trial that ends, at most one per <see cref="PlainInterval"/>, and always one for
/// a new best.
/// </para>
/// <para>Ctrl-C leaves the console as it was. Reports may come from any thread.</para>
/// </remarks>
public sealed class StudyProgress : IProgress<TrialResult>
{
    private const int BestShown = 3, LongestCell = 20;
    private static readonly TimeSpan TerminalPause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly Direction _direction;
    private readonly bool _redraws;
    private readonly Lock _turn = new();
    private readonly SortedDictionary<int, TrialResult> _running = [];
    private readonly List<TrialResult> _best = [];
    private readonly int[] _ended = new int[4];
    private readonly HashSet<int> _told = [];
    private long? _lastRedraw, _lastLine;
    private long _began;
    private int _lines;

    /// <summary>Shows on the program's console.</summary>
    /// <param name="direction">Whether low or high scores are better, as for the study.</param>
    public StudyProgress(Direction direction)
        : this(direction, AnsiConsole.Console)
    {
    }

    /// <summary>Shows on another console of Spectre.Console, for example one that writes into a file or a test.</summary>
    /// <param name="direction">Whether low or high scores are better, as for the study.</param>
    /// <param name="console">The console. Its profile says whether lines can be redrawn.</param>
    public StudyProgress(Direction direction, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        (_direction, _console) = (direction, console);
        _redraws = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
    }

    /// <summary>The minimum time between two plain lines when the output is redirected. Default 10 seconds; zero gives a line for each trial.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative time.</exception>
    public TimeSpan PlainInterval
    {
        get;
        set => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(PlainInterval), value, $"{nameof(PlainInterval)} must be zero or more, received {value}. Zero gives a line for each trial.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Tells the time; tests replace it by a clock that they control.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Receives a report of a trial.</summary>
    /// <param name="value">The trial.</param>
    public void Report(TrialResult value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_turn)
        {
            if (_began == 0) _began = Clock.GetTimestamp();
            bool hasEnded = value.Status != TrialStatus.Running;
            if (!hasEnded)
            {
                if (_told.Contains(value.Number)) return;
                _running[value.Number] = value;
            }
            else if (!_told.Add(value.Number))
            {
                return;
            }

            bool isBest = hasEnded && End(value);
            if (_redraws)
            {
                if (hasEnded | IsDue(TerminalPause, ref _lastRedraw)) Redraw();
            }
            else if (hasEnded && (IsDue(PlainInterval, ref _lastLine) || isBest))
            {
                _console.Write(new WholeLine($"{value}{(value.Attempt > 1 ? $", attempt {value.Attempt}" : "")}{(isBest ? ", the best so far" : "")} | {Counts()}"));
            }
        }
    }

    private bool End(TrialResult trial)
    {
        _running.Remove(trial.Number);
        _ended[(int)trial.Status]++;
        if (trial.Status != TrialStatus.Completed) return false;
        int place = _best.FindIndex(other => _direction == Direction.Minimize ? trial.Score < other.Score : trial.Score > other.Score);
        _best.Insert(place < 0 ? _best.Count : place, trial);
        if (_best.Count > BestShown) _best.RemoveAt(BestShown);
        return _best[0] == trial;
    }

    private bool IsDue(TimeSpan pause, ref long? last)
    {
        long now = Clock.GetTimestamp();
        if (last is long before && Clock.GetElapsedTime(before, now) < pause) return false;
        last = now;
        return true;
    }

    // Back to the first line of the last table, and over it. A line that wrapped could not be overwritten, and what has scrolled away neither.
    private void Redraw()
    {
        int most = Math.Max(1, _console.Profile.Width - 1), height = Math.Max(2, _console.Profile.Height - 1);
        string[] lines = [.. Table().Split('\n').Prepend(Counts()).Take(height).Select(line => line[..Math.Min(line.Length, most)])];
        string back = _lines > 0 ? $"\u001b[{_lines}A\r\u001b[J" : "";
        _console.Write(new ControlCode($"{back}{string.Join('\n', lines)}\n"));
        _lines = lines.Length;
    }

    private string Counts()
    {
        string ended = string.Join(", ", new[] { TrialStatus.Completed, TrialStatus.Stopped, TrialStatus.Failed }.Where(status => _ended[(int)status] > 0).Select(status => $"{_ended[(int)status]} {status.ToString().ToLowerInvariant()}"));
        return $"{(ended.Length > 0 ? ended : "none ended")}, {_running.Count} running, {Clock.GetElapsedTime(_began):h\\:mm\\:ss}";
    }

    private string Table()
    {
        TrialResult[] shown = [.. _best, .. _running.Values];
        string[] names = [.. shown.SelectMany(trial => trial.Values.Keys).Distinct()];
        var table = new TextTable([">trial", ">score", ">epoch", "", .. names.Select(name => ">" + Cut(name))]);
        for (int i = 0; i < shown.Length; i++)
        {
            TrialResult trial = shown[i];
            TrialReport? last = trial.Reports.Count > 0 ? trial.Reports[^1] : null;
            table.Add([
                $"{trial.Number}", Number(trial.Score ?? last?.Value), last is null ? "" : $"{last.Value.Epoch}",
                i == 0 && _best.Count > 0 ? "best" : i < _best.Count ? "" : trial.Attempt > 1 ? $"runs, attempt {trial.Attempt}" : "runs",
                .. names.Select(name => trial.Values.TryGetValue(name, out object? value) ? value is double number ? Number(number) : Cut(string.Create(CultureInfo.InvariantCulture, $"{value}")) : ""),
            ]);
        }

        return table.ToString();
    }

    private static string Number(double? value) => value is double number ? number.ToString("G4", CultureInfo.InvariantCulture) : "";

    private static string Cut(string text) => text.Length <= LongestCell ? text : text[..(LongestCell - 1)] + "…";
}
