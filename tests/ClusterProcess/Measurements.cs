using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralTrain.Samples;

namespace NeuralTrain.Tests.Orleans;

/// <summary>What a trial costs beside its training: a table of benchmarks/results/cluster.md.</summary>
internal static class Measurements
{
    private const int Trials = 300, Values = 3, Epochs = 5;
    private static int _calls;
    private static TimeSpan _processor;

    /// <summary>Trials that train nothing: three values, five reports, the end; one after another, or by several callers at once.</summary>
    public static async Task Run()
    {
        // Everything once untimed, for what is compiled at the first call.
        Local(null);
        await Grain(null, 2);
        Console.WriteLine("| what keeps the study | callers | calls a trial | ms a trial | processor ms of callers and silo | trials a second |\n|---|---|---|---|---|---|");
        Say("a process, in memory", 1, Local(null));
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "measured.study");
        Say("a process, with a journal", 1, Local(file));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        await SayGrain("a grain, memory storage", null);
        await using RedisServer? redis = await RedisServer.Start();
        if (redis is null) Console.WriteLine($"| {RedisServer.Missing} | | | | | |");
        else await SayGrain("a grain, Redis", redis.Connection);
        await using PostgresServer? postgres = PostgresServer.Start();
        if (postgres is null)
        {
            Console.WriteLine($"| {PostgresServer.Missing} | | | | | |");
            return;
        }

        await Schema.Create(postgres.Connection);
        await SayGrain("a grain, PostgreSQL", postgres.Connection);
    }

    private static async Task SayGrain(string what, string? database)
    {
        foreach (int callers in new[] { 1, 4, 8 }) Say(what, callers, await Grain(database, callers));
    }

    private static TimeSpan Local(string? file)
    {
        Study study = file is null ? new Study(Direction.Minimize, new TpeSampler(1), new SuccessiveHalving()) : Study.Open(file, Direction.Minimize, new TpeSampler(1), new SuccessiveHalving());
        (_calls, _processor) = (0, Environment.CpuUsage.TotalTime);
        long start = Stopwatch.GetTimestamp();
        study.Run(Trials, 1, trial =>
        {
            double sum = Enumerable.Range(0, Values).Sum(i => trial.Suggest($"x{i}", 0, 1));
            int epoch = 1;
            while (epoch <= Epochs && !trial.ShouldStop(epoch, sum)) epoch++;
            _calls += 2 + Values + Math.Min(epoch, Epochs);
            return sum;
        });
        study.Dispose();
        _processor = Environment.CpuUsage.TotalTime - _processor;
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<TimeSpan> Grain(string? database, int callers)
    {
        var plan = new StudyPlan($"measured-{Guid.NewGuid():N}", Trials, Direction.Minimize, new TpeSampler(1), new SuccessiveHalving());
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        int port = ClusterConnection.FreePorts(2);
        builder.UseOrleans(silo => Storage.Add(silo.UseLocalhostClustering(port, port + 1), database));
        builder.Services.AddStudy(plan);
        using IHost host = builder.Build();
        await host.StartAsync();
        IStudyGrain grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStudyGrain>(plan.Name);
        SortedDictionary<string, string> settings = plan.NewMachine().Settings;
        await grain.Journal(0);
        (_calls, _processor) = (0, Environment.CpuUsage.TotalTime);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(Work)));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        _processor = Environment.CpuUsage.TotalTime - _processor;
        await host.StopAsync();
        return time;

        async Task Work()
        {
            while (await Counted(grain.Ask(settings)) is { IsFinished: false } turn)
            {
                if (turn.Lease is not LeaseMessage lease)
                {
                    await Task.Delay(1);
                    continue;
                }

                double sum = 0;
                for (int i = 0; i < Values; i++)
                {
                    sum += await Counted(grain.Suggest(lease.Trial, lease.Attempt, $"x{i}", new RangeMessage(0, 1, false, false, null))) ?? throw new LeaseLostException(new TrialLease(lease.Trial, lease.Attempt, lease.Seed));
                }

                for (int epoch = 1; epoch <= Epochs && await Counted(grain.Report(lease.Trial, lease.Attempt, epoch, sum)) == TrialAnswer.Continue; epoch++)
                {
                }

                await Counted(grain.Finish(lease.Trial, lease.Attempt, sum, TrialStatus.Completed, "", TimeSpan.Zero));
            }
        }
    }

    private static Task<T> Counted<T>(Task<T> call)
    {
        Interlocked.Increment(ref _calls);
        return call;
    }

    private static void Say(string what, int callers, TimeSpan time) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {what} | {callers} | {(double)_calls / Trials:0.0} | {time.TotalMilliseconds / Trials:0.00} | {_processor.TotalMilliseconds / Trials:0.00} | {Trials / time.TotalSeconds:0} |"));
}
