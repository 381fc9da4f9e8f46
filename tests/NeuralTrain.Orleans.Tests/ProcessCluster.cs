using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NeuralTrain.Tests.Orleans;

/// <summary>A cluster of real processes, for one test: they are killed and started again, stopped, and cut off the network.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    /// <summary>Why workers cannot be cut off the network here.</summary>
    public const string CannotIsolate = "Needs Linux, root, and ip, unshare and nsenter (apt-get install iproute2 util-linux), to give each worker a network of its own.";

    private const string IsolatedNetwork = "10.213";
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];
    private readonly string[] _roles;
    private readonly int _trials;
    private readonly bool _isIsolated;
    private readonly ClusterConnection _connection;
    private readonly IHost _client;
    private int _told;

    private ProcessCluster(string database, int trials, bool isIsolated, string[] roles)
    {
        (_trials, _isIsolated, _roles) = (trials, isIsolated, roles);
        _connection = new ClusterConnection(isIsolated ? IPAddress.Parse(HostAddress(1)) : IPAddress.Loopback, ClusterConnection.FreePorts(2 * roles.Length), database);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(_connection.Use);
        _client = builder.Build();
    }

    /// <summary>Whether workers can be cut off the network here.</summary>
    public static bool CanIsolate => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
        && Try("unshare", "--net", "ip", "link", "add", "try0", "type", "veth", "peer", "name", "try1") && Try("nsenter", "--version");

    public IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>How much progress was told of so far.</summary>
    public int Told => Volatile.Read(ref _told);

    /// <summary>Starts the processes, a role each (see ClusterProcess).</summary>
    /// <param name="database">As for <see cref="ClusterConnection"/>.</param>
    /// <param name="trials">The trials of the study.</param>
    /// <param name="roles">The silos first.</param>
    /// <param name="isIsolated">Whether each worker is in a network of its own, from which a virtual cable leads to the silos.</param>
    public static async Task<ProcessCluster> Start(string database, int trials, string[] roles, bool isIsolated = false)
    {
        var cluster = new ProcessCluster(database, trials, isIsolated, roles);

        try
        {
            // With cables the silo's address is the end of the first worker's.
            for (int place = roles.Length - 1; place >= 0; place--) cluster._processes.Insert(0, cluster.Start(place));
            await cluster._client.StartAsync(TestContext.Current.CancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.Dispose();
        }

        await _client.StopAsync(new CancellationToken(canceled: true));
        _client.Dispose();
        _folder.Dispose();
    }

    /// <summary>Counts what is told.</summary>
    public IProgress<T> Count<T>() => new Counter<T>(() => Interlocked.Increment(ref _told));

    /// <summary>Waits until so much more was told, or the time is up.</summary>
    public async Task Progress(Task run, int progress, TimeSpan most)
    {
        int before = Told;
        long start = Stopwatch.GetTimestamp();
        while (!run.IsCompleted && Told < before + progress && Stopwatch.GetElapsedTime(start) < most) await Task.Delay(10);
    }

    public async Task Kill(int place)
    {
        _processes[place].Kill();
        await _processes[place].WaitForExitAsync();
        _processes[place].Dispose();
        _processes[place] = Start(place);
    }

    /// <summary>Stops or continues processes.</summary>
    public void Signal(string signal, params int[] places)
    {
        foreach (int place in places) Do("kill", $"-{signal}", $"{_processes[place].Id}");
    }

    /// <summary>Pulls the cables of workers, or plugs them in again.</summary>
    public static void Cable(bool isPlugged, params int[] places)
    {
        foreach (int place in places) Do("ip", "link", "set", NameOfCable(place), isPlugged ? "up" : "down");
    }

    private static string HostAddress(int place) => $"{IsolatedNetwork}.{place}.1";

    private static string NameOfCable(int place) => $"nt{Environment.ProcessId}-{place}";

    private static bool Try(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    // The name of its network, as net:[4026531840]; the path before it names the process.
    private static string Network(string process) => File.ResolveLinkTarget($"/proc/{process}/ns/net", returnFinalTarget: false)!.Name;

    private static void Do(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "{0} {1}", program, string.Join(' ', arguments));
    }

    private Process Start(int place)
    {
        bool isIsolated = _isIsolated && _roles[place] != "silo";
        string[] command =
        [
            "dotnet", Repository.PathOf("tests", "ClusterProcess", "bin", Repository.Configuration, "net10.0", "ClusterProcess.dll"),
            _roles[place], $"{_connection.Address}", $"{_connection.Port + (_roles[place] == "silo" ? 2 * place : 0)}", _folder.FullName, _connection.Database, $"{_trials}",
        ];
        Process process = isIsolated ? Process.Start("unshare", ["--net", .. command]) : Process.Start(command[0], command[1..]);
        if (!isIsolated) return process;

        try
        {
            PlugIn(place, $"{process.Id}");
            return process;
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    // The network ends with the process, and the cable with the network.
    private static void PlugIn(int place, string id)
    {
        string cable = NameOfCable(place), ofWorker = $"{IsolatedNetwork}.{place}.2";
        while (Network(id) == Network("self")) Thread.Sleep(5);
        Do("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", id);
        Do("ip", "address", "add", $"{HostAddress(place)}/24", "dev", cable);
        Do("ip", "link", "set", cable, "up");
        foreach (string[] step in new[] { ["address", "add", $"{ofWorker}/24", "dev", "eth0"], new[] { "link", "set", "eth0", "up" }, ["link", "set", "lo", "up"], ["route", "add", "default", "via", HostAddress(place)] })
        {
            Do("nsenter", ["--target", id, "--net", "ip", .. step]);
        }
    }

    private sealed class Counter<T>(Action report) : IProgress<T>
    {
        public void Report(T value) => report();
    }
}
