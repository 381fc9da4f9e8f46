using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>Does parts of a training that machines share in this process, one after another, until it has ended.</summary>
internal sealed partial class ParallelWorker(ParallelPlan plan, IParallelWork work, ICheckpointStore checkpoints, IGrainFactory grains, ILogger<ParallelWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private IParallelGrain Grain => grains.GetGrain<IParallelGrain>(plan.Name);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => WorkAsync(stoppingToken), CancellationToken.None);

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        using var runner = new ParallelRunner(plan, work, checkpoints);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                ParallelTurn turn = await Patient.Call(() => Grain.Ask(plan.Settings, runner.Shard), cancellationToken);
                if (turn.Lease is ParallelLease lease) await RunAsync(runner, lease, cancellationToken);
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
        }
    }

    private async Task RunAsync(ParallelRunner runner, ParallelLease lease, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool isFirst = runner.Cost is null;

        // Never in a grain's turn, nor on a thread of the pool: a round may take minutes.
        Task<PartReport?> running = Task.Factory.StartNew(() => runner.Run(lease, ends.Token), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        while (await Task.WhenAny(running, Task.Delay(plan.Lease / 3, CancellationToken.None)) != running)
        {
            // Another worker has it: what this one still says is refused.
            if (!cancellationToken.IsCancellationRequested && !await Patient.Call(() => Grain.Renew(lease), cancellationToken)) await ends.CancelAsync();
        }

        try
        {
            if (await running is PartReport report) await Patient.Call(() => Grain.Finish(lease, report), cancellationToken);
            else await Patient.Call(() => Grain.Release(lease), cancellationToken);
            if (isFirst && runner.Cost is { PaysOff: false } cost) LogCost(plan.Name, cost);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Such as a full disk: the part is given back, and this worker waits before it asks again.
            LogProblem(plan.Name, problem);
            await Patient.Call(() => Grain.Release(lease), cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        }
        catch (ArgumentException)
        {
            // This worker's trainer or data are not those of the others, which may go on.
            await Patient.Call(() => Grain.Release(lease), cancellationToken);
            throw;
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or OrleansException or TimeoutException))
        {
            await Patient.Call(() => Grain.Fail(lease, $"{problem.GetType().Name}: {problem.Message}"), cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "This process is not of the training '{Training}': {Reason}")]
    private partial void LogRefused(string training, string reason);

    [LoggerMessage(LogLevel.Warning, "A part of the training '{Training}' goes on later.")]
    private partial void LogProblem(string training, Exception problem);

    [LoggerMessage(LogLevel.Warning, "The training '{Training}': {Cost}")]
    private partial void LogCost(string training, ParallelCost cost);
}
