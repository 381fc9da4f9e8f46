using System.IO.Compression;

namespace NeuralTrain;

/// <summary>A file as it is, or unpacked while reading if its first two bytes, not its name, show that it is a gzip file.</summary>
internal static class UnpackedFile
{
    private const int BufferSize = 1 << 16;

    public static Stream Open(string path, out bool isPacked) => Open(Plain(path), out isPacked);

    /// <summary>The file as it is.</summary>
    public static Stream Plain(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
    }

    /// <summary>What can seek, from its beginning; it is closed with the result.</summary>
    public static Stream Open(Stream file, out bool isPacked)
    {
        try
        {
            isPacked = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            return isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
