using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>Does parts of a shared training in this process, one after another, until it has ended.</summary>
internal sealed partial class ParallelWorker(ParallelPlan plan, IParallelWork work, ICheckpointStore checkpoints, IGrainFactory grains, ILogger<ParallelWorker> logger)
    : PullingWorker<ParallelLease>(plan.Name, plan.Lease, TimeSpan.FromMilliseconds(50), parallel: 1, logger)
{
    private readonly ParallelRunner _runner = new(plan, work, checkpoints);

    private IParallelGrain Grain => grains.GetGrain<IParallelGrain>(plan.Name);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _runner.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task<(ParallelLease? Lease, bool IsFinished)> AskAsync()
    {
        ParallelTurn turn = await Grain.Ask(plan.Settings, _runner.Shard);
        return (turn.Lease, turn.IsFinished);
    }

    /// <inheritdoc/>
    protected override Task<bool> RenewAsync(ParallelLease given) => Grain.Renew(given);

    /// <inheritdoc/>
    protected override Task ReleaseAsync(ParallelLease given) => Grain.Release(given);

    /// <inheritdoc/>
    protected override async Task DoAsync(ParallelLease given, CancellationToken stoppingToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        bool isFirst = _runner.Cost is null;
        try
        {
            PartReport? report = await RunAsync(given, () => _runner.Run(given, ends.Token), ends, stoppingToken);
            if (report is PartReport done) await Patient.Call(() => Grain.Finish(given, done), stoppingToken);
            else await ReleaseAsync(given);
            if (isFirst && _runner.Cost is { PaysOff: false } cost) LogCost(plan.Name, cost);
        }
        catch (Exception problem) when (problem is not (IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or OperationCanceledException or OrleansException or TimeoutException))
        {
            // Every worker would come to the same. Of another trainer or other data than the others have (ArgumentException) is this worker alone, and a store may come back.
            await Patient.Call(() => Grain.Fail(given, $"{problem.GetType().Name}: {problem.Message}"), stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The training '{Training}': {Cost}")]
    private partial void LogCost(string training, ParallelCost cost);
}
