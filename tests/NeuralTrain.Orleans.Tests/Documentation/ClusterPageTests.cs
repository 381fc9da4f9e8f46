using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace NeuralTrain.Tests.Orleans.Documentation;

/// <summary>The code of docs/cluster.md.</summary>
public sealed class ClusterPageTests
{
    [Fact]
    public async Task The_study_of_the_page_runs()
    {
        // Orleans tells much of what it does; the tests' own output is enough here.
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");
        using var files = new TemporaryFolder();
        (string table, string folder) = (files.Write("flowers.csv", "length,width"), files["flowers"]);
        int port = ClusterConnection.FreePorts(2);

        // <snippet study>
        string data = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(table)))[..16];
        var plan = new StudyPlan("flowers", trials: 12, Direction.Minimize, new TpeSampler(seed: 1), new SuccessiveHalving(), new StudyOptions { Version = $"code 3, data {data}" });

        // A silo keeps the study.
        HostApplicationBuilder silo = Host.CreateApplicationBuilder();
        silo.UseOrleans(orleans => orleans.UseLocalhostClustering(port, port + 1).AddMemoryGrainStorage(StudyCluster.Storage));
        silo.Services.AddStudy(plan);
        using IHost keeper = silo.Build();
        await keeper.StartAsync();

        // Workers run its trials, here as a client of the cluster: in as many processes as there are machines. They wait for the silo, and repeat what has no answer before their leases end.
        HostApplicationBuilder worker = Host.CreateApplicationBuilder();
        worker.UseOrleansClient(orleans => orleans.UseLocalhostClustering(port + 1).Configure<ClientMessagingOptions>(options => options.ResponseTimeout = plan.Lease / 3)
            .UseConnectionRetryFilter(async (problem, stop) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
                return true;
            }));
        worker.Services.AddStudyWorker<FlowersTrial>(plan, parallel: 2, new FolderCheckpointStore(folder));
        using IHost one = worker.Build();
        await one.StartAsync();

        // One of them, or another client, waits for the end.
        StudyMachine study = await keeper.Services.GetRequiredService<IGrainFactory>().RunAsync(plan);
        Console.WriteLine(study);
        // </snippet>

        study.Trials.Should().HaveCount(12);
        File.Exists(new FolderCheckpointStore(folder).PathOf(Trial.ModelName(study.Best!.Number))).Should().BeTrue();
    }

    [Fact]
    public async Task The_shared_training_of_the_page_trains()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderCheckpointStore(folder.FullName);
        int port = ClusterConnection.FreePorts(2);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(port, port + 1).AddMemoryGrainStorage(StudyCluster.Storage));

        // <snippet parallel>
        var plan = new ParallelPlan("digits", shards: 4, rounds: 20) { LocalSteps = 100, Seed = 1, Version = "2, rows 1..60000" };
        Console.WriteLine(ParallelCost.Measure(plan, new DigitsWork()));    // what it would cost and bring, by a step measured here

        builder.Services.AddParallelTraining(plan);                         // in every silo
        builder.Services.AddParallelWorker<DigitsWork>(plan, store);        // in every process that is to train
        using IHost host = builder.Build();
        await host.StartAsync();

        // In one of them, or in a client of the cluster.
        Sequential network = await host.Services.GetRequiredService<IGrainFactory>().TrainAsync(plan, new DigitsWork(), store);
        // </snippet>

        network.Evaluate(new DigitsWork().Shard(0), new MeanSquaredError()).Loss.Should().BeLessThan(0.01);
    }

    private sealed class FlowersTrial : ITrialWork
    {
        public Trainer Run(Trial trial) => new ProductTrial(pause: 0).Run(trial);
    }

    private sealed class DigitsWork : IParallelWork
    {
        public Trainer NewTrainer(Random random)
        {
            var network = new Sequential(new Linear(1, 1, random));
            return new Trainer(network, new MeanSquaredError(), new AdamW(network, 0.01, weightDecay: 0)) { BatchSize = 4 };
        }

        public Dataset Shard(int shard) => new(new Matrix([0, 1, 2, 3], 4, 1), new Matrix([1, 3, 5, 7], 4, 1));
    }
}
