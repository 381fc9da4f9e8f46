using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace NeuralTrain;

/// <summary>A model of a service: its file, and what became of the newest version of it.</summary>
internal abstract partial class ServedModel(string name, string file, PredictorOptions options, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("NeuralTrain");
    private FileStamp? _served, _refused, _seen;

    public string Name { get; } = name;

    public string File { get; } = file;

    public PredictorOptions Options { get; } = options;

    /// <summary>What is wrong with the file as it is now; null if it is served.</summary>
    public volatile string? Problem;

    /// <summary>Looks at the file, and serves it if it is another one that can be served.</summary>
    public void Look()
    {
        bool isNew = false;
        try
        {
            using SafeFileHandle handle = Open();
            FileStamp now = FileStamp.Of(handle);
            bool isStill = now == _seen;
            _seen = now;
            if (now == _served) Problem = null;
            if (now == _served || now == _refused || !isStill) return;
            byte[] content = Read(handle, now);
            if (FileStamp.Of(handle) != now) return;
            (_refused, isNew) = (now, true);
            Swap(content);
            (_served, _refused, Problem) = (now, null, null);
            LogReplaced(Name, File);
            Telemetry.Reloads.Add(1, new("neuraltrain.model", Name), new("neuraltrain.outcome", "replaced"));
        }
        catch (Exception problem)
        {
            // Whatever is wrong with a file, the service goes on with the predictor it has.
            if (!isNew) _refused = null;
            if (!isNew && Problem == problem.Message) return;
            Problem = problem.Message;
            LogRefused(Name, File, problem.Message);
            Telemetry.Reloads.Add(1, new("neuraltrain.model", Name), new("neuraltrain.outcome", "refused"));
        }
    }

    /// <summary>Loads the first predictor.</summary>
    protected T First<T>(Func<Stream, T> load)
    {
        try
        {
            using SafeFileHandle handle = Open();
            FileStamp now = FileStamp.Of(handle);
            T first = load(new MemoryStream(Read(handle, now)));
            _served = _seen = now;
            LogLoaded(Name, File, first!.ToString()!);
            return first;
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The model '{Name}' cannot be loaded from {File}: {problem.Message}", problem);
        }
    }

    /// <summary>Loads the content of a file and serves it.</summary>
    protected abstract void Swap(byte[] content);

    // Whoever writes the file is not kept from it.
    private SafeFileHandle Open() => System.IO.File.OpenHandle(File, share: FileShare.ReadWrite | FileShare.Delete);

    private static byte[] Read(SafeFileHandle handle, FileStamp stamp)
    {
        byte[] content = new byte[stamp.Length];
        int read = 0;
        while (read < content.Length && RandomAccess.Read(handle, content.AsSpan(read), read) is > 0 and int more) read += more;
        return content;
    }

    [LoggerMessage(1, LogLevel.Information, "Model '{Name}' is loaded from {File}: {Predictor}")]
    private partial void LogLoaded(string name, string file, string predictor);

    [LoggerMessage(2, LogLevel.Information, "Model '{Name}' is replaced by the newer {File}")]
    private partial void LogReplaced(string name, string file);

    [LoggerMessage(3, LogLevel.Warning, "Model '{Name}' stays as it is: {File} cannot be served. {Problem}")]
    private partial void LogRefused(string name, string file, string problem);

    // By handle: of a link, it is the file that it leads to.
    private readonly record struct FileStamp(long Length, DateTime Written)
    {
        public static FileStamp Of(SafeFileHandle handle) => new(RandomAccess.GetLength(handle), System.IO.File.GetLastWriteTimeUtc(handle));
    }
}

/// <summary>A model with the slot that requests take its predictor from.</summary>
internal sealed class ServedModel<TSlot, TPredictor> : ServedModel
{
    private readonly Func<Stream, TPredictor> _load;
    private readonly Action<TSlot, TPredictor> _swap;

    public ServedModel(
        string name, string file, PredictorOptions options, Func<Stream, TPredictor> load, Func<TPredictor, TSlot> begin, Action<TSlot, TPredictor> swap, ILoggerFactory loggers)
        : base(name, file, options, loggers)
    {
        (_load, _swap) = (load, swap);
        Slot = begin(First(load));
    }

    public TSlot Slot { get; }

    protected override void Swap(byte[] content) => _swap(Slot, _load(new MemoryStream(content)));
}
