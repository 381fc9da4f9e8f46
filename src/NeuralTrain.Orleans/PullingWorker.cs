using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>Asks a grain for something to do until there is no more, and does it.</summary>
/// <typeparam name="TLease">What the grain gives out, for a time.</typeparam>
/// <param name="name">The study or the training, for the log.</param>
/// <param name="lease">How long the grain waits for a silent worker.</param>
/// <param name="pause">How long to wait when there is nothing to do at the moment.</param>
/// <param name="parallel">How much is done at once.</param>
/// <param name="logger">The log.</param>
internal abstract partial class PullingWorker<TLease>(string name, TimeSpan lease, TimeSpan pause, int parallel, ILogger logger) : BackgroundService
    where TLease : struct
{
    private static readonly TimeSpan PauseAfterProblem = TimeSpan.FromSeconds(2);

    /// <summary>Asks for a lease, and whether there will be none any more.</summary>
    protected abstract Task<(TLease? Lease, bool IsFinished)> AskAsync();

    /// <summary>Renews a lease; whether it is still the present one.</summary>
    protected abstract Task<bool> RenewAsync(TLease given);

    /// <summary>Hands back what cannot be done now; nothing happens if it has ended.</summary>
    protected abstract Task ReleaseAsync(TLease given);

    /// <summary>Does what was handed out, and reports it.</summary>
    protected abstract Task DoAsync(TLease given, CancellationToken stoppingToken);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(() => WorkAsync(stoppingToken), CancellationToken.None)));

    /// <summary>Runs on a separate thread, never in a grain's turn nor on one of the pool, since it may take hours; renews the lease meanwhile, and ends it when another worker has it.</summary>
    protected async Task<T> RunAsync<T>(TLease given, Func<T> run, CancellationTokenSource ends, CancellationToken stoppingToken)
    {
        Task<T> running = Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        while (await Task.WhenAny(running, Task.Delay(lease / 3, CancellationToken.None)) != running)
        {
            if (!stoppingToken.IsCancellationRequested && !await Patient.Call(() => RenewAsync(given), stoppingToken)) await ends.CancelAsync();
        }

        return await running;
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                (TLease? next, bool isFinished) = await Patient.Call(AskAsync, stoppingToken);
                if (next is TLease given) await DoOrReleaseAsync(given, stoppingToken);
                else if (isFinished) return;
                else await Task.Delay(pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ArgumentException problem)
            {
                LogRefused(name, problem.Message);
                throw;
            }
            catch (Exception problem)
            {
                LogProblem(name, problem);
                await Task.Delay(PauseAfterProblem, CancellationToken.None);
            }
        }
    }

    private async Task DoOrReleaseAsync(TLease given, CancellationToken stoppingToken)
    {
        try
        {
            await DoAsync(given, stoppingToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Such as a full disk: others may go on with it, or this worker later.
            await Patient.Call(() => ReleaseAsync(given), stoppingToken);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "This worker stops, because what it was given does not fit '{Name}': {Reason}")]
    private partial void LogRefused(string name, string reason);

    [LoggerMessage(LogLevel.Warning, "This worker cannot continue with '{Name}' now, and tries again in two seconds.")]
    private partial void LogProblem(string name, Exception problem);
}

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
