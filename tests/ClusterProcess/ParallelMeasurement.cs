using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralTrain.Tests.Orleans;

/// <summary>How much faster several processes of this machine, with a thread each, take the same steps: a figure of benchmarks/results/cluster.md.</summary>
internal static class ParallelMeasurement
{
    private const int Port = 23_111, Rounds = 6;

    /// <summary>A training by one, two and four worker processes, timed from the end of the first round to that of the last.</summary>
    public static async Task Run(string folder)
    {
        Compute.MaxThreads = 1;
        Console.WriteLine($"{ParallelCost.Measure(Plan(1), new WideWork())}\n\n| workers | seconds a round | times one worker | seconds of training, all together | seconds of files and mean |\n|---|---|---|---|---|");
        double alone = 0;
        foreach (int workers in new[] { 1, 2, 4 })
        {
            ParallelPlan plan = Plan(workers);
            HostApplicationBuilder builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            builder.UseOrleans(silo => silo.UseLocalhostClustering(Port, Port + 1).AddMemoryGrainStorage(StudyCluster.Storage));
            builder.Services.AddParallelTraining(plan);
            using IHost host = builder.Build();
            await host.StartAsync();
            Process[] processes = [.. Enumerable.Range(0, workers).Select(_ => Process.Start("dotnet", [typeof(ParallelMeasurement).Assembly.Location, "parallel-worker", folder, $"{workers}"]))];
            try
            {
                var ends = new SortedDictionary<int, long>();
                ParallelRound? last = null;
                await host.Services.GetRequiredService<IGrainFactory>().TrainAsync(plan, new WideWork(), new FolderCheckpointStore(folder), new Listener(round =>
                {
                    last = round;
                    ends.TryAdd(round.Number, Stopwatch.GetTimestamp());
                }));
                double seconds = Stopwatch.GetElapsedTime(ends.First().Value, ends.Last().Value).TotalSeconds / (ends.Last().Key - ends.First().Key);
                if (workers == 1) alone = seconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {workers} | {seconds:0.00} | {alone / seconds:0.00} | {last!.Computing.TotalSeconds:0.00} | {last.Transferring.TotalSeconds:0.00} |"));
            }
            finally
            {
                foreach (Process process in processes)
                {
                    process.Kill();
                    process.Dispose();
                }
            }

            await host.StopAsync();
        }
    }

    /// <summary>One of the worker processes.</summary>
    public static async Task Work(string folder, int workers)
    {
        Compute.MaxThreads = 1;
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(Port + 1).UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(100, cancellation);
            return true;
        }));
        builder.Services.AddParallelWorker<WideWork>(Plan(workers), new FolderCheckpointStore(folder));
        await builder.Build().RunAsync();
    }

    private static ParallelPlan Plan(int workers) => new($"measured-{workers}", shards: 4, Rounds) { LocalSteps = 20 };

    private sealed class WideWork : IParallelWork
    {
        public Trainer NewTrainer(Random random)
        {
            var network = new Sequential(new Linear(784, 1024, random), new ReLU(), new Linear(1024, 1024, random), new ReLU(), new Linear(1024, 10, random));
            return new Trainer(network, new SoftmaxCrossEntropy(), new AdamW(network)) { BatchSize = 128 };
        }

        public Dataset Shard(int shard)
        {
            var draw = new Random(shard);
            var inputs = new Matrix([.. Enumerable.Range(0, 2000 * 784).Select(_ => draw.NextSingle())], 2000, 784);
            return new Dataset(inputs, OneHot.Encode([.. Enumerable.Range(0, 2000).Select(_ => draw.Next(10))], 10));
        }
    }

    private sealed class Listener(Action<ParallelRound> report) : IProgress<ParallelRound>
    {
        public void Report(ParallelRound value) => report(value);
    }
}
