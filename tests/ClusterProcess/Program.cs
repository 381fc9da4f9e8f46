// ClusterProcess silo|worker|parallel ADDRESS PORT FOLDER DATABASE TRIALS: the silo of a study and a shared training, which PostgreSQL or Redis keeps, or a worker of the one or the other; until it is killed.
// ClusterProcess measure: what a trial costs beside its training. ClusterProcess parallel-measure FOLDER: what sharing a training between 1, 2 and 4 processes of this machine brings; parallel-worker is one of them.
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuralTrain;
using NeuralTrain.Tests.Orleans;
using Npgsql;

switch (args[0])
{
    case "measure":
        await Measurements.Run();
        return;
    case "parallel-measure":
        await ParallelMeasurement.Run(args[1]);
        return;
    case "parallel-worker":
        await ParallelMeasurement.Work(args[1], int.Parse(args[2]));
        return;
}

var connection = new ClusterConnection(IPAddress.Parse(args[1]), int.Parse(args[2]), args[4]);
StudyPlan plan = ProductTrial.Plan("killed", trials: int.Parse(args[5]));
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
if (args[0] == "silo")
{
    builder.UseOrleans(silo =>
    {
        silo.ConfigureEndpoints(connection.Address, connection.Port, connection.Port + 1);
        if (connection.Redis is string redis) silo.UseRedisClustering(redis);
        else silo.UseDevelopmentClustering(new IPEndPoint(connection.Address, connection.Port));
        Storage.Add(silo, connection.Database);
    });
    builder.Services.AddStudy(plan).AddParallelTraining(SpreadWork.Plan());
}
else
{
    builder.UseOrleansClient(connection.Use);
    if (args[0] == "parallel") builder.Services.AddParallelWorker<SlowSpreadWork>(SpreadWork.Plan(), new PostgresCheckpointStore(NpgsqlDataSource.Create(connection.Database), SpreadWork.Plan().Name));
    else builder.Services.AddSingleton(new ProductTrial(pause: 40)).AddStudyWorker<ProductTrial>(plan, parallel: 1, new FolderCheckpointStore(args[3]));
}

await builder.Build().RunAsync();
