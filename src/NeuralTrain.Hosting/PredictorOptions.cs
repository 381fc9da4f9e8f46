namespace NeuralTrain;

/// <summary>Where a model of a service comes from, and whether it is replaced while requests run.</summary>
public sealed class PredictorOptions
{
    /// <summary>The model file. A relative path begins at the content root of the application.</summary>
    public string File { get; set; } = "";

    /// <summary>Whether a newer file is loaded and served. Default false.</summary>
    public bool ReloadOnChange { get; set; }

    /// <summary>How often the file is checked. Default 2 seconds.</summary>
    /// <remarks>
    /// A file counts as newer if its size, its time of writing or its content differs; of files over 8 MB, only the first and the last 4 MB are compared. It is loaded once it has stayed the same
    /// between two checks; one that is only half written by then is refused, by its length or its checksum. Polling also works on network drives and mounted volumes, where the system does not report changes.
    /// </remarks>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The number of bytes the file may have and loading may allocate; null (the default) for a file of at most 1 GB, and 16 times its size and 1 MB.</summary>
    /// <remarks>A file that is longer is refused before it is read.</remarks>
    public long? MaxMemory { get; set; }
}
