using System.Buffers.Binary;
using System.Text;

namespace NeuralTrain;

/// <summary>A message of protocol buffers, the encoding of ONNX files, to be written: its fields in order. What it holds is not copied.</summary>
/// <remarks>
/// <code>
/// message  field*
/// field    key as a varint, number·8 + kind;  then by kind  0: a varint,  1: eight bytes,  2: length as a varint, and so many bytes,  5: four bytes
/// varint   seven bits a byte, the lowest first; the eighth says that more follow
/// </code>
/// </remarks>
internal sealed class ProtoMessage
{
    private const int Varint = 0, Wide = 1, Bytes = 2, Fixed = 5, PieceLength = 1 << 14;

    // Each field is bytes as they are, and then perhaps another message, or floats.
    private readonly List<(byte[] Start, ProtoMessage? Part, Matrix Floats)> _fields;

    /// <summary>A message with the fields of another, or none.</summary>
    public ProtoMessage(ProtoMessage? start = null) => (_fields, Length) = ([.. start?._fields ?? []], start?.Length ?? 0);

    /// <summary>The number of bytes it takes.</summary>
    public long Length { get; private set; }

    public ProtoMessage Add(int field, long value) => Add([.. Key(field, Varint), .. Encode((ulong)value)]);

    public ProtoMessage Add(int field, float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Add([.. Key(field, Fixed), .. bytes]);
    }

    public ProtoMessage Add(int field, double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return Add([.. Key(field, Wide), .. bytes]);
    }

    public ProtoMessage Add(int field, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Add([.. Key(field, Bytes), .. Encode((ulong)bytes.Length), .. bytes]);
    }

    /// <summary>Adds another message, which is complete.</summary>
    public ProtoMessage Add(int field, ProtoMessage part) => Add([.. Key(field, Bytes), .. Encode((ulong)part.Length)], part, part.Length);

    /// <summary>Adds the bytes of floats, little-endian.</summary>
    public ProtoMessage Add(int field, Matrix floats)
    {
        long bytes = (long)sizeof(float) * floats.Span.Length;
        return Add([.. Key(field, Bytes), .. Encode((ulong)bytes)], null, bytes, floats);
    }

    /// <summary>Writes the fields.</summary>
    public void Write(Stream stream)
    {
        foreach ((byte[] start, ProtoMessage? part, Matrix floats) in _fields)
        {
            stream.Write(start);
            part?.Write(stream);
            WriteFloats(stream, floats.Span);
        }
    }

    private ProtoMessage Add(byte[] start, ProtoMessage? part = null, long bytes = 0, Matrix floats = default)
    {
        _fields.Add((start, part, floats));
        Length += start.Length + bytes;
        return this;
    }

    private static byte[] Key(int field, int kind) => Encode((ulong)((field << 3) | kind));

    private static byte[] Encode(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static void WriteFloats(Stream stream, ReadOnlySpan<float> values)
    {
        var piece = new byte[sizeof(float) * Math.Min(values.Length, PieceLength)];
        for (int start = 0; start < values.Length; start += PieceLength)
        {
            int count = Math.Min(PieceLength, values.Length - start);
            for (int i = 0; i < count; i++) BinaryPrimitives.WriteSingleLittleEndian(piece.AsSpan(sizeof(float) * i), values[start + i]);
            stream.Write(piece, 0, sizeof(float) * count);
        }
    }
}
