using System.Diagnostics;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace NeuralTrain.Samples;

/// <summary>The processes of the cluster: this one, a silo with the study's grain and the dashboard; and workers, which it starts.</summary>
internal static class Processes
{
    private const int Workers = 2;

    /// <summary>Runs the silo, starts the workers, kills one of them, and waits for the study.</summary>
    public static async Task Run(SampleRun sample, int port, string? postgres)
    {
        StudyPlan plan = SpiralTrial.Plan(sample);
        if (postgres is not null) await Schema.Create(postgres);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddStudy(plan);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, port + 1).AddDashboard();
            if (postgres is null) silo.AddMemoryGrainStorage(StudyCluster.Storage);
            else silo.AddAdoNetGrainStorage(StudyCluster.Storage, options => (options.Invariant, options.ConnectionString) = ("Npgsql", postgres));
        });
        await using WebApplication silo = builder.Build();
        silo.MapOrleansDashboard("/dashboard");
        await silo.StartAsync(sample.Stop);
        SampleRun.Say($"The dashboard of the cluster: {silo.Urls.First()}/dashboard");
        List<Process> workers = [.. Enumerable.Range(0, Workers).Select(_ => StartWorker(sample, port + 1, postgres))];
        try
        {
            int ended = 0, killed = 0;
            var progress = new Ended(trial =>
            {
                SampleRun.Say($"  {trial}{(trial.Attempt > 1 ? $", attempt {trial.Attempt}" : "")}");
                if (++ended != plan.Trials / 3) return;
                workers[0].Kill();
                workers[0].WaitForExit();
                workers[0] = StartWorker(sample, port + 1, postgres);
                killed++;
                SampleRun.Say("  A worker was killed, and another one started.");
            });
            StudyMachine study = await silo.Services.GetRequiredService<IGrainFactory>().RunAsync(plan, progress, sample.Stop);
            SampleRun.Say();
            SampleRun.Say($"Best: {study.Best}");
            sample.Claim("No trial is lost with the worker that was killed", killed == 1 && study.Trials.Count == plan.Trials, $"{study.Trials.Count} of {plan.Trials} trials");
            var here = new Study(Direction.Minimize, new TpeSampler((ulong)sample.Seed), new SuccessiveHalving(5, 3), plan.Options);
            here.Run(plan.Trials, 1, new SpiralTrial().Run, sample.Stop);
            sample.Claim("One process alone has the same trials, bit for bit", here.Trials.Select(trial => (trial.Score, trial.Status)).SequenceEqual(study.Trials.Select(trial => (trial.Score, trial.Status))),
                $"best {here.Best.Score:R}");
        }
        finally
        {
            foreach (Process worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }
        }

        await silo.StopAsync(CancellationToken.None);
    }

    /// <summary>Runs trials for the cluster until all have ended.</summary>
    public static async Task Work(int gateway, SampleRun sample, string? postgres)
    {
        await using NpgsqlDataSource? database = postgres is null ? null : NpgsqlDataSource.Create(postgres);
        StudyPlan plan = SpiralTrial.Plan(sample);
        ICheckpointStore store = database is null ? new FolderCheckpointStore(sample.PathOf("cluster")) : new PostgresCheckpointStore(database, plan.Name);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gateway).Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(10)));
        builder.Services.AddStudyWorker<SpiralTrial>(plan, parallel: 1, store);
        using IHost host = builder.Build();
        await host.RunAsync(sample.Stop);
    }

    private static Process StartWorker(SampleRun sample, int gateway, string? postgres)
    {
        string[] arguments = [typeof(Processes).Assembly.Location, "--worker", $"{gateway}", "--seed", $"{sample.Seed}", "--out", Path.GetDirectoryName(sample.PathOf("x"))!, .. sample.Quick ? ["--quick"] : Array.Empty<string>(), .. postgres is null ? Array.Empty<string>() : ["--postgres", postgres]];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
    }

    private sealed class Ended(Action<TrialResult> show) : IProgress<TrialResult>
    {
        private readonly HashSet<int> _shown = [];

        public void Report(TrialResult value)
        {
            if (value.Status != TrialStatus.Running && _shown.Add(value.Number)) show(value);
        }
    }
}
