using System.Buffers.Binary;
using System.Numerics.Tensors;
using Microsoft.Win32.SafeHandles;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>An open safetensors file: its header is in memory, and its tensors are read from disk directly to their destination.</summary>
internal sealed class SafetensorsReader : IDisposable
{
    // Reads and conversions go by pieces, so that no tensor is too long for one call and no conversion needs its memory twice.
    private const int PieceLength = 1 << 14;
    private const int LongPieceLength = 1 << 24;

    private readonly SafeFileHandle _handle;

    private SafetensorsReader(SafeFileHandle handle, string file, SafetensorsHeader header)
    {
        _handle = handle;
        File = file;
        Header = header;
    }

    /// <summary>The file as messages name it.</summary>
    public string File { get; }

    /// <summary>The header of the file.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>How many numbers the file holds that can be weights.</summary>
    public double WeightCount => Header.Tensors.Values.Where(tensor => IsFloat(tensor.Type)).Sum(tensor => (double)tensor.Count);

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or it is damaged.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        // Others may put a new file in its place meanwhile: this one stays what it was.
        SafeFileHandle handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            return new SafetensorsReader(handle, path, ReadHeader(handle, path));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Whether tensors of this type can be read as float32 without loss.</summary>
    public static bool IsFloat(string type) => type is "F32" or "F16" or "BF16";

    /// <summary>Reads a tensor of float32, or of a shorter float that widens to it without loss.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="destination">Receives all its values.</param>
    /// <param name="mustBeFinite">Whether a NaN or an infinity is refused.</param>
    /// <exception cref="InvalidDataException">A value is NaN or infinite, or the file was cut off meanwhile.</exception>
    public void Read(SafetensorsTensor tensor, Span<float> destination, bool mustBeFinite = true)
    {
        int width = tensor.Type == "F32" ? sizeof(float) : sizeof(ushort);
        byte[] piece = width == sizeof(float) ? [] : new byte[width * Math.Min(PieceLength, destination.Length)];
        int length = width == sizeof(float) ? LongPieceLength : PieceLength;
        for (int start = 0; start < destination.Length; start += length)
        {
            Span<float> part = destination.Slice(start, Math.Min(length, destination.Length - start));
            long place = tensor.Start + ((long)width * start);
            Fill(part, tensor.Type, place, piece);
            if (mustBeFinite) CheckFinite(part, tensor, place, width);
        }
    }

    /// <summary>Reads a tensor of float32, or of a shorter float, whose values are all finite.</summary>
    /// <exception cref="InvalidDataException">A value is NaN or infinite, or the file was cut off meanwhile.</exception>
    public float[] ReadFinite(SafetensorsTensor tensor)
    {
        var values = new float[tensor.Count];
        Read(tensor, values);
        return values;
    }

    /// <summary>Reads a tensor of bytes.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of bytes with this name.</exception>
    public byte[] ReadBytes(string name)
    {
        SafetensorsTensor tensor = Find(name, "U8");
        var bytes = new byte[tensor.Length];
        ReadExactly(_handle, bytes, tensor.Start, File);
        return bytes;
    }

    /// <summary>Reads a tensor of this many float32 values as they are, even NaN.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor with this name.</exception>
    public float[] ReadFloats(string name, int count)
    {
        SafetensorsTensor tensor = Find(name, "F32", count);
        var values = new float[count];
        Read(tensor, values, mustBeFinite: false);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // What an array cannot hold is refused: it could be sparse on the disk.
    private SafetensorsTensor Find(string name, string type, long? count = null) =>
        Header.Tensors.TryGetValue(name, out SafetensorsTensor? tensor) && tensor.Type == type && tensor.Length < Array.MaxLength && tensor.Count == (count ?? tensor.Count)
            ? tensor
            : throw FileProblem.At(File, tensor?.Place ?? SafetensorsHeader.LengthBytes, $"the file must have a tensor '{name}' of {count} {type}, and {(tensor is null ? "has none" : $"has {tensor.Type} {tensor}")}. It is damaged.");

    private static SafetensorsHeader ReadHeader(SafeFileHandle handle, string path)
    {
        const int Prefix = SafetensorsHeader.LengthBytes;
        long left = RandomAccess.GetLength(handle) - Prefix;
        if (left < 0) throw FileProblem.At(path, left + Prefix, $"the file ends here, but a safetensors file begins with {Prefix} bytes that say how long its header is.");
        var prefix = new byte[Prefix];
        ReadExactly(handle, prefix, 0, path);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength || (long)length > left)
        {
            string limit = length > SafetensorsHeader.MaxLength ? $"more than the {SafetensorsHeader.MaxLength} that the format allows" : $"but only {left} follow";
            throw FileProblem.At(path, 0, $"the first 8 bytes give the header {length} bytes, {limit}. The file is truncated, or not a safetensors file.");
        }

        var header = new byte[length];
        ReadExactly(handle, header, Prefix, path);
        return SafetensorsHeader.Parse(header, left - header.Length, path);
    }

    private void Fill(Span<float> destination, string type, long place, byte[] piece)
    {
        if (type == "F32")
        {
            ReadExactly(_handle, Bytes.Of(destination), place, File);
            Bytes.FromFile(destination);
            return;
        }

        Span<byte> bytes = piece.AsSpan(0, sizeof(ushort) * destination.Length);
        ReadExactly(_handle, bytes, place, File);
        if (type == "F16")
        {
            Bytes.WidenHalf(bytes, destination);
        }
        else
        {
            Bytes.WidenBrainFloat(bytes, destination);
        }
    }

    private void CheckFinite(ReadOnlySpan<float> values, SafetensorsTensor tensor, long place, int width)
    {
        if (TensorPrimitives.IsFiniteAll(values)) return;

        int i = 0;
        while (float.IsFinite(values[i]))
        {
            i++;
        }

        long offset = place + ((long)width * i);
        throw FileProblem.At(
            File, offset,
            $"value {(offset - tensor.Start) / width} of tensor '{Settings.Shorten(tensor.Name)}' is {values[i]}; a network computes with finite numbers. The file is damaged, or the training had diverged.");
    }

    private static void ReadExactly(SafeFileHandle handle, Span<byte> destination, long place, string path)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(handle, destination, place);
            if (read == 0)
            {
                throw FileProblem.At(path, place, $"the file ends here, {destination.Length} bytes too early: it was cut off while it was read.");
            }

            destination = destination[read..];
            place += read;
        }
    }
}
