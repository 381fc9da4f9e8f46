using System.IO.Compression;

namespace NeuralTrain;

/// <summary>A file as it is, or unpacked on the way if it is a gzip file. Its first two bytes tell, not its name.</summary>
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
