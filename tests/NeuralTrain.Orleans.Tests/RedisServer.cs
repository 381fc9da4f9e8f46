using System.Diagnostics;
using System.Net.Sockets;

namespace NeuralTrain.Tests.Orleans;

/// <summary>A Redis server in a temporary folder, for one test. It appends every command to a file before it answers, so that a killed one loses nothing it has confirmed.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    /// <summary>Why there is none.</summary>
    public const string Missing = "Needs Redis (apt-get install redis-server), which is not in /usr/bin.";

    private const string Program = "/usr/bin/redis-server";
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-").FullName;
    private readonly int _port = ClusterConnection.FreePorts(1);
    private Process _process;

    private RedisServer() => _process = Begin();

    /// <summary>How to reach it, for <see cref="ClusterConnection"/>.</summary>
    public string Connection => $"{ClusterConnection.RedisPrefix}127.0.0.1:{_port},abortConnect=false";

    /// <summary>Starts one; null if it is not installed.</summary>
    public static async Task<RedisServer?> Start()
    {
        if (!File.Exists(Program)) return null;
        var server = new RedisServer();
        await server.Answers();
        return server;
    }

    /// <summary>Kills it, and starts it again from its file.</summary>
    public async Task KillAndStartAgain()
    {
        End();
        _process = Begin();
        await Answers();
    }

    public ValueTask DisposeAsync()
    {
        End();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Process Begin() => Process.Start(new ProcessStartInfo(Program, ["--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--logfile", "log"]))!;

    private void End()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task Answers()
    {
        for (int i = 0; i < 200; i++)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", _port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"Redis does not answer: {File.ReadAllText(Path.Combine(_folder, "log"))}");
    }
}
