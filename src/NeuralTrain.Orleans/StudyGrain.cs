using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Storage;

namespace NeuralTrain;

/// <summary>Keeps a study: a <see cref="StudyMachine"/> whose journal is in grain storage, in segments, so that what is written stays small however long the study.</summary>
/// <remarks>
/// No answer is sent before the change it reports is stored. If storing fails, the activation ends and the next one reads what is stored; callers repeat their calls. Of two activations that a network split
/// might leave, the storage accepts only one (by its ETag), and the other ends.
/// </remarks>
[GrainType("neuraltrain-study"), Reentrant]
internal sealed class StudyGrain(IServiceProvider services, TimeProvider clock) : Grain, IStudyGrain
{
    private const int LinesOfSegment = 100;

    private readonly List<string> _journal = [];
    private readonly List<string> _pending = [];
    private GrainState<StudySegment> _segment = new(new StudySegment());
    private int _segments;
    private Task _writing = Task.CompletedTask;
    private int _said;
    private bool _isBroken;
    private StudyPlan _plan = null!;
    private StudyMachine _machine = null!;
    private IGrainStorage _storage = null!;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string name = this.GetPrimaryKeyString();
        _plan = services.GetServices<StudyPlan>().FirstOrDefault(plan => plan.Name == name)
            ?? throw new InvalidOperationException($"This silo does not know the study '{name}'. Give it the plan with AddStudy, as the other processes of the cluster.");
        _storage = services.GetRequiredKeyedService<IGrainStorage>(StudyCluster.Storage);
        _machine = _plan.NewMachine(line =>
        {
            _pending.Add(line);
            _said++;
        });
        while (true)
        {
            var segment = new GrainState<StudySegment>(new StudySegment());
            try
            {
                await _storage.ReadStateAsync(NameOf(_segments), this.GetGrainId(), segment);
            }
            catch (Exception problem)
            {
                throw new OrleansException($"The study '{name}' cannot be read: {problem.Message} Repeat the call when the storage is back.", problem);
            }

            if (segment.State is not { Lines: { Count: > 0 } lines }) break;
            foreach (string line in lines) _machine.Replay(line);
            _journal.AddRange(lines);
            _said = _journal.Count;
            _segment = segment;
            _segments++;
        }
    }

    /// <inheritdoc/>
    public Task<StudyTurn> Ask(SortedDictionary<string, string> settings) => Stored(() =>
    {
        _machine.CheckSettings(settings);
        TrialLease? lease = _machine.Ask(_plan.Trials, clock.GetUtcNow(), _plan.Lease);
        return new StudyTurn(lease is TrialLease given ? new LeaseMessage(given.Trial, given.Attempt, given.Seed) : null, _machine.IsFinished(_plan.Trials));
    });

    /// <inheritdoc/>
    public Task<double?> Suggest(int trial, int attempt, string name, RangeMessage range) => Stored(() => _machine.Suggest(trial, attempt, name, new SearchRange
    {
        Low = range.Low, High = range.High, IsLogarithmic = range.IsLogarithmic, IsWhole = range.IsWhole, Choices = range.Choices,
    }));

    /// <inheritdoc/>
    public Task<TrialAnswer> Report(int trial, int attempt, int epoch, double value) => Stored(() => _machine.Report(trial, attempt, epoch, value, clock.GetUtcNow(), _plan.Lease));

    /// <inheritdoc/>
    public Task<bool> Renew(int trial, int attempt) => Stored(() => _machine.Renew(trial, attempt, clock.GetUtcNow(), _plan.Lease));

    /// <inheritdoc/>
    public Task<bool> WouldBeBest(int trial, double score) => Stored(() => _machine.WouldBeBest(trial, score));

    /// <inheritdoc/>
    public Task<int[]> Finish(int trial, int attempt, double? score, TrialStatus status, string message, TimeSpan duration) => Stored(() =>
    {
        int? before = _machine.Best?.Number;
        if (!_machine.Finish(trial, attempt, score, status, message, duration)) return [];
        return _machine.Best?.Number != trial ? new[] { trial } : before is int worse && worse != trial ? [worse] : [];
    });

    /// <inheritdoc/>
    public Task Release(int trial, int attempt) => Stored(() =>
    {
        _machine.Release(trial, attempt);
        return true;
    });

    /// <inheritdoc/>
    public Task<StudyJournalPart> Journal(int from) => Task.FromResult(new StudyJournalPart([.. _journal.Skip(from)], _journal.Count == _said && _machine.IsFinished(_plan.Trials)));

    private static string NameOf(int segment) => $"segment-{segment}";

    // Whoever speaks while a write is on its way goes with the next one: however many workers there are, they wait for two writes at most.
    private async Task<T> Stored<T>(Func<T> say)
    {
        ThrowIfBroken();
        T answer = say();
        int said = _said;
        while (_journal.Count < said)
        {
            ThrowIfBroken();
            if (_writing.IsCompleted) _writing = Write();
            await _writing;
        }

        return answer;
    }

    private void ThrowIfBroken()
    {
        if (_isBroken) throw new OrleansException("The study could not be stored a moment ago; it is being read again. Repeat the call.");
    }

    private async Task Write()
    {
        string[] lines = [.. _pending];
        _pending.Clear();
        try
        {
            if (_segments == 0 || _segment.State!.Lines.Count >= LinesOfSegment)
            {
                _segment = new GrainState<StudySegment>(new StudySegment());
                _segments++;
            }

            _segment.State!.Lines.AddRange(lines);
            await _storage.WriteStateAsync(NameOf(_segments - 1), this.GetGrainId(), _segment);
            _journal.AddRange(lines);
        }
        catch (Exception problem)
        {
            // What is in memory is ahead of what is stored.
            _isBroken = true;
            DeactivateOnIdle();
            throw new OrleansException($"The study '{_plan.Name}' cannot be stored: {problem.Message} Repeat the call when the storage is back.", problem);
        }
    }
}

/// <summary>Some lines of a study's journal, as they are stored.</summary>
[GenerateSerializer, Alias("NeuralTrain.StudySegment")]
internal sealed class StudySegment
{
    [Id(0)]
    public List<string> Lines { get; set; } = [];
}
