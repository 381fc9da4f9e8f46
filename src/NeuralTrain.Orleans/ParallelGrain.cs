using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace NeuralTrain;

/// <summary>Keeps a <see cref="ParallelState"/> in grain storage. What changes it is stored before it is answered; renewals change nothing that is stored.</summary>
[GrainType("neuraltrain-parallel")]
internal sealed class ParallelGrain(IServiceProvider services, TimeProvider clock) : Grain, IParallelGrain
{
    private const string StateName = "training";

    private readonly GrainState<ParallelState> _stored = new(new ParallelState());
    private bool _isBroken;
    private ParallelPlan _plan = null!;
    private ParallelMachine _machine = null!;
    private IGrainStorage _storage = null!;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string name = this.GetPrimaryKeyString();
        _plan = services.GetServices<ParallelPlan>().FirstOrDefault(plan => plan.Name == name)
            ?? throw new InvalidOperationException($"This silo does not know the training '{name}'. Give it the plan with AddParallelTraining, as the other processes of the cluster.");
        _storage = services.GetRequiredKeyedService<IGrainStorage>(StudyCluster.Storage);
        try
        {
            await _storage.ReadStateAsync(StateName, this.GetGrainId(), _stored);
        }
        catch (Exception problem)
        {
            throw new OrleansException($"The training '{name}' cannot be read: {problem.Message} Repeat the call when the storage is back.", problem);
        }

        _machine = new ParallelMachine(_plan, _stored.State ??= new ParallelState());
        _machine.Resume(clock.GetUtcNow());
    }

    /// <inheritdoc/>
    public async Task<ParallelTurn> Ask(SortedDictionary<string, string> settings, int preferred)
    {
        _machine.CheckSettings(settings);
        string? failure = _stored.State!.Failure;
        ParallelLease? lease = _machine.Ask(clock.GetUtcNow(), preferred);
        if (lease is not null || failure != _stored.State.Failure) await Store();
        return new ParallelTurn(lease, _machine.IsFinished || _stored.State.Failure is not null);
    }

    /// <inheritdoc/>
    public Task<bool> Renew(ParallelLease lease) => Task.FromResult(_machine.Renew(lease, clock.GetUtcNow()));

    /// <inheritdoc/>
    public Task Finish(ParallelLease lease, PartReport report)
    {
        _machine.Finish(lease, report);
        return Store();
    }

    /// <inheritdoc/>
    public Task Release(ParallelLease lease)
    {
        _machine.Release(lease);
        return Store();
    }

    /// <inheritdoc/>
    public Task Fail(ParallelLease lease, string message)
    {
        _machine.Fail(lease, message);
        return Store();
    }

    /// <inheritdoc/>
    public Task<ParallelStatus> Status() => Task.FromResult(new ParallelStatus(_stored.State!.Last, _machine.IsFinished, _stored.State.Failure));

    private async Task Store()
    {
        if (_isBroken) throw new OrleansException("The training could not be stored a moment ago; it is being read again. Repeat the call.");
        try
        {
            await _storage.WriteStateAsync(StateName, this.GetGrainId(), _stored);
        }
        catch (Exception problem)
        {
            // What is in memory is ahead of what is stored.
            _isBroken = true;
            DeactivateOnIdle();
            throw new OrleansException($"The training '{_plan.Name}' cannot be stored: {problem.Message} Repeat the call when the storage is back.", problem);
        }
    }
}
