using System.Buffers.Binary;

namespace NeuralTrain;

/// <content>The values of attributes and constants.</content>
internal sealed partial class OnnxGraphFile
{
    /// <summary>An attribute that is a text; null if it is left out.</summary>
    public string? Text(OnnxNode node, string name) => node.Find(name) is OnnxAttribute { Text: { Length: > 0 } text } ? Text(text) : null;

    /// <summary>An attribute that is a tensor; null if it is left out.</summary>
    public OnnxTensor? Tensor(OnnxNode node, string name) => node.Find(name) is OnnxAttribute { Tensor: { Length: > 0 } tensor } ? ReadTensor(tensor) : null;

    /// <summary>An attribute that is a list of numbers, of whole numbers or of texts; empty if it is left out.</summary>
    public (float[] Floats, long[] Integers, string[] Texts) Lists(OnnxNode node, string name)
    {
        if (node.Find(name) is not OnnxAttribute attribute) return ([], [], []);
        var (floats, integers, texts) = (new List<float>(), new List<long>(), new List<string>());
        ProtoReader reader = Reader(attribute.Message);
        while (reader.Next())
        {
            _budget.Take();
            if (reader.Field == 7 && !reader.IsRange) floats.Add(reader.Float);
            for (int i = 0; reader.Field == 7 && i + sizeof(float) <= reader.Range.Length; i += sizeof(float)) floats.Add(Widen(reader.Content[i..], OnnxType.Float));
            if (reader.Field == 8) AddIntegers(reader, integers);
            if (reader.Field == 9) texts.Add(Text(reader.Range));
        }

        return ([.. floats], [.. integers], [.. texts]);
    }

    /// <summary>The values of a tensor of floats, those of 64 bits rounded to 32.</summary>
    /// <exception cref="InvalidDataException">It has another type, or more or fewer values than its shape says, or one is not finite.</exception>
    public float[] Floats(OnnxTensor tensor)
    {
        int size = tensor.Type switch { OnnxType.Float => sizeof(float), OnnxType.Double => sizeof(double), Half or Brain => sizeof(ushort), _ => throw Refuse(tensor, $"is of type {(int)tensor.Type}; floats (1), doubles (11) and floats of 16 bits (10, 16) are read") };
        if (tensor.Count > tensor.Message.Length) throw Refuse(tensor, $"has the shape {tensor.ShapeText}, but only {tensor.Message.Length} bytes. The file is damaged");
        _budget.Take(sizeof(float) * (double)tensor.Count);
        var values = new float[tensor.Count];
        long found = 0;
        ProtoReader reader = Reader(tensor.Message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                // Bytes as they are, or lists of floats or doubles; an old file has each in a field of its own.
                case 4 or 9 or 10 when reader.IsRange:
                    ReadOnlySpan<byte> bytes = reader.Content;
                    for (int i = 0; i + size <= bytes.Length; i += size) Add(Widen(bytes[i..], tensor.Type));
                    break;
                case 4: Add(reader.Float); break;
                case 10: Add((float)BitConverter.Int64BitsToDouble(reader.Number)); break;

                // Floats of 16 bits, each as a whole number.
                case 5:
                    var bits = new List<long>();
                    AddIntegers(reader, bits);
                    foreach (long each in bits) Add(tensor.Type == Half ? (float)BitConverter.UInt16BitsToHalf((ushort)each) : BitConverter.Int32BitsToSingle((int)each << 16));
                    break;
            }
        }

        if (found != values.Length) throw Refuse(tensor, $"has {found} values, but its shape {tensor.ShapeText} takes {tensor.Count}. The file is damaged");
        int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        return wrong < 0 ? values : throw Refuse(tensor, $"has the value {values[wrong]} at position {wrong}; a network computes with finite numbers");

        void Add(float value)
        {
            if (found < values.Length) values[found] = value;
            found++;
        }
    }

    /// <summary>The values of a tensor of whole numbers, such as a shape.</summary>
    public long[] Integers(OnnxTensor tensor)
    {
        int size = tensor.Type switch { OnnxType.WholeNumber => sizeof(long), ShortNumber => sizeof(int), _ => throw Refuse(tensor, $"is of type {(int)tensor.Type}; whole numbers (6, 7) are expected") };
        var values = new List<long>();
        ProtoReader reader = Reader(tensor.Message);
        while (reader.Next())
        {
            _budget.Take();
            if (reader.Field is 5 or 7) AddIntegers(reader, values);
            if (reader.Field != 9 || !reader.IsRange) continue;
            _budget.Take(2.0 * sizeof(long) * (reader.Range.Length / size));
            ReadOnlySpan<byte> raw = reader.Content;
            for (int i = 0; i + size <= raw.Length; i += size) values.Add(size == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(raw[i..]) : BinaryPrimitives.ReadInt32LittleEndian(raw[i..]));
        }

        return values.Count == tensor.Count ? [.. values] : throw Refuse(tensor, $"has {values.Count} values, but its shape {tensor.ShapeText} takes {tensor.Count}. The file is damaged");
    }

    /// <summary>The values of a tensor of texts, or of whole numbers as texts; empty if it is of another type.</summary>
    public IReadOnlyList<string> Texts(OnnxTensor tensor)
    {
        if (tensor.Type is OnnxType.WholeNumber or ShortNumber) return [.. Integers(tensor).Select(number => $"{number}")];
        var texts = new List<string>();
        ProtoReader reader = Reader(tensor.Message);
        while (tensor.Type == OnnxType.Text && reader.Next())
        {
            _budget.Take();
            if (reader.Field == 6) texts.Add(Text(reader.Range));
        }

        return texts;
    }

    /// <summary>Whether a tensor of whole numbers, flags or floats is all zeros.</summary>
    public bool IsZero(OnnxTensor tensor)
    {
        ProtoReader reader = Reader(tensor.Message);
        while (reader.Next())
        {
            if (reader.Field is not (4 or 5 or 7 or 9 or 10 or 11)) continue;
            if (reader.IsRange ? reader.Content.ContainsAnyExcept((byte)0) : reader.Number != 0) return false;
        }

        return true;
    }

    // A list of numbers is a part with all of them, or one field for each.
    private void AddIntegers(ProtoReader reader, List<long> integers)
    {
        if (!reader.IsRange)
        {
            integers.Add(reader.Number);
            return;
        }

        ProtoReader list = Reader(reader.Range);
        while (list.Place < reader.Range.End)
        {
            integers.Add((long)list.Varint());
            if (integers.Count % 1024 == 0) _budget.Take();
        }
    }

    private static float Widen(ReadOnlySpan<byte> bytes, OnnxType type) => type switch
    {
        Half => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        OnnxType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        Brain => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        _ => BinaryPrimitives.ReadSingleLittleEndian(bytes),
    };
}
