using NeuralTrain.Samples;
using Npgsql;

namespace NeuralTrain.Tests.Orleans;

/// <summary>Real processes, a silo and workers, and a PostgreSQL server: killed, stopped and cut off again and again, a study or a shared training ends as if nothing had been.</summary>
public sealed class PostgresKillTests : IAsyncDisposable
{
    private const int Kills = 50, Trials = 120;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(14));
    private PostgresServer? _server;
    private ProcessCluster? _cluster;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task Killed_fifty_times_a_study_ends_with_the_same_bits()
    {
        ProcessCluster cluster = await Begin(["silo", "worker", "worker", "worker"]);
        Task<StudyMachine> run = Run(cluster);
        var random = new Random(4);
        int kills = 0;
        for (; kills < Kills && !run.IsCompleted; kills++)
        {
            // When the study has gone on a little, or, in some cases, at once: then a process dies while it starts.
            await cluster.Progress(run, random.Next(4) == 0 ? 0 : random.Next(1, 12), TimeSpan.FromSeconds(4));
            await Task.Delay(random.Next(100), _limit.Token);
            await cluster.Kill(random.Next(8) == 0 ? 0 : random.Next(1, 4));
        }

        StudyMachine study = await run;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills; attempts {string.Join(" ", study.Trials.Select(trial => trial.Attempt))}");
        ProductTrial.Lines(study.Trials).Should().Equal(ProductTrial.Undisturbed(Trials));
        kills.Should().Be(Kills, "the study must last longer than the kills");
        study.Trials.Should().Contain(trial => trial.Attempt > 1);
    }

    [Fact]
    public async Task Stopped_for_thirty_seconds_processes_change_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Stops processes with the signals of Unix.");
        ProcessCluster cluster = await Begin(["silo", "worker", "worker"]);
        Task<StudyMachine> run = Run(cluster);

        // Nobody hears of a stopped process, and it hears of nobody. A lease lasts 2 seconds.
        foreach ((int[] stopped, int seconds) in new[] { (new[] { 1 }, 5), ([0], 30), ([2], 5), ([0, 1, 2], 5) })
        {
            await cluster.Progress(run, 15, TimeSpan.FromMinutes(2));
            cluster.Signal("STOP", stopped);
            await Task.Delay(TimeSpan.FromSeconds(seconds), _limit.Token);
            run.IsCompleted.Should().BeFalse("the study must last longer than the pauses");
            cluster.Signal("CONT", stopped);
        }

        await EndsUndisturbed(cluster, run);
    }

    [Fact]
    public async Task Cut_off_the_network_for_thirty_seconds_workers_change_nothing()
    {
        Assert.SkipUnless(ProcessCluster.CanIsolate, ProcessCluster.CannotIsolate);
        ProcessCluster cluster = await Begin(["silo", "worker", "worker", "worker"], isIsolated: true);
        Task<StudyMachine> run = Run(cluster);

        // Connections stay open, and nothing comes through; what a worker then says comes late, or never.
        foreach ((int[] cut, int seconds) in new[] { (new[] { 3 }, 5), ([1, 2, 3], 30), ([1, 2], 5) })
        {
            await cluster.Progress(run, 15, TimeSpan.FromMinutes(2));
            ProcessCluster.Cable(isPlugged: false, cut);
            await Task.Delay(TimeSpan.FromSeconds(seconds), _limit.Token);
            run.IsCompleted.Should().BeFalse("the study must last longer than the cuts");
            ProcessCluster.Cable(isPlugged: true, cut);
        }

        await EndsUndisturbed(cluster, run);
    }

    [Fact]
    public async Task A_shared_training_whose_processes_are_killed_and_stopped_ends_with_the_same_bits()
    {
        ProcessCluster cluster = await Begin(["silo", "parallel", "parallel"]);
        await using var source = NpgsqlDataSource.Create(_server!.Connection);
        ParallelPlan plan = SpreadWork.Plan();
        Task<Sequential> run = cluster.Grains.TrainAsync(plan, new SpreadWork(), new PostgresCheckpointStore(source, plan.Name), cluster.Count<ParallelRound>(), _limit.Token);
        var random = new Random(4);
        int kills = 0;
        for (; kills < 8 && !run.IsCompleted; kills++)
        {
            await cluster.Progress(run, random.Next(3), TimeSpan.FromSeconds(10));
            int victim = random.Next(4) == 0 ? 0 : random.Next(1, 3);
            if (kills % 4 == 3 && OperatingSystem.IsLinux())
            {
                cluster.Signal("STOP", victim);
                await Task.Delay(3 * plan.Lease, _limit.Token);
                cluster.Signal("CONT", victim);
            }
            else
            {
                await cluster.Kill(victim);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cluster.Told} of {plan.Rounds} rounds were over when the last kill was");
        WeightsFile.Of(await run).Should().Equal(ParallelTests.Undisturbed(plan));
        kills.Should().Be(8, "the training must last longer than the kills");
    }

    private async Task<ProcessCluster> Begin(string[] roles, bool isIsolated = false)
    {
        _server = PostgresServer.Start();
        Assert.SkipWhen(_server is null, PostgresServer.Missing);
        await Schema.Create(_server!.Connection);
        return _cluster = await ProcessCluster.Start(_server.Connection, Trials, roles, isIsolated);
    }

    private Task<StudyMachine> Run(ProcessCluster cluster) => cluster.Grains.RunAsync(ProductTrial.Plan("killed", Trials), cluster.Count<TrialResult>(), _limit.Token);

    private static async Task EndsUndisturbed(ProcessCluster cluster, Task<StudyMachine> run)
    {
        int told = cluster.Told;
        StudyMachine study = await run;
        TestContext.Current.TestOutputHelper?.WriteLine($"{told} of {cluster.Told} reports were in when the last disturbance ended");
        ProductTrial.Lines(study.Trials).Should().Equal(ProductTrial.Undisturbed(Trials));
        study.Trials.Should().Contain(trial => trial.Attempt > 1, "the trial of a worker that was silent is given to another");
    }
}
