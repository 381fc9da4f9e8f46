using System.Buffers.Binary;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>An open safetensors file: its header is in memory, and its tensors are read from disk directly to their destination.</summary>
internal sealed class SafetensorsReader
{
    // Reads and conversions go by pieces, so that no tensor is too long for one call and no conversion needs its memory twice.
    private const int PieceLength = 1 << 14, LongPieceLength = 1 << 24;
    private const string TheStream = "the stream";

    private readonly Stream _stream;
    private readonly long _start;

    private SafetensorsReader(Stream stream, string file, long? maxMemory)
    {
        (_stream, _start, File) = (stream, stream.Position, file);
        Budget = new MemoryBudget(file, stream.Length - _start, maxMemory);
        Header = ReadHeader();
    }

    /// <summary>The file as messages name it.</summary>
    public string File { get; }

    /// <summary>The header of the file.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>The memory its reader may allocate.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>Opens a file, checks its header, reads the requested part, and closes it.</summary>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or it is damaged.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static T Open<T>(string path, Func<SafetensorsReader, T> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path)) throw new IOException($"'{path}' is a folder. Give the name of a file in it.");

        // A pipe has no length, and opening it would wait for a writer.
        var file = new FileInfo(path);
        if (((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length == 0) throw FileProblem.At(path, 0, "the file ends here: it is empty, or a pipe or device. Read those as a Stream.");

        // Others may replace the file meanwhile: this one stays unchanged.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        return read(new SafetensorsReader(stream, path, maxMemory: null));
    }

    /// <inheritdoc cref="Open{T}"/>
    public static void Open(string path, Action<SafetensorsReader> read) => Open(path, reader =>
    {
        read(reader);
        return reader;
    });

    /// <summary>A stream from its current position to its end; it stays open. One that cannot seek is copied into memory.</summary>
    public static SafetensorsReader Open(Stream stream, long? maxMemory = null)
    {
        CheckReadable(stream);
        if (stream.CanSeek) return new SafetensorsReader(stream, TheStream, maxMemory);
        var copy = new BoundedCopy(maxMemory);
        stream.CopyTo(copy);
        copy.Position = 0;
        return new SafetensorsReader(copy, TheStream, maxMemory);
    }

    /// <summary>A copy in memory of a stream that must not be read synchronously, such as the body of a request.</summary>
    public static async Task<Stream> CopyAsync(Stream stream, long? maxMemory, CancellationToken cancellation)
    {
        CheckReadable(stream);
        var copy = new BoundedCopy(maxMemory);
        await stream.CopyToAsync(copy, cancellation).ConfigureAwait(false);
        copy.Position = 0;
        return copy;
    }

    /// <summary>Reads a tensor of float32, of a shorter float that widens to it without loss, or of float64, which is rounded.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="destination">Receives all its values.</param>
    /// <param name="range">The valid range of the values.</param>
    /// <exception cref="InvalidDataException">A value is out of the range, or the file was cut off meanwhile.</exception>
    public void Read(SafetensorsTensor tensor, Span<float> destination, ValueRange range)
    {
        int width = tensor.Type switch { "F32" => sizeof(float), "F64" => sizeof(double), _ => sizeof(ushort) };
        byte[] piece = width == sizeof(float) ? [] : new byte[width * Math.Min(PieceLength, destination.Length)];
        int length = width == sizeof(float) ? LongPieceLength : PieceLength;
        for (int start = 0; start < destination.Length; start += length)
        {
            Span<float> part = destination.Slice(start, Math.Min(length, destination.Length - start));
            long place = tensor.Start + ((long)width * start);
            Fill(part, tensor.Type, place, piece, width);
            int wrong = range.FirstOutside(part);
            if (wrong < 0) continue;
            throw Problem(
                place + ((long)width * wrong),
                $"value {start + (long)wrong} of tensor '{Guard.Shorten(tensor.Name)}' is {part[wrong]}, expected {range.Text()}: the file is damaged, or its training had diverged. Write it again from a healthy network.");
        }
    }

    /// <summary>Reads a tensor of floats as float32.</summary>
    /// <exception cref="InvalidDataException">A value is out of the range, or the file was cut off meanwhile.</exception>
    public float[] Read(SafetensorsTensor tensor, ValueRange range)
    {
        var values = new float[tensor.Count];
        Read(tensor, values, range);
        return values;
    }

    /// <summary>Reads a tensor of bytes.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of bytes with this name.</exception>
    public byte[] ReadBytes(string name)
    {
        SafetensorsTensor tensor = Find(name, "U8");
        var bytes = new byte[tensor.Length];
        ReadExactly(bytes, tensor.Start);
        return bytes;
    }

    /// <summary>Reads a tensor of this many float32 values.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor with this name, or a value is out of the range.</exception>
    public float[] ReadFloats(string name, int count, ValueRange range) => Read(Find(name, "F32", count), range);

    /// <summary>An error in the file, and its byte.</summary>
    public InvalidDataException Problem(long place, string what, Exception? inner = null) => FileProblem.At(File, place, what, inner);

    // More than an array can hold is refused: the file could be sparse on the disk.
    private SafetensorsTensor Find(string name, string type, long? count = null) =>
        Header.Tensors.TryGetValue(name, out SafetensorsTensor? tensor) && tensor.Type == type && tensor.Length < Array.MaxLength && tensor.Count == (count ?? tensor.Count)
            ? tensor
            : throw Problem(tensor?.Place ?? SafetensorsHeader.LengthBytes, $"the file must have a tensor '{name}' of {count} {type}, and {(tensor is null ? "has none" : $"has {tensor.Type} {tensor}")}. It is damaged.");

    private SafetensorsHeader ReadHeader()
    {
        const int Prefix = SafetensorsHeader.LengthBytes;
        long left = _stream.Length - _start - Prefix;
        if (left < 0) throw Problem(left + Prefix, $"the file ends here, but a safetensors file begins with {Prefix} bytes that say how long its header is.");
        var prefix = new byte[Prefix];
        ReadExactly(prefix, 0);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength || (long)length > left)
        {
            string limit = length > SafetensorsHeader.MaxLength ? $"more than the {SafetensorsHeader.MaxLength} that the format allows" : $"but only {left} follow";
            throw Problem(0, $"the first 8 bytes give the header {length} bytes, {limit}. The file is truncated, or not a safetensors file.");
        }

        var header = new byte[length];
        ReadExactly(header, Prefix);
        return SafetensorsHeader.Parse(header, left - header.Length, File, Budget);
    }

