using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace NeuralTrain.Tests.Orleans;

/// <summary>What the processes of a test's cluster agree on: where the silos are, and what keeps their members and grains: Redis both, or PostgreSQL the grains of one silo.</summary>
/// <param name="Address">The address of the silos.</param>
/// <param name="Port">The port of the first silo; the next one is that of its gateway.</param>
/// <param name="Database">A connection string of Npgsql, or <see cref="RedisPrefix"/> and one of StackExchange.Redis.</param>
internal sealed record ClusterConnection(IPAddress Address, int Port, string Database)
{
    public const string RedisPrefix = "redis:";

    /// <summary>The connection string of Redis; null for PostgreSQL.</summary>
    public string? Redis => RedisOf(Database);

    /// <summary>The connection string of Redis; null if the database is another one.</summary>
    public static string? RedisOf(string database) => database.StartsWith(RedisPrefix, StringComparison.Ordinal) ? database[RedisPrefix.Length..] : null;

    /// <summary>Makes a client of it, which waits until there is a silo.</summary>
    public void Use(IClientBuilder client)
    {
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3)).UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(100, cancellation);
            return true;
        });
        if (Redis is string redis) client.UseRedisClustering(redis);
        else client.UseStaticClustering(new IPEndPoint(Address, Port + 1));
    }

    /// <summary>The first of so many free ports in a row, below those the system gives out by itself.</summary>
    public static int FreePorts(int count)
    {
        while (true)
        {
            int first = Random.Shared.Next(10_000, 30_000);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
