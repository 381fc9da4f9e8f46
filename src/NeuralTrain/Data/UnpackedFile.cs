using System.IO.Compression;

namespace NeuralTrain;

/// <summary>A file as it is, or unpacked while reading if its first two bytes, not its name, show that it is a gzip file.</summary>
internal static class UnpackedFile
{
    private const int BufferSize = 1 << 16;

    public static Stream Open(string path, out bool isPacked)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
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
