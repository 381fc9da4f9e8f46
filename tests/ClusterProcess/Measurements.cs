using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralTrain.Samples;

namespace NeuralTrain.Tests.Orleans;

/// <summary>What a trial costs beside its training: the figures of benchmarks/results/cluster.md.</summary>
internal static class Measurements
{
    private const int Trials = 300, Values = 3, Epochs = 5;

    /// <summary>Trials that train nothing: three values, five reports, the end; one after another.</summary>
    public static async Task Run(string? connection)
    {
        Say("in a process, in memory", Local(new Study(Direction.Minimize, new TpeSampler(1), new SuccessiveHalving())));
        string file = Path.GetTempFileName();
        using (Study study = Study.Open(file, Direction.Minimize, new TpeSampler(1), new SuccessiveHalving())) Say("in a process, with a journal", Local(study));
        File.Delete(file);
        Say("grain, memory storage", await Grain(silo => silo.AddMemoryGrainStorage(StudyCluster.Storage), 1));
        Say("grain, memory storage, four workers", await Grain(silo => silo.AddMemoryGrainStorage(StudyCluster.Storage), 4));
        if (connection is null) return;
        await Schema.Create(connection);
        foreach (int workers in new[] { 1, 4 })
        {
            Say($"grain, PostgreSQL, {workers} worker{(workers > 1 ? "s" : "")}", await Grain(silo => silo.AddAdoNetGrainStorage(StudyCluster.Storage, options => (options.Invariant, options.ConnectionString) = ("Npgsql", connection)), workers));
        }
    }

    private static TimeSpan Local(Study study)
    {
        long start = Stopwatch.GetTimestamp();
        study.Run(Trials, 1, trial =>
        {
            double sum = Enumerable.Range(0, Values).Sum(i => trial.Suggest($"x{i}", 0, 1));
            for (int epoch = 1; epoch <= Epochs && !trial.ShouldStop(epoch, sum); epoch++)
            {
            }

            return sum;
        });
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<TimeSpan> Grain(Action<ISiloBuilder> storage, int workers)
    {
        var plan = new StudyPlan($"measured-{Guid.NewGuid():N}", Trials, Direction.Minimize, new TpeSampler(1), new SuccessiveHalving());
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => storage(silo.UseLocalhostClustering(22_111, 22_112)));
        builder.Services.AddStudy(plan);
        using IHost host = builder.Build();
        await host.StartAsync();
        IStudyGrain grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStudyGrain>(plan.Name);
        SortedDictionary<string, string> settings = plan.NewMachine().Settings;
        await grain.Journal(0);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(Work)));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        await host.StopAsync();
        return time;

        async Task Work()
        {
            while (await grain.Ask(settings) is { IsFinished: false } turn)
            {
                if (turn.Lease is not LeaseMessage lease)
                {
                    await Task.Delay(1);
                    continue;
                }

                double sum = 0;
                for (int i = 0; i < Values; i++) sum += (await grain.Suggest(lease.Trial, lease.Attempt, $"x{i}", new RangeMessage(0, 1, false, false, null))) ?? throw new LeaseLostException(new TrialLease(lease.Trial, lease.Attempt, lease.Seed));
                for (int epoch = 1; epoch <= Epochs && await grain.Report(lease.Trial, lease.Attempt, epoch, sum) == TrialAnswer.Continue; epoch++)
                {
                }

                await grain.Finish(lease.Trial, lease.Attempt, sum, TrialStatus.Completed, "", TimeSpan.Zero);
            }
        }
    }

    private static void Say(string what, TimeSpan time) => Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{what}: {time.TotalMilliseconds / Trials:0.00} ms a trial, {Trials / time.TotalSeconds:0} trials a second"));
}
