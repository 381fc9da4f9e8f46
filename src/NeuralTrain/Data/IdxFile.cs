using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>
/// A file in the IDX format of MNIST: numbers of one type in one or more dimensions, the first of which counts items. Read item by item, in order.
/// </summary>
/// <remarks>
/// The format: two bytes 0, a byte for the type (08 unsigned byte, 09 signed byte, 0B short, 0C int, 0D float, 0E double), a byte for the number of
/// dimensions, their sizes as big-endian numbers of four bytes, then the values, big-endian. A gzip file is unpacked while reading. Opening checks that the
/// file is exactly as long as its header says, before any memory is allocated.
/// </remarks>
internal sealed class IdxFile : IDisposable
{
    private const int MagicLength = 4;

    private readonly Func<Stream> _open;
    private readonly Stream _stream;
    private readonly int _elementSize, _itemBytes;
    private readonly byte[] _item;
    private int _read;

    /// <param name="path">The file's path, or its name in messages.</param>
    /// <param name="open">Opens it, packed or not, as a seekable stream.</param>
    /// <param name="checkLength">False if the same file was checked before: finding the length of a packed file means unpacking it.</param>
    /// <param name="maxUnpacked">The maximum unpacked size of a packed file in bytes; null for 16 times its size and 1 MB.</param>
    public IdxFile(string path, Func<Stream> open, bool checkLength, long? maxUnpacked = null)
    {
        (Path, _open) = (path, open);
        Stream file = open();
        try
        {
            _stream = UnpackedFile.Open(file);
            long packed = file.Length, most = maxUnpacked ?? ((16 * packed) + (1 << 20));
            byte[] magic = ReadHeader(0, MagicLength, "its magic number");
            _elementSize = magic[2] switch { 0x08 or 0x09 => 1, 0x0B => 2, 0x0C or 0x0D => 4, 0x0E => 8, _ => 0 };
            if (magic[0] != 0 || magic[1] != 0 || _elementSize == 0 || magic[3] == 0)
            {
                throw Problem($"is not an IDX file: at byte 0 a magic number such as 00 00 08 03 was expected, found {string.Join(' ', magic.Select(part => $"{part:X2}"))}.");
            }

            (Type, Sizes) = (magic[2], new int[magic[3]]);
            byte[] sizes = ReadHeader(MagicLength, 4 * Sizes.Length, $"the sizes of its {Sizes.Length} dimensions");
            double itemBytes = _elementSize;
            for (int i = 0; i < Sizes.Length; i++)
            {
                uint size = BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(4 * i));
                itemBytes *= i == 0 ? 1 : size;
                if (size is 0 or > int.MaxValue || itemBytes > Array.MaxLength)
                {
                    throw Problem($"gives its dimension {i} the size {size} at byte {MagicLength + (4 * i)}; expected 1 or more, and items of at most {Array.MaxLength} bytes.");
                }

                Sizes[i] = (int)size;
            }

            _itemBytes = (int)itemBytes;
            bool isPacked = _stream != file;
            if (isPacked && ExpectedLength > most)
            {
                throw Problem(
                    $"of {packed} bytes claims to have {ExpectedLength} bytes when unpacked, more than the {most} that are allowed. If you trust it, pass a larger maxUnpacked.");
            }

            if (checkLength) CheckLength(isPacked ? CountBytes() : _stream.Length);
            _item = new byte[_itemBytes];
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The type of the values, as a byte of the format.</summary>
    public byte Type { get; }

    /// <summary>The sizes of the dimensions.</summary>
    public int[] Sizes { get; }

    /// <summary>Number of items.</summary>
    public int Count => Sizes[0];

    /// <summary>Values of one item, the product of all sizes but the first; 1 if there is only one dimension.</summary>
    public int ItemSize => _itemBytes / _elementSize;

    /// <summary>The byte offset of the next item in the (unpacked) file.</summary>
    public long NextOffset => HeaderLength + ((long)_read * _itemBytes);

    private int HeaderLength => MagicLength + (4 * Sizes.Length);

    private long ExpectedLength => HeaderLength + ((long)Count * _itemBytes);

    /// <summary>Reads the next item, which must exist; its values are converted to float unscaled.</summary>
    public void Read(Span<float> item)
    {
        int found = Fill(_stream, _item, _itemBytes, NextOffset);
        if (found < _itemBytes) throw Problem($"ends at byte {NextOffset + found}, in the middle of item {_read} of {Count}: it was changed while it was read, or is damaged.");
        _read++;
        if (Type == 0x08) TensorPrimitives.ConvertSaturating<byte, float>(_item, item);
        for (int i = 0; i < item.Length && Type != 0x08; i++)
        {
            ReadOnlySpan<byte> element = _item.AsSpan(i * _elementSize);
            item[i] = Type switch
            {
                0x09 => (sbyte)element[0],
                0x0B => BinaryPrimitives.ReadInt16BigEndian(element),
                0x0C => BinaryPrimitives.ReadInt32BigEndian(element),
                0x0D => BinaryPrimitives.ReadSingleBigEndian(element),
                _ => (float)BinaryPrimitives.ReadDoubleBigEndian(element),
            };
        }
    }

    /// <summary>An error that names the file, then what is wrong with it.</summary>
    public InvalidDataException Problem(string what, Exception? inner = null) => new($"{Path} {what}", inner);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void CheckLength(long length)
    {
        if (length == ExpectedLength) return;
        throw Problem(
            $"is damaged: its header ({string.Join("×", Sizes)} values of {_elementSize} bytes) says that it ends at byte {ExpectedLength}, " +
            (length < ExpectedLength ? $"but it ends at byte {length}. Fetch it again." : "but it goes on. Fetch it again, or check what made it."));
    }

    // The unpacked length, or more than expected as soon as it turns out to be longer. Takes one buffer of memory, whatever the header says.
    private long CountBytes()
    {
        using Stream file = _open(), stream = UnpackedFile.Open(file);
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        int read;
        while (length <= ExpectedLength && (read = Fill(stream, buffer, 1, length)) > 0) length += read;
        return length;
    }

    private byte[] ReadHeader(int offset, int length, string what)
    {
        byte[] bytes = new byte[length];
        int read = Fill(_stream, bytes, length, offset);
        return read == length ? bytes : throw Problem(
            $"{(offset + read == 0 ? "is empty" : $"ends at byte {offset + read}")}; an IDX file has {what} at bytes {offset} to {offset + length - 1}.");
    }

    // At least the given number of bytes, fewer only at the end of the file.
    private int Fill(Stream stream, Span<byte> bytes, int least, long offset)
    {
        try
        {
            return stream.ReadAtLeast(bytes, least, throwOnEndOfStream: false);
        }
        catch (InvalidDataException problem)
        {
            throw Problem($"cannot be unpacked after byte {offset} of its content: the gzip file is damaged. Fetch it again. ({problem.Message})", problem);
        }
    }
}

/// <summary>Images and their labels from two IDX files, row by row.</summary>
internal sealed class IdxRows : RowReader
{
    private readonly IdxFile _images;
    private readonly IdxFile? _labels;
    private readonly float[] _label = new float[1];
    private int _next;

