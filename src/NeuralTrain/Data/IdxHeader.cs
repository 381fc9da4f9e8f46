using System.Buffers.Binary;

namespace NeuralTrain;

/// <summary>The first bytes of an IDX file, checked: the type of its values, and the sizes of its dimensions.</summary>
internal sealed class IdxHeader
{
    private const int MagicLength = 4;

    private IdxHeader(byte type, int[] sizes, int itemSize)
    {
        Type = type;
        Sizes = sizes;
        ItemSize = itemSize;
    }

    public byte Type { get; }

    public int[] Sizes { get; }

    public int ItemSize { get; }

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
                $"{path} is no IDX file: at byte 0 a magic number such as 00 00 08 03 was expected (two zeros, a type of 08 to 0E, the number of dimensions), " +
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
            while (length <= ExpectedLength && (read = stream.Read(buffer)) > 0)
            {
                length += read;
            }
        }
        catch (InvalidDataException problem)
        {
            throw BadPacking(path, length, problem);
        }

        return length;
    }

    /// <summary>What to throw when gzip itself finds a damage.</summary>
    public static InvalidDataException BadPacking(string path, long offset, InvalidDataException problem) => new(
        $"{path} cannot be unpacked behind byte {offset} of its content; the gzip file is damaged. Fetch it again. ({problem.Message})", problem);

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
