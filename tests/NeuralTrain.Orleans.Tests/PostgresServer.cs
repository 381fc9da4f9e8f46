using System.Diagnostics;

namespace NeuralTrain.Tests.Orleans;

/// <summary>A PostgreSQL server in a temporary folder, for one test: the programs of the machine, nothing that is there is touched.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Why there is none.</summary>
    public const string Missing = "Needs PostgreSQL (apt-get install postgresql), whose initdb is not in /usr/lib/postgresql.";

    private readonly string _folder;
    private readonly string _programs;

    private PostgresServer(string programs, string folder) => (_programs, _folder) = (programs, folder);

    /// <summary>How to reach it: through a socket in its folder.</summary>
    public string Connection => $"Host={_folder};Username=test;Database=postgres;Pooling=true;Maximum Pool Size=10";

    /// <summary>Starts one; null if it is not installed.</summary>
    /// <param name="megabytesOfFile">How large a file of it can become, as on a disk that is full; null: as the machine allows.</param>
    public static PostgresServer? Start(int? megabytesOfFile = null)
    {
        string? programs = Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            .LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) : null;
        if (programs is null) return null;

        // Short, because the path of a socket has at most 107 characters; and the server's, which refuses to run as root.
        string folder = Directory.CreateTempSubdirectory("pg-").FullName;
        var server = new PostgresServer(programs, folder);
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", folder);
        server.Do("initdb", "-D", Path.Combine(folder, "data"), "-U", "test", "-A", "trust", "--no-sync");
        string start = $"\"{Path.Combine(programs, "pg_ctl")}\" -D {folder}/data -w -l {folder}/log -o \"-k {folder} -c listen_addresses=''\" start";
        server.Do("sh", "-c", megabytesOfFile is int most ? $"ulimit -f {most * 2048}; {start}" : start);
        return server;
    }

    public ValueTask DisposeAsync()
    {
        Do("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Do(string program, params string[] arguments)
    {
        string path = program == "sh" ? "/bin/sh" : Path.Combine(_programs, program);
        if (Environment.IsPrivilegedProcess) Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]);
        else Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server keeps what it inherits open, so its output is not read.
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
