using System.Buffers.Binary;

namespace NeuralTrain;

/// <summary>Reads the fields of a message of protocol buffers (see <see cref="ProtoMessage"/>) one by one from a file in memory; allocates nothing.</summary>
internal ref struct ProtoReader(string file, ReadOnlySpan<byte> bytes, ProtoRange message)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _kind;

    /// <summary>The number of the field that was found.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, if it is a whole number; of a float, its bits.</summary>
    public long Number { get; private set; }

    /// <summary>Where it is in the file, if it is a text, a message or a list.</summary>
    public ProtoRange Range { get; private set; }

    /// <summary>The byte that comes next.</summary>
    public int Place { get; private set; } = message.Start;

    /// <summary>The bytes of <see cref="Range"/>.</summary>
    public readonly ReadOnlySpan<byte> Content => _bytes[Range.Start..Range.End];

    /// <summary>Whether the field has a <see cref="Range"/>.</summary>
    public readonly bool IsRange => _kind == 2;

    /// <summary>The value as a float.</summary>
    public readonly float Float => BitConverter.Int32BitsToSingle((int)Number);

    /// <summary>Finds the next field; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public bool Next()
    {
        if (Place == message.End) return false;
        ulong key = Varint();
        (Field, _kind, Range) = ((int)(key >> 3), (int)(key & 7), default);
        if (key >> 3 is 0 or > int.MaxValue) throw Damaged("a field has a number that does not exist");
        switch (_kind)
        {
            case 0: Number = (long)Varint(); break;
            case 1: Number = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))); break;
            case 2:
                ulong length = Varint();
                if (length > (ulong)(message.End - Place)) throw Damaged($"a part of {length} bytes begins here, in a message that ends at byte {message.End}");
                Range = new ProtoRange(Place, Place + (int)length);
                Place = Range.End;
                break;
            case 5: Number = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int))); break;
            default: throw Damaged($"a field of the kind {_kind}, which does not exist");
        }

        return true;
    }

    /// <summary>Reads the next whole number of a packed list.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70 && Place < message.End; shift += 7)
        {
            byte next = _bytes[Place++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Damaged("a whole number does not end");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > message.End - Place) throw Damaged("the message ends in the middle of a number");
        Place += count;
        return _bytes.Slice(Place - count, count);
    }

    private readonly InvalidDataException Damaged(string what) => FileProblem.At(file, Place, $"{what}. This is not an ONNX file, or it is damaged.");
}

/// <summary>A part of a file: the byte it begins at, and the one after its last.</summary>
internal readonly record struct ProtoRange(int Start, int End)
{
    public int Length => End - Start;
}