    private static void CheckReadable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead) throw new ArgumentException("The stream cannot be read. Pass one that is open for reading.", nameof(stream));
    }

    private void Fill(Span<float> destination, string type, long place, byte[] piece, int width)
    {
        if (type == "F32")
        {
            ReadExactly(Bytes.Of(destination), place);
            Bytes.FromFile(destination);
            return;
        }

        Span<byte> bytes = piece.AsSpan(0, width * destination.Length);
        ReadExactly(bytes, place);
        if (type == "F64") for (int i = 0; i < destination.Length; i++) destination[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(sizeof(double) * i)..]);
        else if (type == "F16") Bytes.WidenHalf(bytes, destination);
        else Bytes.WidenBrainFloat(bytes, destination);
    }

    private void ReadExactly(Span<byte> destination, long place)
    {
        _stream.Position = _start + place;
        int read = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length) throw Problem(place + read, $"the file ends here, {destination.Length - read} bytes too early: it was cut off while it was read.");
    }

    // A copy in memory of a stream that cannot seek. All copying ends in this Write.
    private sealed class BoundedCopy(long? maxMemory) : MemoryStream
    {
        private readonly long _most = maxMemory ?? 1 << 30;

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > _most) throw FileProblem.At(TheStream, Length, $"it goes on after {_most} bytes. It is read into memory: pass a larger maxMemory, or write it to a file first.");
            base.Write(buffer, offset, count);
        }
    }
}
