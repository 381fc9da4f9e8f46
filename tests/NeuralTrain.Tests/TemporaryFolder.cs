using System.IO.Compression;

namespace NeuralTrain.Tests;

/// <summary>A folder for the files of one test, removed at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("neuraltrain-");

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(FullName, name);

    /// <summary>The folder's path.</summary>
    public string FullName => _folder.FullName;

    /// <summary>The names of all files in it, in order.</summary>
    public IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name).Order();

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            zip.Write(content);
        }

        return packed.ToArray();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
