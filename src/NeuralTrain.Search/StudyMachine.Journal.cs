namespace NeuralTrain;

/// <content>What happens, and how it is replayed from the journal.</content>
public sealed partial class StudyMachine
{
    /// <summary>Replays one line of a journal. All lines must come, in order, before anything else.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The trial that it is about; null for the first line, which names the study.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or not the next one.</exception>
    /// <exception cref="ArgumentException">The journal belongs to a study with other settings; all differences are listed.</exception>
    public int? Replay(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        StudyEvent next = _journal.Read(line) ?? throw new InvalidDataException("The line of the journal is damaged, or does not follow the one before: its checksum is wrong.");
        if (next.Kind == "study") SettingsCheck.Require("The study", next.Settings ?? [], Settings);
        try
        {
            Apply(next);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"The line of the journal does not fit those before: {Guard.Shorten(line, 300)}", problem);
        }

        return next.Trial;
    }

    private void Record(StudyEvent next)
    {
        if (write is not null)
        {
            string line = _journal.Line(next);
            write(line);
            _journal.Advance(line);
        }

        Apply(next);
    }

    private void Apply(StudyEvent next)
    {
        if (next.Kind == "study")
        {
            _isNamed = true;
            return;
        }

        int number = next.Trial!.Value;
        if (next.Kind == "begin" && number == _trials.Count) _trials.Add(new TrialState(number, next.Values ?? [], _ranges));
        TrialState state = _trials[number];
        switch (next.Kind)
        {
            case "begin":
                // Begun again without having been given back: the one before was lost.
                if (next.Attempt > 1 && !state.IsFree) state.Losses++;
                (state.Attempt, state.Until, state.IsFree) = (next.Attempt!.Value, next.Until, false);
                break;
            case "suggest":
                if (next.Range is not null) _ranges.Add(next.Name!, next.Range);
                state.Values.Add(next.Name!, next.Value!.Value);
                break;
            case "report":
                state.Reports.Add(next.Epoch!.Value, next.Value!.Value);
                (state.Until, state.Losses) = (next.Until, 0);
                if (next.Stop is not null && state.Stop is null) (state.Stop, state.StopEpoch) = (next.Stop, next.Epoch.Value);
                break;
            case "renew":
                state.Until = next.Until;
                break;
            case "release" or "lose":
                state.IsFree = true;
                if (next.Kind == "lose") state.Losses++;
                break;
            case "end":
                state.End(next);
                while (_firstNotEnded < _trials.Count && _trials[_firstNotEnded].HasEnded) _firstNotEnded++;
                TrialResult result = state.Result();
                if (result.Status == TrialStatus.Completed && (Best is null || IsBetter(result, Best))) Best = result;
                break;
            default:
                throw new InvalidOperationException($"'{Guard.Shorten(next.Kind)}' is not a kind of event.");
        }
    }

    /// <summary>Whether a score would make a trial the best so far, so that its files are worth keeping.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="score">The score.</param>
    public bool WouldBeBest(int trial, double score) => double.IsFinite(score) && StopReason(trial) is null && (Best is null || IsBetter(new TrialResult { Number = trial, Score = score }, Best));

    // The order in which trials end does not matter: of equal ones the first is the best.
    private bool IsBetter(TrialResult one, TrialResult other)
    {
        double worth = Pruner.Worth(one.Score!.Value, Direction), best = Pruner.Worth(other.Score!.Value, Direction);
        return worth > best || (worth == best && one.Number < other.Number);
    }

    /// <summary>Everything that decides which trials the study has, by name; the first line of its journal.</summary>
    public SortedDictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        ["format"] = "NeuralTrain study 1", ["direction"] = $"{Direction}", ["sampler"] = _sampler.Describe(), ["pruner"] = pruner?.Describe() ?? "none", ["metric"] = _options.Metric,
        ["version"] = _options.Version, ["order"] = _options.IsAsynchronous ? "asynchronous" : $"window {_options.Window}",
    };

    /// <summary>Throws if settings, such as a worker's, are not those of this study.</summary>
    /// <param name="received">The other settings.</param>
    /// <exception cref="ArgumentException">They differ; all differences are listed.</exception>
    public void CheckSettings(SortedDictionary<string, string> received)
    {
        ArgumentNullException.ThrowIfNull(received);
        SettingsCheck.Require("The study", Settings, received);
    }

    private sealed class TrialState(int number, Dictionary<string, double> together, Dictionary<string, SearchRange> ranges)
    {
        private TrialResult? _ended;

        public int Number => number;

        public Dictionary<string, double> Together => together;

        public Dictionary<string, double> Values { get; } = [];

        public SortedList<int, double> Reports { get; } = [];

        public int Attempt { get; set; }

        public int Losses { get; set; }

        public bool IsFree { get; set; }

        public DateTimeOffset? Until { get; set; }

        public string? Stop { get; set; }

        public int StopEpoch { get; set; }

        public bool HasEnded => _ended is not null;

        public void End(StudyEvent end) => _ended = HasEnded ? throw new InvalidOperationException($"Trial {number} has ended already.") : Snapshot(int.MaxValue, end);

        public TrialResult Result(int lastEpoch = int.MaxValue) => _ended ?? Snapshot(lastEpoch, null);

        private TrialResult Snapshot(int lastEpoch, StudyEvent? end) => new()
        {
            Number = number, Attempt = Attempt, Status = end?.Status ?? TrialStatus.Running, Score = end?.Value, Message = end?.Message ?? "", Duration = TimeSpan.FromSeconds(end?.Seconds ?? 0),
            Coordinates = new Dictionary<string, double>(Values), Values = Values.ToDictionary(value => value.Key, value => ranges[value.Key].Shown(value.Value)),
            Reports = [.. Reports.TakeWhile(report => report.Key <= lastEpoch).Select(report => new TrialReport(report.Key, report.Value))],
        };
    }
}
