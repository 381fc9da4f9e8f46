namespace NeuralTrain;

/// <summary>Where and how often a trainer writes down everything it needs to go on after an interruption.</summary>
public sealed class CheckpointOptions
{
    /// <summary>Says where and how often.</summary>
    /// <param name="path">The file, which is replaced each time: written beside and renamed.</param>
    /// <param name="every">After how many epochs, 1 or more. Default 1: after each. The last epoch is always written.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs is less than 1.</exception>
    public CheckpointOptions(string path, int every = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Guard.AtLeast(every, 1, nameof(every), "it is a number of epochs");
        Path = path;
        Every = every;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>After how many epochs it is written.</summary>
    public int Every { get; }
}
