using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace NeuralTrain.Tests.Orleans;

/// <summary>Studies on a cluster of silos in this process, with a storage that outlives them.</summary>
public sealed class StudyClusterTests : IDisposable
{
    private const int Trials = 14;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_study_on_a_cluster_has_the_same_bits_as_one_in_a_process()
    {
        StudyPlan plan = Plan("whole");
        await using InProcessTestCluster cluster = await Start(plan, new SharedStorage.Records(), silos: 2, parallel: 2);
        var told = new List<int>();
        StudyMachine found = await cluster.Client.RunAsync(plan, new Listener(trial => told.Add(trial.Number)), Timeout);
        ProductTrial.Lines(found.Trials).Should().Equal(Undisturbed());
        told.Distinct().Should().HaveCount(Trials);
        Directory.GetFiles(_folder.FullName).Select(Path.GetFileName).Order().Should().Equal($"trial-{found.Best!.Number}.ckpt", $"trial-{found.Best.Number}.safetensors");
    }

    [Fact]
    public async Task A_storage_that_fails_again_and_again_changes_nothing()
    {
        StudyPlan plan = Plan("faults");
        var records = new SharedStorage.Records { Faults = new Random(1) };
        await using InProcessTestCluster cluster = await Start(plan, records, silos: 1, parallel: 2);
        ProductTrial.Lines((await cluster.Client.RunAsync(plan, cancellationToken: Timeout)).Trials).Should().Equal(Undisturbed());
        records.Writes.Should().BeGreaterThan(3 * Trials);
    }

    [Fact]
    public async Task A_checkpoint_store_that_fails_again_and_again_changes_nothing()
    {
        StudyPlan plan = Plan("full");
        var store = new UnreliableStore(new FolderCheckpointStore(_folder.FullName), new Random(1));
        await using InProcessTestCluster cluster = await Start(plan, new SharedStorage.Records(), silos: 1, parallel: 3, store: store);
        StudyMachine found = await cluster.Client.RunAsync(plan, cancellationToken: Timeout);
        ProductTrial.Lines(found.Trials).Should().Equal(Undisturbed());
        store.Faults.Should().BeGreaterThan(2);
        found.Trials.Should().Contain(trial => trial.Attempt > 1, "what could not be kept was done again");
    }

    [Fact]
    public async Task Silos_that_are_killed_change_nothing()
    {
        StudyPlan plan = Plan("kills");
        await using InProcessTestCluster cluster = await Start(plan, new SharedStorage.Records(), silos: 3, parallel: 1, pause: 10);
        Task<StudyMachine> run = cluster.Client.RunAsync(plan, cancellationToken: Timeout);
        var random = new Random(2);
        for (int i = 0; i < 4 && !run.IsCompleted; i++)
        {
            await Task.WhenAny(run, Task.Delay(random.Next(400)));
            await cluster.KillSiloAsync(cluster.Silos[random.Next(1, cluster.Silos.Count)]);
            await cluster.StartAdditionalSiloAsync();
        }

        ProductTrial.Lines((await run).Trials).Should().Equal(Undisturbed());
    }

    [Fact]
    public async Task A_worker_that_falls_silent_loses_its_trial_and_is_refused()
    {
        StudyPlan plan = new("silent", 2, Direction.Minimize, new RandomSampler(1)) { Lease = TimeSpan.FromMilliseconds(300) };
        await using InProcessTestCluster cluster = await Start(plan, new SharedStorage.Records(), silos: 1, parallel: 0);
        IStudyGrain grain = cluster.Client.GetGrain<IStudyGrain>("silent");
        SortedDictionary<string, string> settings = plan.NewMachine().Settings;
        LeaseMessage first = (await grain.Ask(settings)).Lease!.Value;
        double? x = await grain.Suggest(0, 1, "x", new RangeMessage(0, 1, false, false, null));
        (await grain.Report(0, 1, 1, 0.5)).Should().Be(TrialAnswer.Continue);
        (await grain.Renew(0, 1)).Should().BeTrue();
        await Task.Delay(600);
        LeaseMessage second = (await grain.Ask(settings)).Lease!.Value;
        (second.Trial, second.Attempt).Should().Be((first.Trial, 2));
        (await grain.Suggest(0, 1, "x", new RangeMessage(0, 1, false, false, null))).Should().BeNull();
        (await grain.Report(0, 1, 2, 0.4)).Should().Be(TrialAnswer.Refused);
        (await grain.Renew(0, 1)).Should().BeFalse();
        (await grain.Finish(0, 1, -1, TrialStatus.Completed, "", default)).Should().BeEmpty();
        (await grain.Suggest(0, 2, "x", new RangeMessage(0, 1, false, false, null))).Should().Be(x);
        await grain.Finish(0, 2, 0.3, TrialStatus.Completed, "", default);
        await grain.Finish(0, 2, 0.3, TrialStatus.Completed, "", default);
        StudyMachine machine = plan.NewMachine();
        foreach (string line in (await grain.Journal(0)).Lines) machine.Replay(line);
        machine.Trials.Should().ContainSingle().Which.Score.Should().Be(0.3);
    }

