namespace NeuralTrain.Tests.Orleans;

/// <summary>Real processes, two silos and two workers, whose members and grains are in Redis: silos, workers and the server itself are killed, and a study ends as if nothing had been.</summary>
public sealed class RedisKillTests : IAsyncDisposable
{
    private const int Kills = 16, Trials = 48;
    private RedisServer? _server;
    private ProcessCluster? _cluster;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task Killed_with_its_server_a_study_ends_with_the_same_bits()
    {
        _server = await RedisServer.Start();
        Assert.SkipWhen(_server is null, RedisServer.Missing);
        _cluster = await ProcessCluster.Start(_server!.Connection, Trials, ["silo", "silo", "worker", "worker"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(14));
        Task<StudyMachine> run = _cluster.Grains.RunAsync(ProductTrial.Plan("killed", Trials), _cluster.Count<TrialResult>(), limit.Token);
        var random = new Random(4);
        int kills = 0;
        for (; kills < Kills && !run.IsCompleted; kills++)
        {
            await _cluster.Progress(run, random.Next(1, 12), TimeSpan.FromSeconds(8));
            if (kills % 6 == 3) await _server.KillAndStartAgain();
            else await _cluster.Kill(random.Next(4));
        }

        int told = _cluster.Told;
        StudyMachine study = await run;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {told} of {_cluster.Told} reports were in after the last; attempts {string.Join(" ", study.Trials.Select(trial => trial.Attempt))}");
        ProductTrial.Lines(study.Trials).Should().Equal(ProductTrial.Undisturbed(Trials));
        kills.Should().Be(Kills, "the study must last longer than the kills");
        study.Trials.Should().Contain(trial => trial.Attempt > 1);
    }
}
