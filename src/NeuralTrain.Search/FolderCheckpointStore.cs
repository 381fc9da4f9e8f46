namespace NeuralTrain;

/// <summary>Keeps checkpoints as files of a folder, which may be shared by machines.</summary>
/// <param name="folder">The folder; it is created when the first file is written.</param>
public sealed class FolderCheckpointStore(string folder) : ICheckpointStore
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public void Write(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Directory.CreateDirectory(Folder);
        ReplacedFile.Write(PathOf(name), write);
    }

    /// <inheritdoc/>
    public Stream? Open(string name)
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        if (Directory.Exists(Folder)) File.Delete(PathOf(name));
    }

    /// <summary>The path of a file of this name.</summary>
    /// <param name="name">The name.</param>
    public string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return !name.StartsWith('.') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-')
            ? Path.Combine(Folder, name)
            : throw new ArgumentException($"The name of a checkpoint has letters, digits, points and hyphens, received '{name}'.", nameof(name));
    }
}
