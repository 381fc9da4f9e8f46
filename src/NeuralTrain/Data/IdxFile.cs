using System.Buffers.Binary;

namespace NeuralTrain;

/// <summary>
/// A file in the IDX format, the one of MNIST: numbers of one type in one or more dimensions, of which the first counts items. Read item by
/// item, in order.
/// </summary>
/// <remarks>
/// The format: two bytes 0, a byte for the type (08 unsigned byte, 09 signed byte, 0B short, 0C int, 0D float, 0E double), a byte for the number of
/// dimensions, their sizes as big-endian numbers of four bytes, then the values, big-endian. A gzip file is unpacked on the way; its first bytes tell,
/// not its name. Opening checks that the file is exactly as long as its header says, before any memory is asked for.
/// </remarks>
internal sealed class IdxFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly Stream _stream;
    private readonly int _elementSize;
    private readonly int _itemBytes;
    private readonly byte[] _buffer;
    private int _start;
    private int _end;
    private int _read;

    private IdxFile(string path, Stream stream, IdxHeader header)
    {
        Path = path;
        _stream = stream;
        Header = header;
        _elementSize = IdxHeader.ElementSize(header.Type);
        _itemBytes = header.ItemSize * _elementSize;
        _buffer = new byte[Math.Max(BufferSize, _itemBytes)];
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Path { get; }

    /// <summary>Number of items.</summary>
    public int Count => Header.Sizes[0];

    /// <summary>Values of one item, the product of all sizes but the first; 1 if there is only one dimension.</summary>
    public int ItemSize => Header.ItemSize;

    /// <summary>What the file says of itself.</summary>
    public IdxHeader Header { get; }

    /// <summary>The place in the (unpacked) file of the item that comes next.</summary>
    public long NextOffset => Header.Length + ((long)_read * _itemBytes);

    /// <summary>All items of a file as the rows of a matrix, the values as they are.</summary>
    public static Matrix ReadMatrix(string path)
    {
        using var file = Open(path, checkLength: true);
        var matrix = new Matrix(file.CheckedRows(file.Count), file.ItemSize);
        for (int row = 0; row < matrix.Rows; row++) file.Read(matrix.Row(row));
        return matrix;
    }

    /// <summary>Reads the next item, of which there must be one; its values are turned into float as they are.</summary>
    public void Read(Span<float> item)
    {
        ReadOnlySpan<byte> bytes = NextItem();
        for (int i = 0; i < item.Length; i++)
        {
            ReadOnlySpan<byte> element = bytes[(i * _elementSize)..];
            item[i] = Header.Type switch
            {
                0x08 => element[0],
                0x09 => (sbyte)element[0],
                0x0B => BinaryPrimitives.ReadInt16BigEndian(element),
                0x0C => BinaryPrimitives.ReadInt32BigEndian(element),
                0x0D => BinaryPrimitives.ReadSingleBigEndian(element),
                _ => (float)BinaryPrimitives.ReadDoubleBigEndian(element),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>The bytes of the next item, valid until the one after it is read. There must be one.</summary>
    public ReadOnlySpan<byte> NextItem()
    {
        if (_end - _start < _itemBytes) Refill();
        ReadOnlySpan<byte> item = _buffer.AsSpan(_start, _itemBytes);
        _start += _itemBytes;
        _read++;
        return item;
    }

    /// <summary>The count, if that many items fit into one matrix.</summary>
    public int CheckedRows(int count) => (long)count * ItemSize <= Array.MaxLength
        ? count
        : throw new InvalidDataException(
            $"{Path} has {count} items of {ItemSize} values, more than the {Array.MaxLength} one matrix holds. Read it as a stream: StreamedData.FromIdx.");

    /// <param name="path">The file.</param>
    /// <param name="checkLength">False where the same file was checked before: finding the length of a packed one means unpacking it.</param>
    public static IdxFile Open(string path, bool checkLength)
    {
        Stream stream = UnpackedFile.Open(path, out bool isPacked);
        try
        {
            IdxHeader header = IdxHeader.Read(stream, path);
            if (checkLength) header.CheckLength(isPacked ? header.CountBytes(path) : stream.Length, path);
            return new IdxFile(path, stream, header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private void Refill()
    {
        int kept = _end - _start;
        _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        try
        {
            _end = kept + _stream.ReadAtLeast(_buffer.AsSpan(kept), _itemBytes - kept, throwOnEndOfStream: false);
        }
        catch (InvalidDataException problem)
        {
            throw IdxHeader.BadPacking(Path, NextOffset + kept, problem);
        }

        _start = 0;
        if (_end < _itemBytes)
        {
            throw new InvalidDataException(
                $"{Path} ends at byte {NextOffset + _end}, in the middle of item {_read} of {Count}; it was changed while it was read, or is damaged.");
        }
    }
}

/// <summary>The first bytes of an IDX file, checked: the type of its values, and the sizes of its dimensions.</summary>
internal sealed class IdxHeader(byte type, int[] sizes, int itemSize)
{
    private const int MagicLength = 4;

    public byte Type => type;

    public int[] Sizes => sizes;

    public int ItemSize => itemSize;

    /// <summary>Bytes of the header itself.</summary>
    public int Length => MagicLength + (4 * Sizes.Length);

    private long ExpectedLength => Length + ((long)Sizes[0] * ItemSize * ElementSize(Type));

    public static int ElementSize(byte type) => type switch
    {
        0x08 or 0x09 => 1,
        0x0B => 2,
        0x0C or 0x0D => 4,
        0x0E => 8,
        _ => 0,
    };

    public static IdxHeader Read(Stream stream, string path)
    {
        Span<byte> magic = new byte[MagicLength];
        ReadExactly(stream, magic, path, 0, "its magic number");
        if (magic[0] != 0 || magic[1] != 0 || ElementSize(magic[2]) == 0 || magic[3] == 0)
        {
            throw new InvalidDataException(
                $"{path} is not an IDX file: at byte 0 a magic number such as 00 00 08 03 was expected (two zeros, a type of 08 to 0E, the number of dimensions), " +
                $"found {Convert.ToHexString(magic[..1])} {Convert.ToHexString(magic[1..2])} {Convert.ToHexString(magic[2..3])} {Convert.ToHexString(magic[3..])}.");
        }

        byte[] bytes = new byte[4 * magic[3]];
        ReadExactly(stream, bytes, path, MagicLength, $"the sizes of its {magic[3]} dimensions");
        int[] sizes = new int[magic[3]];
        double itemBytes = ElementSize(magic[2]);
        for (int i = 0; i < sizes.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 * i));
            itemBytes *= i == 0 ? 1 : size;
            if (size is 0 or > int.MaxValue || itemBytes > Array.MaxLength)
            {
                throw new InvalidDataException(
                    $"{path} gives its dimension {i} the size {size} at byte {MagicLength + (4 * i)}; expected 1 or more, and items of at most " +
                    $"{Array.MaxLength} bytes. It is empty or damaged.");
            }

            sizes[i] = (int)size;
        }

        return new IdxHeader(magic[2], sizes, (int)(itemBytes / ElementSize(magic[2])));
    }

    /// <summary>Refuses a file that is shorter or longer than its header says.</summary>
    public void CheckLength(long length, string path)
    {
        if (length != ExpectedLength)
        {
            throw new InvalidDataException(
                $"{path} is damaged: its header ({string.Join("×", Sizes)} values of {ElementSize(Type)} bytes) says that it ends at byte {ExpectedLength}, " +
                (length < ExpectedLength ? $"but it ends at byte {length}. Fetch it again." : "but it goes on. Fetch it again, or check what made it."));
        }
    }

    /// <summary>The unpacked length of a packed file, or one more than expected as soon as it is seen to be longer. Takes a buffer of memory, whatever the header says.</summary>
    public long CountBytes(string path)
    {
        using Stream stream = UnpackedFile.Open(path, out _);
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        try
        {
            int read;
            while (length <= ExpectedLength && (read = stream.Read(buffer)) > 0) length += read;
        }
        catch (InvalidDataException problem)
        {
            throw BadPacking(path, length, problem);
        }

        return length;
    }

    /// <summary>What to throw when gzip itself finds a damage.</summary>
    public static InvalidDataException BadPacking(string path, long offset, InvalidDataException problem) => new(
        $"{path} cannot be unpacked after byte {offset} of its content; the gzip file is damaged. Fetch it again. ({problem.Message})", problem);

    private static void ReadExactly(Stream stream, Span<byte> bytes, string path, int offset, string what)
    {
        int read;
        try
        {
            read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException problem)
        {
            throw BadPacking(path, offset, problem);
        }

        if (read < bytes.Length)
        {
            string found = offset + read == 0 ? "is empty" : $"ends at byte {offset + read}";
            throw new InvalidDataException($"{path} {found}; an IDX file has {what} at bytes {offset} to {offset + bytes.Length - 1}.");
        }
    }
}
