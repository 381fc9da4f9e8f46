namespace NeuralTrain;

/// <summary>
/// The rules of a study, and nothing else: which trial comes next, what it tries, whether it continues. It has no clock, no thread, no file and no stateful generator; the
/// time comes with each call, and everything that happens becomes a line of a journal, from which it can be rebuilt.
/// </summary>
/// <remarks>
/// <para>
/// A trial that has begun is leased: to (trial, attempt), until a time. Each report renews the lease. When it has expired, <see cref="Ask"/> hands the trial out again, as the next attempt, with the same
/// values; late reports of the old attempt are refused. Calls are idempotent.
/// </para>
/// <para>
/// Use it through <see cref="Study"/> in one process. It is public for other hosts: one call at a time, each line of <paramref name="write"/> kept before the answer is given out.
/// When <paramref name="write"/> throws, nothing has happened.
/// </para>
/// </remarks>
/// <param name="direction">Whether low or high scores are better.</param>
/// <param name="sampler">What chooses the values.</param>
/// <param name="pruner">What stops trials early; null for nothing.</param>
/// <param name="options">How to run the trials; null for the defaults.</param>
/// <param name="write">Receives the lines of the journal, in order; null to keep none.</param>
public sealed partial class StudyMachine(Direction direction, Sampler sampler, Pruner? pruner = null, StudyOptions? options = null, Action<string>? write = null)
{
    private readonly Sampler _sampler = sampler ?? throw new ArgumentNullException(nameof(sampler));
    private readonly StudyOptions _options = options ?? new StudyOptions();
    private readonly StudyJournal _journal = new();
    private readonly List<TrialState> _trials = [];
    private readonly Dictionary<string, SearchRange> _ranges = [];
    private bool _isNamed;
    private int _firstNotEnded;

    /// <summary>Whether low or high scores are better.</summary>
    public Direction Direction { get; } = Guard.Defined(direction, nameof(direction));

    /// <summary>The seed of the sampler, and with the number of a trial that of everything drawn in it.</summary>
    public ulong Seed => _sampler.Seed;

    /// <summary>The ranges of all hyper-parameters that trials have asked for, by name.</summary>
    public IReadOnlyDictionary<string, SearchRange> Ranges => _ranges;

    /// <summary>All trials that have begun, by number, as they are now.</summary>
    public IReadOnlyList<TrialResult> Trials => [.. _trials.Select(trial => trial.Result())];

    /// <summary>The best trial that ran to its end; of equal ones the first. Null if there is none.</summary>
    public TrialResult? Best { get; private set; }

    /// <summary>How much each hyper-parameter matters for being among the best trials, the most important first; the shares sum to 1.</summary>
    /// <exception cref="InvalidOperationException">Too few trials were completed or stopped to tell.</exception>
    public IReadOnlyList<ParameterImportance> Importance() => ParameterImportance.Of(Trials, Ranges, Direction);

    /// <summary>Gives out the next trial: one that was lost, or else a new one.</summary>
    /// <param name="trials">The number of trials of the study.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">How long without a report until the trial counts as lost; null: until <see cref="Release"/>.</param>
    /// <returns>The trial; null if there is none now. <see cref="IsFinished"/> says whether there will be one.</returns>
    public TrialLease? Ask(int trials, DateTimeOffset now, TimeSpan? lease = null)
    {
        Guard.AtLeast(trials, 1, nameof(trials), "a study needs something to try");
        if (!_isNamed) Record(new StudyEvent { Kind = "study", Settings = Settings });
        for (int i = _firstNotEnded; i < _trials.Count; i++)
        {
            TrialState lost = _trials[i];
            if (lost.HasEnded || !(lost.IsFree || lost.Until < now)) continue;
            int losses = lost.Losses + (lost.IsFree ? 0 : 1);
            if (losses < _options.Attempts) return Lease(lost.Number, lost.Attempt + 1, now + lease, null);
            Record(new StudyEvent { Kind = "end", Trial = i, Attempt = lost.Attempt, Status = TrialStatus.Failed, Message = $"lost {losses} times in a row without a new report" });
        }

        int next = _trials.Count;
        if (next >= Target(trials) || (!_options.IsAsynchronous && next - _firstNotEnded >= _options.Window)) return null;
        IReadOnlyDictionary<string, double> together = _sampler.DrawTogether(InputOf(next, "together", new Dictionary<string, double>()));
        return Lease(next, 1, now + lease, new Dictionary<string, double>(together));
    }

