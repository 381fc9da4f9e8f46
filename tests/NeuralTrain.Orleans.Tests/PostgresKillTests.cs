using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuralTrain.Samples;
using Npgsql;
using Orleans.Configuration;

namespace NeuralTrain.Tests.Orleans;

/// <summary>Real processes, a silo and workers, and a PostgreSQL server: killed and cut off again and again, a study or a shared training ends as if nothing had been.</summary>
public sealed class PostgresKillTests : IAsyncDisposable
{
    private const int Kills = 50, Trials = 120;
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];
    private PostgresServer? _server;
    private string[] _roles = [];
    private int _port, _told;

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.Dispose();
        }

        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Killed_fifty_times_a_study_ends_with_the_same_bits()
    {
        using IHost client = await Begin(["silo", "worker", "worker", "worker"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(14));
        Task<StudyMachine> run = client.Services.GetRequiredService<IGrainFactory>().RunAsync(ProductTrial.Plan("killed", Trials), new Counter(() => Interlocked.Increment(ref _told)), limit.Token);
        var random = new Random(4);
        int kills = 0;
        for (; kills < Kills && !run.IsCompleted; kills++)
        {
            // When the study has gone on a little, or, in some cases, at once: then a process dies while it starts.
            await Progress(run, random.Next(4) == 0 ? 0 : random.Next(1, 12), TimeSpan.FromSeconds(4));
            await Task.Delay(random.Next(100), limit.Token);
            await Kill(random.Next(8) == 0 ? 0 : random.Next(1, 4));
        }

        StudyMachine study = await run;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills; attempts {string.Join(" ", study.Trials.Select(trial => trial.Attempt))}");
        ProductTrial.Lines(study.Trials).Should().Equal(ProductTrial.Undisturbed(Trials));
        kills.Should().Be(Kills, "the study must last longer than the kills");
        study.Trials.Should().Contain(trial => trial.Attempt > 1);
    }

    [Fact]
    public async Task Cut_off_for_thirty_seconds_a_study_ends_with_the_same_bits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Stops processes with the signals of Unix.");
        using IHost client = await Begin(["silo", "worker", "worker"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(14));
        const int Few = 15;
        Task<StudyMachine> run = client.Services.GetRequiredService<IGrainFactory>().RunAsync(ProductTrial.Plan("killed", Trials), new Counter(() => Interlocked.Increment(ref _told)), limit.Token);

        // Nobody hears of a stopped process, and it hears of nobody: to the others it is as one whose network is cut. A lease lasts 2 seconds.
        foreach ((int[] stopped, int seconds) in new[] { (new[] { 1 }, 5), ([0], 30), ([2], 5), ([0, 1, 2], 5) })
        {
            await Progress(run, Few, TimeSpan.FromMinutes(2));
            foreach (int place in stopped) Signal("STOP", place);
            await Task.Delay(TimeSpan.FromSeconds(seconds), limit.Token);
            run.IsCompleted.Should().BeFalse("the study must last longer than the cuts");
            foreach (int place in stopped) Signal("CONT", place);
        }

        int told = Volatile.Read(ref _told);
        StudyMachine study = await run;
        TestContext.Current.TestOutputHelper?.WriteLine($"{told} of {_told} reports were in when the last cut ended");
        ProductTrial.Lines(study.Trials).Should().Equal(ProductTrial.Undisturbed(Trials));
        study.Trials.Should().Contain(trial => trial.Attempt > 1, "the trial of a worker that was silent is given to another");
    }

    [Fact]
    public async Task A_shared_training_whose_processes_are_killed_and_cut_off_ends_with_the_same_bits()
    {
        using IHost client = await Begin(["silo", "parallel", "parallel"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(14));
        await using var source = NpgsqlDataSource.Create(_server!.Connection);
        ParallelPlan plan = SpreadWork.Plan();
        Task<Sequential> run = client.Services.GetRequiredService<IGrainFactory>().TrainAsync(
            plan, new SpreadWork(), new PostgresCheckpointStore(source, plan.Name), new RoundCounter(() => Interlocked.Increment(ref _told)), limit.Token);
        var random = new Random(4);
        int kills = 0;
        for (; kills < 8 && !run.IsCompleted; kills++)
        {
            await Progress(run, random.Next(3), TimeSpan.FromSeconds(10));
            int victim = random.Next(4) == 0 ? 0 : random.Next(1, 3);
            if (kills % 4 == 3 && OperatingSystem.IsLinux())
            {
                Signal("STOP", victim);
                await Task.Delay(3 * plan.Lease, limit.Token);
                Signal("CONT", victim);
            }
            else
            {
                await Kill(victim);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Volatile.Read(ref _told)} of {plan.Rounds} rounds were over when the last kill was");
        WeightsFile.Of(await run).Should().Equal(ParallelTests.Undisturbed(plan));
        kills.Should().Be(8, "the training must last longer than the kills");
    }

    private async Task<IHost> Begin(string[] roles)
    {
        _server = PostgresServer.Start();
        await Schema.Create(_server.Connection);
        (_roles, _port) = (roles, FreePorts());
        for (int i = 0; i < roles.Length; i++) _processes.Add(Start(i));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(_port + 1).Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3))
            .UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(100, cancellation);
                return true;
            }));
        IHost client = builder.Build();
        await client.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    // Waits until so much more was told, or the time is up.
    private async Task Progress(Task run, int progress, TimeSpan most)
    {
        int before = Volatile.Read(ref _told);
        long start = Stopwatch.GetTimestamp();
        while (!run.IsCompleted && Volatile.Read(ref _told) < before + progress && Stopwatch.GetElapsedTime(start) < most) await Task.Delay(10);
    }

    private async Task Kill(int place)
    {
        _processes[place].Kill();
        await _processes[place].WaitForExitAsync();
        _processes[place].Dispose();
        _processes[place] = Start(place);
    }

    private void Signal(string signal, int place)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_processes[place].Id}"]);
        kill.WaitForExit();
        kill.ExitCode.Should().Be(0);
    }

    private Process Start(int place) => Process.Start(new ProcessStartInfo("dotnet",
        [Repository.PathOf("tests", "ClusterProcess", "bin", Repository.Configuration, "net10.0", "ClusterProcess.dll"), _roles[place], $"{_port}", _folder.FullName, _server!.Connection, $"{Trials}"]))!;

    private static int FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        return ((IPEndPoint)first.LocalEndpoint).Port;
    }

    private sealed class RoundCounter(Action report) : IProgress<ParallelRound>
    {
        public void Report(ParallelRound value) => report();
    }

    private sealed class Counter(Action report) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => report();
    }
}
