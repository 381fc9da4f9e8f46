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
public sealed class IdxFile : IDisposable
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
        Sizes = Array.AsReadOnly(header.Sizes);
        _elementSize = IdxHeader.ElementSize(header.Type);
        _itemBytes = header.ItemSize * _elementSize;
        _buffer = new byte[Math.Max(BufferSize, _itemBytes)];
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The sizes of the dimensions: 60000, 28, 28 for the images of MNIST.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Number of items, the first of <see cref="Sizes"/>.</summary>
    public int Count => Header.Sizes[0];

    /// <summary>Values of one item, the product of the other sizes; 1 if there is only one dimension.</summary>
    public int ItemSize => Header.ItemSize;

    /// <summary>What the file says of itself.</summary>
    internal IdxHeader Header { get; }

    /// <summary>The place in the (unpacked) file of the item that comes next.</summary>
    internal long NextOffset => Header.Length + ((long)_read * _itemBytes);

    /// <summary>Opens a file and checks it against its header.</summary>
    /// <param name="path">The file, plain or packed by gzip.</param>
    /// <exception cref="InvalidDataException">It is no IDX file, or damaged; the message says what was expected at which byte.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdxFile Open(string path) => Open(path, checkLength: true);

    /// <summary>All items of a file as the rows of a matrix, the values as they are.</summary>
    /// <param name="path">The file, plain or packed by gzip.</param>
    /// <exception cref="InvalidDataException">It is no IDX file, or damaged, or too large for one matrix.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Matrix ReadMatrix(string path)
    {
        using var file = Open(path);
        var matrix = new Matrix(file.CheckedRows(file.Count), file.ItemSize);
        for (int row = 0; row < matrix.Rows; row++)
        {
            file.Read(matrix.Row(row));
        }

        return matrix;
    }

    /// <summary>Reads the next item; its values are turned into float as they are.</summary>
    /// <param name="item">Receives them, <see cref="ItemSize"/> values.</param>
    /// <returns>False if all items were read; <paramref name="item"/> is as it was.</returns>
    /// <exception cref="InvalidDataException">The file changed since it was opened, or its packing is damaged.</exception>
    public bool Read(Span<float> item)
    {
        if (item.Length != ItemSize)
        {
            throw new ArgumentException($"An item of {Path} has {ItemSize} values, received room for {item.Length}.", nameof(item));
        }

        if (_read == Count)
        {
            return false;
        }

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

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>The bytes of the next item, valid until the one after it is read. There must be one.</summary>
    internal ReadOnlySpan<byte> NextItem()
    {
        if (_end - _start < _itemBytes)
        {
            Refill();
        }

        ReadOnlySpan<byte> item = _buffer.AsSpan(_start, _itemBytes);
        _start += _itemBytes;
        _read++;
        return item;
    }

    /// <summary>The count, if that many items fit into one matrix.</summary>
    internal int CheckedRows(int count) => (long)count * ItemSize <= Array.MaxLength
        ? count
        : throw new InvalidDataException(
            $"{Path} has {count} items of {ItemSize} values, more than the {Array.MaxLength} one matrix holds. Read it as a stream: StreamedData.FromIdx.");

    /// <param name="path">The file.</param>
    /// <param name="checkLength">False where the same file was checked before: finding the length of a packed one means unpacking it.</param>
    internal static IdxFile Open(string path, bool checkLength)
    {
        Stream stream = UnpackedFile.Open(path, out bool isPacked);
        try
        {
            IdxHeader header = IdxHeader.Read(stream, path);
            if (checkLength)
            {
                header.CheckLength(isPacked ? header.CountBytes(path) : stream.Length, path);
            }

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
