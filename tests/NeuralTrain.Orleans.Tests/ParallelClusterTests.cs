using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace NeuralTrain.Tests.Orleans;

/// <summary>A training that machines share, on a cluster of silos in this process.</summary>
public sealed class ParallelClusterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _logged = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_training_on_a_cluster_has_the_same_bits_as_in_a_process_and_tells_how_it_goes()
    {
        ParallelPlan plan = Plan("whole");
        var work = new SpreadWork { Validation = new SpreadWork().Shard(9) };
        await using InProcessTestCluster cluster = await Start(plan, work, new SharedStorage.Records { Faults = new Random(1) }, silos: 2);
        var told = new List<ParallelRound>();
        Sequential network = await cluster.Client.TrainAsync(plan, work, Store, new Listener(told.Add), Timeout);
        WeightsFile.Of(network).Should().Equal(ParallelTests.Undisturbed(plan));
        ParallelRound last = told[^1];
        (last.Number, last.Rounds).Should().Be((plan.Rounds, plan.Rounds));
        last.Validation.Should().BeEquivalentTo(network.Evaluate(work.Validation, new MeanSquaredError()));
        last.ToString().Should().MatchRegex("^round 6/6: training loss [0-9.e-]+, validation loss .*; [0-9]+ % of the time was training$");
        told.Select(round => round.Number).Should().BeInAscendingOrder();
        lock (_logged) _logged.Should().Contain(line => line.Contains("The training 'whole': 55 values, 7 steps of", StringComparison.Ordinal), "at 100 bytes a second nothing pays");
    }

    [Fact]
    public async Task Silos_that_are_killed_change_nothing()
    {
        ParallelPlan plan = Plan("kills", rounds: 30);
        await using InProcessTestCluster cluster = await Start(plan, new SpreadWork(), new SharedStorage.Records(), silos: 3);
        Task<Sequential> run = cluster.Client.TrainAsync(plan, new SpreadWork(), Store, cancellationToken: Timeout);
        var random = new Random(2);
        for (int i = 0; i < 4 && !run.IsCompleted; i++)
        {
            await Task.WhenAny(run, Task.Delay(random.Next(300)));
            await cluster.KillSiloAsync(cluster.Silos[random.Next(1, cluster.Silos.Count)]);
            await cluster.StartAdditionalSiloAsync();
        }

        WeightsFile.Of(await run).Should().Equal(ParallelTests.Undisturbed(plan));
    }

    [Fact]
    public async Task A_training_that_diverges_fails_with_the_reason()
    {
        ParallelPlan plan = Plan("diverges");
        var work = new SpreadWork { Change = trainer => trainer.Optimizer.LearningRate = 1e30 };
        await using InProcessTestCluster cluster = await Start(plan, work, new SharedStorage.Records(), silos: 1);
        (await cluster.Client.Awaiting(client => client.TrainAsync(plan, work, Store, cancellationToken: Timeout)).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("The training 'diverges' has failed: *of round 1: NonFiniteException: *under another name.");
    }

    [Fact]
    public async Task A_worker_of_another_version_is_refused_with_the_differences()
    {
        ParallelPlan plan = Plan("version");
        await using InProcessTestCluster cluster = await Start(plan, work: null, new SharedStorage.Records(), silos: 1);
        IParallelGrain grain = cluster.Client.GetGrain<IParallelGrain>("version");
        (await grain.Awaiting(one => one.Ask(new ParallelPlan("version", 3, 6) { LocalSteps = 7, Version = "2" }.Settings, -1)).Should().ThrowAsync<ArgumentException>())
            .WithMessage("*version: expected none, received 2*");
        (await grain.Ask(plan.Settings, -1)).Lease.Should().Be(new ParallelLease(-1, 3, 1));
        await cluster.Client.GetGrain<IParallelGrain>("unknown").Awaiting(one => one.Status()).Should().ThrowAsync<Exception>().WithMessage("*does not know the training 'unknown'*");
    }

    [Fact]
    public async Task Of_two_activations_only_one_can_write()
    {
        ParallelPlan plan = Plan("twice");
        var records = new SharedStorage.Records();
        await using InProcessTestCluster one = await Start(plan, work: null, records, silos: 1), two = await Start(plan, work: null, records, silos: 1);
        IParallelGrain first = one.Client.GetGrain<IParallelGrain>("twice"), second = two.Client.GetGrain<IParallelGrain>("twice");
        ParallelLease lease = (await first.Ask(plan.Settings, -1)).Lease!.Value;
        (await second.Ask(plan.Settings, -1)).Lease.Should().BeNull("it has read what the first one gave out");
        await second.Release(lease);
        await first.Awaiting(grain => grain.Finish(lease, new PartReport(0, null, default, default))).Should().ThrowAsync<Exception>("what it has in memory is old");
        (await Patient.Call(() => first.Ask(plan.Settings, -1), Timeout)).Lease.Should().Be(lease with { Attempt = 2 }, "it has been read again");
    }

    private FolderCheckpointStore Store => new(_folder.FullName);

    private static CancellationToken Timeout => new CancellationTokenSource(TimeSpan.FromMinutes(4)).Token;

    private static ParallelPlan Plan(string name, int rounds = 6) => new(name, shards: 3, rounds) { LocalSteps = 7, Lease = TimeSpan.FromSeconds(2), Attempts = int.MaxValue, BytesPerSecond = 100 };

    private async Task<InProcessTestCluster> Start(ParallelPlan plan, SpreadWork? work, SharedStorage.Records records, short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(StudyCluster.Storage, (services, _) => new SharedStorage(services.GetRequiredService<Serializer>(), records));
            silo.Services.AddParallelTraining(plan).AddSingleton<ILoggerProvider>(new WarningLog(_logged));
            if (work is not null) silo.Services.AddSingleton(work).AddParallelWorker<SpreadWork>(plan, Store);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private sealed class Listener(Action<ParallelRound> report) : IProgress<ParallelRound>
    {
        public void Report(ParallelRound value) => report(value);
    }

    private sealed class WarningLog(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel != LogLevel.Warning) return;
            lock (lines) lines.Add(formatter(state, exception));
        }
    }
}
