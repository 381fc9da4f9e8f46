using StackExchange.Redis;

namespace NeuralTrain.Tests.Orleans;

/// <summary>The grain storage of a silo.</summary>
internal static class Storage
{
    /// <summary>Adds it.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="database">As for <see cref="ClusterConnection"/>; null for memory.</param>
    public static void Add(ISiloBuilder silo, string? database)
    {
        if (database is null) silo.AddMemoryGrainStorage(StudyCluster.Storage);
        else if (ClusterConnection.RedisOf(database) is string redis) silo.AddRedisGrainStorage(StudyCluster.Storage, options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis));
        else silo.AddAdoNetGrainStorage(StudyCluster.Storage, options => (options.Invariant, options.ConnectionString) = ("Npgsql", database));
    }
}
