namespace NeuralTrain;

/// <summary>Keeps the checkpoints of running trials and the files of the best one, by name.</summary>
public interface ICheckpointStore
{
    /// <summary>Writes a file in place of the one of this name. At any moment there is the old one or the new one, whole.</summary>
    /// <param name="name">The name: letters, digits, dots and hyphens.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The store is full or cannot be reached; the old file is still there.</exception>
    void Write(string name, Action<Stream> write);

    /// <summary>Opens a file; null if there is none of this name.</summary>
    /// <param name="name">The name.</param>
    Stream? Open(string name);

    /// <summary>Removes a file, if there is one of this name.</summary>
    /// <param name="name">The name.</param>
    void Delete(string name);
}