    [Fact]
    public async Task A_worker_of_another_version_is_refused_with_the_differences()
    {
        StudyPlan plan = Plan("version"), other = new("version", Trials, Direction.Maximize, new TpeSampler(5), options: new StudyOptions { Window = 3, Version = "2" });
        await using InProcessTestCluster cluster = await Start(plan, new SharedStorage.Records(), silos: 1, parallel: 0);
        (await cluster.Client.GetGrain<IStudyGrain>("version").Awaiting(grain => grain.Ask(other.NewMachine().Settings)).Should().ThrowAsync<ArgumentException>())
            .WithMessage("*direction: expected Minimize, received Maximize*version: expected none, received 2*");
        await cluster.Client.GetGrain<IStudyGrain>("unknown").Awaiting(grain => grain.Journal(0)).Should().ThrowAsync<Exception>().WithMessage("*does not know the study 'unknown'*");
    }

    [Fact]
    public async Task Of_two_activations_only_one_can_write()
    {
        StudyPlan plan = new("twice", 3, Direction.Minimize, new RandomSampler(1));
        var records = new SharedStorage.Records();
        await using InProcessTestCluster one = await Start(plan, records, silos: 1, parallel: 0), two = await Start(plan, records, silos: 1, parallel: 0);
        IStudyGrain first = one.Client.GetGrain<IStudyGrain>("twice"), second = two.Client.GetGrain<IStudyGrain>("twice");
        SortedDictionary<string, string> settings = plan.NewMachine().Settings;
        (await first.Ask(settings)).Lease!.Value.Trial.Should().Be(0);
        (await second.Ask(settings)).Lease!.Value.Trial.Should().Be(1, "it has read what the first one stored");
        await first.Awaiting(grain => grain.Ask(settings)).Should().ThrowAsync<Exception>("what it has in memory is old");
        (await Patient.Call(() => first.Ask(settings), Timeout)).Lease!.Value.Trial.Should().Be(2, "it has been read again");
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_forth_changes_nothing()
    {
        StudyPlan plan = Plan("clock");
        var clock = new JumpingClock();
        await using InProcessTestCluster cluster = await Start(plan, new SharedStorage.Records(), silos: 1, parallel: 3, clock: clock);
        ProductTrial.Lines((await cluster.Client.RunAsync(plan, cancellationToken: Timeout)).Trials).Should().Equal(Undisturbed());
        clock.Jumps.Should().BeGreaterThan(2);
    }

    private static CancellationToken Timeout => new CancellationTokenSource(TimeSpan.FromMinutes(4)).Token;

    private static StudyPlan Plan(string name) => ProductTrial.Plan(name, Trials);

    private static string[] Undisturbed() => ProductTrial.Undisturbed(Trials);

    private async Task<InProcessTestCluster> Start(StudyPlan plan, SharedStorage.Records records, short silos, int parallel, int pause = 0, TimeProvider? clock = null, ICheckpointStore? store = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(StudyCluster.Storage, (services, _) => new SharedStorage(services.GetRequiredService<Serializer>(), records));
            if (clock is not null) silo.Services.AddSingleton(clock);
            silo.Services.AddStudy(plan).AddSingleton(new ProductTrial(pause));
            if (parallel > 0) silo.Services.AddStudyWorker<ProductTrial>(plan, parallel, store ?? new FolderCheckpointStore(_folder.FullName));
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    // Five minutes forwards or back, at every 15th question. (Of more than a quarter of an hour Orleans itself takes notice: it activates no grain until the time is reached again.)
    private sealed class JumpingClock : TimeProvider
    {
        private readonly Random _random = new(3);
        private TimeSpan _offset;
        private int _questions;

        public int Jumps { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            lock (_random)
            {
                if (++_questions % 15 == 0)
                {
                    Jumps++;
                    _offset = TimeSpan.FromMinutes(5 * _random.Next(-1, 2));
                }

                return base.GetUtcNow() + _offset;
            }
        }
    }

    private sealed class Listener(Action<TrialResult> report) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => report(value);
    }
}
