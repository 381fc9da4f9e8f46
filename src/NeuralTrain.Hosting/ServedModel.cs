using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace NeuralTrain;

/// <summary>A model of a service: its file, and the state of its newest version.</summary>
internal abstract partial class ServedModel(string name, string file, PredictorOptions options, ILoggerFactory loggers)
{
    // Without PredictorOptions.MaxMemory.
    private const long MostBytes = 1 << 30;

    // At the beginning and at the end each: a look takes milliseconds however long the file is, and other weights differ there.
    private const long MostHashed = 4 << 20;

    private const int PieceLength = 1 << 16;

    private readonly ILogger _logger = loggers.CreateLogger("NeuralTrain");
    private FileStamp? _served, _refused, _seen;

    public string Name { get; } = name;

    public string File { get; } = file;

    public PredictorOptions Options { get; } = options;

    /// <summary>What is wrong with the file as it is now; null if it is served.</summary>
    public volatile string? Problem;

    /// <summary>Checks the file, and serves it if it is newer and can be served.</summary>
    public void Look()
    {
        FileStamp? tried = null;
        try
        {
            using SafeFileHandle? handle = Open();
            FileStamp now = Stamp(handle);
            bool isStill = now == _seen;
            _seen = now;
            if (now == _served) Problem = null;
            if (now == _served || now == _refused || !isStill) return;
            tried = now;
            Action serve = Load(Content(handle));
            if (Stamp(handle) != now) return;
            serve();
            (_served, _refused, Problem) = (now, null, null);
            LogReplaced(Name, File);
            Telemetry.Reloads.Add(1, new("neuraltrain.model", Name), new("neuraltrain.outcome", "replaced"));
        }
        catch (Exception problem)
        {
            // Whatever is wrong with a file, the service goes on with the predictor it has.
            _refused = tried;
            if (tried is null && Problem == problem.Message) return;
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
            using SafeFileHandle? handle = Open();
            FileStamp now = Stamp(handle);
            T first = load(Content(handle));
            _served = _seen = now;
            LogLoaded(Name, File, first!.ToString()!);
            return first;
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The model '{Name}' cannot be loaded from {File}: {problem.Message}", problem);
        }
    }

    /// <summary>Loads the content of a file; the result serves it.</summary>
    protected abstract Action Load(Stream content);

    // Null for a file without a length: a pipe has none, and to open it would wait for somebody who writes. Whoever writes the file is not kept from it.
    private SafeFileHandle? Open()
    {
        if (Directory.Exists(File)) throw new IOException("It is a folder. Give the name of a file in it.");
        var file = new FileInfo(File);
        return ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length == 0 ? null : System.IO.File.OpenHandle(File, share: FileShare.ReadWrite | FileShare.Delete);
    }

    // Nothing is read of a file that is too long.
    private FileStream Content(SafeFileHandle? handle)
    {
        if (handle is null) throw new IOException("It is empty, or a pipe or device. Put a model file there.");
        long length = RandomAccess.GetLength(handle), most = Options.MaxMemory ?? MostBytes;
        if (length > most) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"It has {length} bytes, and at most {most} may be read. If it is the right file, set PredictorOptions.MaxMemory."));
        return new FileStream(handle, FileAccess.Read, bufferSize: 0);
    }

    // By handle: of a link, it is the file that it leads to.
    private static FileStamp Stamp(SafeFileHandle? handle)
    {
        if (handle is null) return default;
        long length = RandomAccess.GetLength(handle);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        Append(0, Math.Min(length, MostHashed));
        Append(Math.Max(length - MostHashed, MostHashed), length);
        ArrayPool<byte>.Shared.Return(piece);
        return new FileStamp(length, System.IO.File.GetLastWriteTimeUtc(handle), Convert.ToHexString(hash.GetHashAndReset()));

        void Append(long start, long end)
        {
            while (start < end && RandomAccess.Read(handle, piece.AsSpan(0, (int)Math.Min(piece.Length, end - start)), start) is > 0 and int read)
            {
                hash.AppendData(piece, 0, read);
                start += read;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Model '{Name}' is loaded from {File}: {Predictor}")]
    private partial void LogLoaded(string name, string file, string predictor);

    [LoggerMessage(2, LogLevel.Information, "Model '{Name}' is replaced by the newer {File}")]
    private partial void LogReplaced(string name, string file);

    [LoggerMessage(3, LogLevel.Warning, "Model '{Name}' stays as it is: {File} cannot be served. {Problem}")]
    private partial void LogRefused(string name, string file, string problem);

    private readonly record struct FileStamp(long Length, DateTime Written, string Hash);
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

    protected override Action Load(Stream content)
    {
        TPredictor next = _load(content);
        return () => _swap(Slot, next);
    }
}
