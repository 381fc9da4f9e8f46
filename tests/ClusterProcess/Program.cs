// ClusterProcess silo|worker|parallel PORT FOLDER CONNECTION TRIALS: the silo of a study and a shared training, which PostgreSQL keeps, or a worker of the one or the other; until it is killed.
// ClusterProcess parallel-measure FOLDER: what sharing a training between 1, 2 and 4 processes of this machine brings; parallel-worker is one of them.
// ClusterProcess measure [CONNECTION]: what a trial costs beside its training.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralTrain;
using NeuralTrain.Tests.Orleans;
using Npgsql;
using Orleans.Configuration;

if (args[0] == "measure")
{
    await Measurements.Run(args.ElementAtOrDefault(1));
    return;
}

if (args[0] == "parallel-measure")
{
    await ParallelMeasurement.Run(args[1]);
    return;
}

if (args[0] == "parallel-worker")
{
    await ParallelMeasurement.Work(args[1], int.Parse(args[2]));
    return;
}

int port = int.Parse(args[1]);
StudyPlan plan = ProductTrial.Plan("killed", trials: int.Parse(args[4]));
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
if (args[0] == "silo")
{
    builder.UseOrleans(silo => silo.UseLocalhostClustering(port, port + 1)
        .AddAdoNetGrainStorage(StudyCluster.Storage, options => (options.Invariant, options.ConnectionString) = ("Npgsql", args[3])));
    builder.Services.AddStudy(plan).AddParallelTraining(SpreadWork.Plan());
}
else
{
    builder.UseOrleansClient(client => client.UseLocalhostClustering(port + 1).Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3))
        .UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(100, cancellation);
            return true;
        }));
    if (args[0] == "parallel") builder.Services.AddParallelWorker<SlowSpreadWork>(SpreadWork.Plan(), new PostgresCheckpointStore(NpgsqlDataSource.Create(args[3]), SpreadWork.Plan().Name));
    else builder.Services.AddSingleton(new ProductTrial(pause: 40)).AddStudyWorker<ProductTrial>(plan, parallel: 1, new FolderCheckpointStore(args[2]));
}

await builder.Build().RunAsync();
