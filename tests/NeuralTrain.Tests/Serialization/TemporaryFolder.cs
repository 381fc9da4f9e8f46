namespace NeuralTrain.Tests.Serialization;

/// <summary>A folder of one's own for the files of a test, deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("neuraltrain-");

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>The folder's path.</summary>
    public string FullName => _folder.FullName;

    /// <summary>The names of all files in it, in order.</summary>
    public IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name).Order();

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
