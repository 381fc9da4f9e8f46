using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NeuralTrain.Tests.Orleans.Documentation;

/// <summary>The code of docs/cluster.md.</summary>
public sealed class ClusterPageTests
{
    [Fact]
    public async Task The_shared_training_of_the_page_trains()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderCheckpointStore(folder.FullName);
        int port = FreePorts();
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

    // The ports are those of the loopback device, and free a moment before.
    private static int FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        return ((IPEndPoint)first.LocalEndpoint).Port;
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
