using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuralTrain.Samples;
using Orleans.Configuration;

namespace NeuralTrain.Tests.Orleans;

/// <summary>Four real processes, a silo and three workers, and a PostgreSQL server: killed again and again, the study ends as if nothing had been.</summary>
public sealed class PostgresKillTests : IAsyncDisposable
{
    private const int Kills = 50, Trials = 120;
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];
    private PostgresServer? _server;

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
        _server = PostgresServer.Start();
        await Schema.Create(_server.Connection);
        int port = FreePorts();
        for (int i = 0; i < 4; i++) _processes.Add(Start(i, port));
        StudyPlan plan = ProductTrial.Plan("killed", Trials);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(port + 1).Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3))
            .UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(100, cancellation);
                return true;
            }));
        using IHost client = builder.Build();
        await client.StartAsync(TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(14));
        int told = 0;
        Task<StudyMachine> run = client.Services.GetRequiredService<IGrainFactory>().RunAsync(plan, new Counter(() => Interlocked.Increment(ref told)), limit.Token);
        var random = new Random(4);
        int kills = 0;
        for (; kills < Kills && !run.IsCompleted; kills++)
        {
            // When the study has gone on a little, or, in some cases, at once: then a process dies while it starts.
            int before = Volatile.Read(ref told), progress = random.Next(4) == 0 ? 0 : random.Next(1, 12);
            long start = Stopwatch.GetTimestamp();
            while (!run.IsCompleted && Volatile.Read(ref told) < before + progress && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(4)) await Task.Delay(10, limit.Token);
            await Task.Delay(random.Next(100), limit.Token);
            int victim = random.Next(8) == 0 ? 0 : random.Next(1, 4);
            _processes[victim].Kill();
            await _processes[victim].WaitForExitAsync(limit.Token);
            _processes[victim].Dispose();
            _processes[victim] = Start(victim, port);
        }

        StudyMachine study = await run;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills; attempts {string.Join(" ", study.Trials.Select(trial => trial.Attempt))}");
        ProductTrial.Lines(study.Trials).Should().Equal(ProductTrial.Undisturbed(Trials));
        kills.Should().Be(Kills, "the study must last longer than the kills");
        study.Trials.Should().Contain(trial => trial.Attempt > 1);
    }

    private Process Start(int place, int port) => Process.Start(new ProcessStartInfo("dotnet",
        [Repository.PathOf("tests", "ClusterProcess", "bin", Repository.Configuration, "net10.0", "ClusterProcess.dll"), place == 0 ? "silo" : "worker", $"{port}", _folder.FullName, _server!.Connection, $"{Trials}"]))!;

    private static int FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        return ((IPEndPoint)first.LocalEndpoint).Port;
    }

    private sealed class Counter(Action report) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => report();
    }
}