    /// <summary>Whether all trials have ended.</summary>
    /// <param name="trials">The number of trials of the study.</param>
    public bool IsFinished(int trials) => _firstNotEnded == _trials.Count && _trials.Count >= Target(trials);

    /// <summary>Chooses a value for a trial; the same one if it asks again.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="name">The hyper-parameter.</param>
    /// <param name="range">Its values, the same in all trials.</param>
    /// <returns>The value, for choices its place; null if this is not the trial's present attempt, or it has ended.</returns>
    /// <exception cref="ArgumentException">Another trial gave the hyper-parameter a different range.</exception>
    public double? Suggest(int trial, int attempt, string name, SearchRange range)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(range);
        if (Present(trial, attempt) is not TrialState state) return null;
        if (_ranges.TryGetValue(name, out SearchRange? known) && !known.Equals(range))
        {
            throw new ArgumentException($"'{name}' is {range} in trial {trial}, but was {known} before. A range stays the same for the whole study: give the other one another name, or begin a new study.", nameof(range));
        }

        if (state.Values.TryGetValue(name, out double value)) return value;
        if (!state.Together.TryGetValue(name, out value)) value = _sampler.Draw(name, range, InputOf(trial, name, state.Values));
        if (!range.Has(value)) throw new InvalidOperationException($"{_sampler} chose {value} for '{name}', which is not in {range}. Correct the sampler.");
        Record(new StudyEvent { Kind = "suggest", Trial = trial, Name = name, Value = value, Range = known is null ? range : null });
        return value;
    }

    /// <summary>Takes a report and renews the lease. The first value for an epoch counts.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="value">The score so far.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">As for <see cref="Ask"/>.</param>
    public TrialAnswer Report(int trial, int attempt, int epoch, double value, DateTimeOffset now, TimeSpan? lease = null)
    {
        Guard.AtLeast(epoch, 1, nameof(epoch), "epochs are counted from 1");
        if (Present(trial, attempt) is not TrialState state) return TrialAnswer.Refused;
        if (state.Reports.ContainsKey(epoch))
        {
            if (lease is TimeSpan time) Renew(trial, attempt, now, time);
        }
        else
        {
            state.Reports.Add(epoch, value);
            string? stop;
            try
            {
                // What is decided at an epoch depends on the reports up to it, however late it is said.
                stop = pruner?.Reason(state.Result(epoch), Others(trial), Direction);
            }
            finally
            {
                state.Reports.Remove(epoch);
            }

            Record(new StudyEvent { Kind = "report", Trial = trial, Epoch = epoch, Value = value, Stop = stop, Until = now + lease });
        }

        return state.Stop is not null && epoch >= state.StopEpoch ? TrialAnswer.Stop : TrialAnswer.Continue;
    }

    /// <summary>Renews the lease of a trial that has nothing to report yet.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">As for <see cref="Ask"/>.</param>
    /// <returns>Whether this is still the trial's present attempt.</returns>
    public bool Renew(int trial, int attempt, DateTimeOffset now, TimeSpan lease)
    {
        if (Present(trial, attempt) is null) return false;
        Record(new StudyEvent { Kind = "renew", Trial = trial, Until = now + lease });
        return true;
    }

    /// <summary>Why the pruner stopped a trial; null if it did not.</summary>
    /// <param name="trial">The trial.</param>
    public string? StopReason(int trial) => trial >= 0 && trial < _trials.Count ? _trials[trial].Stop : null;

    /// <summary>Ends a trial. An attempt that has already ended changes nothing.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="score">The score; null if it failed. One that is not finite is a failure.</param>
    /// <param name="status">How it ended; one that the pruner stopped and that would be completed counts as stopped.</param>
    /// <param name="message">Why, if it was not completed.</param>
    /// <param name="duration">How long the attempt took.</param>
    /// <returns>Whether it was the trial's present attempt.</returns>
    public bool Finish(int trial, int attempt, double? score, TrialStatus status, string message = "", TimeSpan duration = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (status == TrialStatus.Running) throw new ArgumentException("A trial that ends is completed, stopped or failed, received Running. To give it back, call Release.", nameof(status));
        if (Present(trial, attempt) is not TrialState state) return trial >= 0 && trial < _trials.Count && _trials[trial].Attempt == attempt && _trials[trial].HasEnded;
        if (status != TrialStatus.Failed && !(score is double number && double.IsFinite(number)))
        {
            (status, message) = (TrialStatus.Failed, $"the score was {score?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}: the training diverged, or the trial returned the wrong number");
        }

        if (status == TrialStatus.Completed && state.Stop is string reason) (status, message) = (TrialStatus.Stopped, reason);
        Record(new StudyEvent
        {
            Kind = "end", Trial = trial, Attempt = attempt, Status = status, Message = message.Length > 0 ? message : null,
            Value = status == TrialStatus.Failed ? null : score, Seconds = duration.TotalSeconds,
        });
        return true;
    }

    /// <summary>Hands a trial back, to be started over. An attempt that is not the present one is ignored.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="wasLost">Whether its worker died, which counts against <see cref="StudyOptions.Attempts"/>, rather than stopping in an orderly way.</param>
    public void Release(int trial, int attempt, bool wasLost = false)
    {
        if (Present(trial, attempt) is not null) Record(new StudyEvent { Kind = wasLost ? "lose" : "release", Trial = trial });
    }

    /// <summary>Hands back every trial without a lease time: the process that had them is gone.</summary>
    public void ReleaseAll()
    {
        foreach (TrialState state in _trials.Where(state => !state.HasEnded && !state.IsFree && state.Until is null).ToArray()) Release(state.Number, state.Attempt, wasLost: true);
    }

    /// <summary>The trials as a table: the completed ones from best to worst, then the others.</summary>
    public override string ToString()
    {
        string[] names = [.. _ranges.Keys];
        var table = new TextTable([">trial", .. names.Select(name => ">" + name), ">score", ">epochs", ">seconds", "ended"]);
        foreach (TrialResult trial in Trials.OrderBy(trial => trial.Status).ThenByDescending(trial => Pruner.Worth(trial.Score ?? double.NaN, Direction)).ThenBy(trial => trial.Number))
        {
            table.Add(
                [
                    $"{trial.Number}", .. names.Select(name => trial.Values.TryGetValue(name, out object? value) ? SearchText.Of(value) : ""), trial.Score is double score ? SearchText.Of(score) : "",
                    trial.Reports.Count > 0 ? $"{trial.Reports[^1].Epoch}" : "", SearchText.Of(Math.Round(trial.Duration.TotalSeconds, 2)),
                    trial.Message.Length == 0 ? $"{trial.Status}" : $"{trial.Status}: {SearchText.OneLine(trial.Message)}",
                ]);
        }

        return table.ToString();
    }

    private double Target(int trials) => Math.Min(trials, _sampler.Trials(_trials.Select(trial => trial.Values.Keys), _ranges) ?? trials);

    private TrialState? Present(int trial, int attempt) =>
        trial >= 0 && trial < _trials.Count && _trials[trial] is { HasEnded: false, IsFree: false } state && state.Attempt == attempt ? state : null;

    private TrialLease Lease(int trial, int attempt, DateTimeOffset? until, Dictionary<string, double>? together)
    {
        Record(new StudyEvent { Kind = "begin", Trial = trial, Attempt = attempt, Until = until, Values = together });
        return new TrialLease(trial, attempt, Seed);
    }

    private SamplerInput InputOf(int trial, string purpose, IReadOnlyDictionary<string, double> chosen) => new()
    {
        Trial = trial, Random = Seeds.RandomOf(Seed, trial, "value of " + purpose), Direction = Direction, Ranges = _ranges, Chosen = chosen,
        Earlier = _options.IsAsynchronous ? [.. _trials.Where(other => other.HasEnded).Select(other => other.Result())] : Others(trial),
    };

    // Of a synchronous study those that have ended however many workers there are, and no others.
    private IReadOnlyList<TrialResult> Others(int trial) => _options.IsAsynchronous
        ? [.. _trials.Where(other => other.Number != trial).Select(other => other.Result())]
        : [.. _trials.Take(Math.Max(trial - _options.Window + 1, 0)).Select(other => other.Result())];
}

/// <summary>A trial given out to a worker.</summary>
/// <param name="Trial">The trial's number, from 0.</param>
/// <param name="Attempt">Which attempt at it this is, from 1.</param>
/// <param name="Seed">The study's seed.</param>
public readonly record struct TrialLease(int Trial, int Attempt, ulong Seed);

/// <summary>The answer to a report.</summary>
public enum TrialAnswer
{
    /// <summary>The trial continues.</summary>
    Continue,

    /// <summary>The trial is to end: others are better.</summary>
    Stop,

    /// <summary>The trial has ended, or was given to another worker: whoever reports is to leave it.</summary>
    Refused,
}