    /// <summary>Opens two files, and refuses them if they do not belong together.</summary>
    public IdxRows(string imagesPath, string labelsPath, IReadOnlyList<string>? classes, bool checkLength, long? maxUnpacked)
        : this(imagesPath, () => UnpackedFile.Plain(imagesPath), labelsPath, () => UnpackedFile.Plain(labelsPath), classes, checkLength, maxUnpacked)
    {
    }

    /// <summary>The same for anything that can be opened.</summary>
    public IdxRows(string imagesPath, Func<Stream> images, string labelsPath, Func<Stream> labels, IReadOnlyList<string>? classes, bool checkLength, long? maxUnpacked)
    {
        Classes = new ClassIndex(classes ?? ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]).Names;
        _images = new IdxFile(imagesPath, images, checkLength, maxUnpacked);
        try
        {
            _labels = new IdxFile(labelsPath, labels, checkLength, maxUnpacked);
            if (_labels.ItemSize != 1 || _labels.Type is 0x0D or 0x0E)
            {
                throw _labels.Problem(
                    $"has {string.Join("×", _labels.Sizes)} {(_labels.ItemSize != 1 ? "values" : "fractions")}; labels are one whole number for each image. The images come first, the labels second.");
            }

            if (Count != _labels.Count) throw _images.Problem($"has {Count} images, but {labelsPath} has {_labels.Count} labels. Pass two files that belong together.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<string> Classes { get; }

    public int Count => _images.Count;

    public int InputSize => _images.ItemSize;

    public override bool Read(RowBlock block, int row)
    {
        if (_next == Count) return false;
        Span<float> inputs = block.Inputs.Row(row), targets = block.Targets.Row(row);
        _images.Read(inputs);
        if (_images.Type == 0x08) TensorPrimitives.Divide(inputs, 255, inputs);

        long offset = _labels!.NextOffset;
        _labels.Read(_label);
        int label = (int)_label[0];
        if ((uint)label >= (uint)Classes.Count)
        {
            throw _labels.Problem(
                $"has the label {label} at byte {offset} (image {_next}), but {Classes.Count} classes are numbered 0 to {Classes.Count - 1}. " +
                "Give the names of all classes, or correct the file.");
        }

        targets.Clear();
        targets[label] = 1;
        _next++;
        return true;
    }

    public override void Dispose()
    {
        _images.Dispose();
        _labels?.Dispose();
    }
}

/// <summary>A file as it is, or unpacked while reading if its first two bytes, not its name, show that it is a gzip file.</summary>
internal static class UnpackedFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>The file as it is.</summary>
    public static Stream Plain(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
    }

    /// <summary>A seekable stream, from its beginning; it is closed with the result.</summary>
    public static Stream Open(Stream file)
    {
        bool isPacked = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
