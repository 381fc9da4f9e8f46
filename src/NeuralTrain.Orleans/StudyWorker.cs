using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>Runs trials of a study in this process: asks for one, trains on a thread of its own, and tells how it ended.</summary>
internal sealed partial class StudyWorker(StudyPlan plan, ITrialWork work, StudyWorkerSettings settings, IGrainFactory grains, ILogger<StudyWorker> logger) : BackgroundService, ITrialHost
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private CancellationToken _stop;

    private IStudyGrain Grain => grains.GetGrain<IStudyGrain>(plan.Name);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stop = stoppingToken;
        return Task.WhenAll(Enumerable.Range(0, settings.Parallel).Select(_ => Task.Run(() => WorkAsync(stoppingToken), CancellationToken.None)));
    }

    double ITrialHost.Suggest(TrialLease lease, string name, SearchRange range) =>
        Wait(() => Grain.Suggest(lease.Trial, lease.Attempt, name, new RangeMessage(range.Low, range.High, range.IsLogarithmic, range.IsWhole, range.Choices?.ToArray()))) ?? throw new LeaseLostException(lease);

    bool ITrialHost.ShouldStop(TrialLease lease, int epoch, double value)
    {
        TrialAnswer answer = Wait(() => Grain.Report(lease.Trial, lease.Attempt, epoch, value));
        return answer == TrialAnswer.Refused ? throw new LeaseLostException(lease) : answer == TrialAnswer.Stop;
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> mine = plan.NewMachine().Settings;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                StudyTurn turn = await Patient.Call(() => Grain.Ask(mine), cancellationToken);
                if (turn.Lease is LeaseMessage given) await RunAsync(new TrialLease(given.Trial, given.Attempt, given.Seed), cancellationToken);
                else if (turn.IsFinished) return;
                else await Task.Delay(Pause, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ArgumentException problem)
            {
                LogRefused(plan.Name, problem.Message);
                throw;
            }
            catch (Exception problem)
            {
                // Such as a full disk: the trial is given back, and this worker waits before it asks again.
                LogProblem(plan.Name, problem);
                await Task.Delay(10 * Pause, CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(TrialLease lease, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (plan.Options.TrialTime is TimeSpan time) ends.CancelAfter(time);
        var trial = new Trial(lease, this, plan.Options, settings.Checkpoints, ends.Token);

        // Never in a grain's turn, nor on a thread of the pool: it may take hours.
        Task<TrialOutcome> running = Task.Factory.StartNew(() => trial.Execute(work.Run), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        while (await Task.WhenAny(running, Task.Delay(plan.Lease / 3, CancellationToken.None)) != running)
        {
            // Another worker has it: what this one still says is refused.
            if (!cancellationToken.IsCancellationRequested && !await Patient.Call(() => Grain.Renew(lease.Trial, lease.Attempt), cancellationToken)) await ends.CancelAsync();
        }

        try
        {
            TrialOutcome outcome = await running;
            if (cancellationToken.IsCancellationRequested && !trial.IsStopped)
            {
                await Grain.Release(lease.Trial, lease.Attempt);
                return;
            }

            // Files first: when the process ends in between, the trial runs again and writes the same ones.
            if (outcome is { Trainer: Trainer trainer, Score: double score, Status: TrialStatus.Completed } && settings.Checkpoints is not null
                && double.IsFinite(score)
                && await Patient.Call(() => Grain.WouldBeBest(lease.Trial, score), cancellationToken)) trial.Keep(settings.Checkpoints, trainer);
            int[] done = await Patient.Call(() => Grain.Finish(lease.Trial, lease.Attempt, outcome.Score, outcome.Status, outcome.Message, outcome.Duration), cancellationToken);
            foreach (int other in settings.Checkpoints is null ? [] : done) Trial.Forget(settings.Checkpoints!, other);
        }
        catch (LeaseLostException)
        {
            LogLost(lease.Trial, plan.Name);
        }
        catch (StudyStorageException)
        {
            await Patient.Call(() => Grain.Release(lease.Trial, lease.Attempt), cancellationToken);
            throw;
        }
    }

    // On the thread of the trial, which has nothing else to do.
    private T Wait<T>(Func<Task<T>> call) => Task.Run(() => Patient.Call(call, _stop)).GetAwaiter().GetResult();

    [LoggerMessage(LogLevel.Error, "This process is not of the study '{Study}': {Reason}")]
    private partial void LogRefused(string study, string reason);

    [LoggerMessage(LogLevel.Warning, "A trial of the study '{Study}' goes on later.")]
    private partial void LogProblem(string study, Exception problem);

    [LoggerMessage(LogLevel.Information, "Trial {Trial} of the study '{Study}' is another worker's by now.")]
    private partial void LogLost(int trial, string study);
}

/// <summary>How a worker runs trials.</summary>
internal sealed record StudyWorkerSettings(int Parallel, ICheckpointStore? Checkpoints);

/// <summary>Calls of a grain that may be repeated, and are until they come through: a silo that died is replaced, a network that was cut comes back.</summary>
internal static class Patient
{
    /// <summary>Calls until it comes through, or the token ends it, or the study itself refuses.</summary>
    public static async Task<T> Call<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (int wait = 50; ; wait = Math.Min(2 * wait, 2000))
        {
            try
            {
                return await call();
            }
            catch (Exception problem) when (problem is Orleans.Runtime.OrleansException or TimeoutException)
            {
                await Task.Delay(wait, cancellationToken);
            }
        }
    }

    /// <summary>The same for calls without an answer.</summary>
    public static Task Call(Func<Task> call, CancellationToken cancellationToken) => Call(async () =>
    {
        await call();
        return true;
    }, cancellationToken);
}
