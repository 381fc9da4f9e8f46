using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>Runs trials of a study in this process.</summary>
internal sealed partial class StudyWorker(StudyPlan plan, ITrialWork work, StudyWorkerSettings settings, IGrainFactory grains, ILogger<StudyWorker> logger)
    : PullingWorker<TrialLease>(plan.Name, plan.Lease, TimeSpan.FromMilliseconds(250), settings.Parallel, logger), ITrialHost
{
    private readonly SortedDictionary<string, string> _settings = plan.NewMachine().Settings;
    private CancellationToken _stop;

    Direction ITrialHost.Direction { get; } = plan.NewMachine().Direction;

    private IStudyGrain Grain => grains.GetGrain<IStudyGrain>(plan.Name);

    double ITrialHost.Suggest(TrialLease lease, string name, SearchRange range) =>
        Wait(() => Grain.Suggest(lease.Trial, lease.Attempt, name, new RangeMessage(range.Low, range.High, range.IsLogarithmic, range.IsWhole, range.Choices?.ToArray()))) ?? throw new LeaseLostException(lease);

    bool ITrialHost.ShouldStop(TrialLease lease, int epoch, double value)
    {
        TrialAnswer answer = Wait(() => Grain.Report(lease.Trial, lease.Attempt, epoch, value));
        return answer == TrialAnswer.Refused ? throw new LeaseLostException(lease) : answer == TrialAnswer.Stop;
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stop = stoppingToken;
        return base.ExecuteAsync(stoppingToken);
    }

    /// <inheritdoc/>
    protected override async Task<(TrialLease? Lease, bool IsFinished)> AskAsync()
    {
        StudyTurn turn = await Grain.Ask(_settings);
        return (turn.Lease is LeaseMessage given ? new TrialLease(given.Trial, given.Attempt, given.Seed) : null, turn.IsFinished);
    }

    /// <inheritdoc/>
    protected override Task<bool> RenewAsync(TrialLease given) => Grain.Renew(given.Trial, given.Attempt);

    /// <inheritdoc/>
    protected override Task ReleaseAsync(TrialLease given) => Grain.Release(given.Trial, given.Attempt);

    /// <inheritdoc/>
    protected override async Task DoAsync(TrialLease given, CancellationToken stoppingToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        if (plan.Options.TrialTime is TimeSpan time) ends.CancelAfter(time);
        var trial = new Trial(given, this, plan.Options, settings.Checkpoints, ends.Token);
        try
        {
            TrialOutcome outcome = await RunAsync(given, () => trial.Execute(work.Run), ends, stoppingToken);
            if (stoppingToken.IsCancellationRequested && !trial.IsStopped)
            {
                await ReleaseAsync(given);
                return;
            }

            // Files first: when the process ends in between, the trial runs again and writes the same ones.
            if (outcome is { Trainer: Trainer trainer, Score: double score, Status: TrialStatus.Completed } && settings.Checkpoints is not null
                && double.IsFinite(score)
                && await Patient.Call(() => Grain.WouldBeBest(given.Trial, score), stoppingToken)) trial.Keep(settings.Checkpoints, trainer);
            int[] done = await Patient.Call(() => Grain.Finish(given.Trial, given.Attempt, outcome.Score, outcome.Status, outcome.Message, outcome.Duration), stoppingToken);
            foreach (int other in settings.Checkpoints is null ? [] : done) Trial.Forget(settings.Checkpoints!, other);
        }
        catch (LeaseLostException)
        {
            LogLost(given.Trial, plan.Name);
        }
    }

    // On the thread of the trial, which has nothing else to do.
    private T Wait<T>(Func<Task<T>> call) => Task.Run(() => Patient.Call(call, _stop)).GetAwaiter().GetResult();

    [LoggerMessage(LogLevel.Information, "Trial {Trial} of the study '{Study}' is another worker's by now.")]
    private partial void LogLost(int trial, string study);
}

/// <summary>How a worker runs trials.</summary>
internal sealed record StudyWorkerSettings(int Parallel, ICheckpointStore? Checkpoints);
