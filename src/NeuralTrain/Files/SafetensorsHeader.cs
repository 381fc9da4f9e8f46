using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace NeuralTrain;

/// <summary>The header of a safetensors file, read and checked against all rules of the format.</summary>
/// <remarks>
/// <code>
/// file     8 bytes: length of the header, little-endian;  the header, JSON in UTF-8;  the data
/// header   { "__metadata__": { name: text, … }, name: { "dtype": "F32", "shape": [4, 3], "data_offsets": [begin, end] }, … }
/// </code>
/// Offsets count from the beginning of the data. Together the tensors cover the data exactly once, without gaps or overlaps, and no name occurs twice; a header
/// has at most 100 MB. These are the rules of the format's reference implementation. So a file never causes more memory to be allocated than a small multiple of its size.
/// </remarks>
internal sealed class SafetensorsHeader(string file)
{
    /// <summary>The bytes before the header: its length.</summary>
    public const int LengthBytes = 8;

    /// <summary>The maximum length of a header in bytes.</summary>
    public const int MaxLength = 100_000_000;

    // The maximum of NumPy, twice that of PyTorch.
    private const int MaxSizes = 64;

    /// <summary>The name of the texts among the tensors.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The texts, each with its byte position in the file.</summary>
    public Dictionary<string, (string Text, long Place)> Metadata { get; } = [];

    /// <summary>The tensors by name.</summary>
    public Dictionary<string, SafetensorsTensor> Tensors { get; } = [];

    /// <summary>Reads a header.</summary>
    /// <param name="json">The header, without the length before it.</param>
    /// <param name="dataLength">The number of bytes that follow it in the file.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="budget">The memory it may allocate.</param>
    /// <exception cref="InvalidDataException">A rule is broken; the message names the byte.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string file, MemoryBudget budget)
    {
        var header = new SafetensorsHeader(file);
        header.CheckUtf8(json);
        if (!json.StartsWith("{"u8)) throw header.Damaged(LengthBytes, "a header of safetensors begins with '{'");
        long dataStart = LengthBytes + json.Length;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            reader.Read();
            while (NextName(ref reader) is string name)
            {
                budget.Take();
                long place = Place(reader);
                if (name == MetadataName) header.ReadMetadata(ref reader);
                else if (!header.Tensors.TryAdd(name, header.ReadTensor(ref reader, name, dataStart)))
                {
                    throw header.Damaged(place, $"there is a second tensor of the name '{Guard.Shorten(name)}'");
                }
            }

            // Nothing but white space may follow.
            reader.Read();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw FileProblem.At(file, LengthBytes + reader.BytesConsumed, $"the header is not valid JSON: {problem.Message}", problem);
        }

        budget.Take(64 * header.Tensors.Count);
        header.CheckCoverage(dataStart, dataLength);
        return header;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (Metadata.Count > 0) throw Damaged(Place(reader), $"there is a second {MetadataName}");

        Require(ref reader, JsonTokenType.StartObject, "an object of texts");
        while (NextName(ref reader) is string name)
        {
            Require(ref reader, JsonTokenType.String, "a text");
            if (!Metadata.TryAdd(name, (reader.GetString()!, Place(reader)))) throw Damaged(Place(reader), $"{MetadataName} has '{Guard.Shorten(name)}' twice");
        }
    }

    private SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name, long dataStart)
    {
        long place = Place(reader);
        string? type = null;
        long[]? shape = null, offsets = null;
        Require(ref reader, JsonTokenType.StartObject, "an object with dtype, shape and data_offsets");
        while (NextName(ref reader) is string property)
        {
            switch (property)
            {
                case "dtype" when type is null:
                    Require(ref reader, JsonTokenType.String, "a type such as \"F32\"");
                    type = reader.GetString();
                    break;
                case "shape" when shape is null: shape = ReadNumbers(ref reader); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers(ref reader); break;
                case "dtype" or "shape" or "data_offsets": throw Damaged(Place(reader), $"{Tensor()} has {property} twice");
                default: reader.Skip(); break;
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end]) throw Damaged(place, $"{Tensor()} must have dtype, shape and two data_offsets");
        if (end < begin || end > long.MaxValue - dataStart) throw Damaged(place, $"{Tensor()} has the data_offsets [{begin}, {end}], which is not a range");
        long bits = SafetensorsTensor.BitsOf(type) ?? throw Damaged(place, $"{Tensor()} is of the type '{Guard.Shorten(type)}', which this library does not know");
        foreach (long size in shape)
        {
            if (size != 0 && bits > long.MaxValue / size) throw Damaged(place, $"{Whole()} takes more than any file can hold");
            bits *= size;
        }

        if (bits % 8 != 0) throw Damaged(place, $"{Whole()} does not end at a whole byte");
        return bits / 8 == end - begin
            ? new SafetensorsTensor(name, type, shape, dataStart + begin, end - begin, place)
            : throw Damaged(place, $"{Whole()} takes {bits / 8} bytes, but its data_offsets [{begin}, {end}] give it {end - begin}");

        string Tensor() => $"tensor '{Guard.Shorten(name)}'";
        string Whole() => $"{Tensor()} of {type} {SafetensorsTensor.ShapeText(shape!)}";
    }

    // In the order of the data each tensor begins where the one before it ends, the first at 0 and the last ends with the file.
    private void CheckCoverage(long dataStart, long dataLength)
    {
        long end = dataStart;
        foreach (SafetensorsTensor tensor in Tensors.Values.OrderBy(tensor => tensor.Start).ThenBy(tensor => tensor.Length))
        {
            if (tensor.Start != end)
            {
                string what = tensor.Start < end ? "overlap those of another tensor" : $"leave {tensor.Start - end} bytes before them unused";
                throw Damaged(tensor.Place, $"the data of tensor '{Guard.Shorten(tensor.Name)}', bytes {tensor.Start} to {tensor.End}, {what}");
            }

            end = tensor.End;
        }

        long fileEnd = dataStart + dataLength;
        if (end > fileEnd)
        {
            throw FileProblem.At(file, fileEnd, $"the file ends here, but its tensors take {end} bytes. It is truncated: copy or download it again.");
        }

        if (end < fileEnd) throw Damaged(end, $"the last tensor ends here, and {fileEnd - end} bytes follow that no tensor uses");
    }

    // In an object the reader itself rejects anything but a name or its end.
    private static string? NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;

    private long[] ReadNumbers(ref Utf8JsonReader reader)
    {
        Require(ref reader, JsonTokenType.StartArray, "a list of whole numbers");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0
                ? number
                : throw Damaged(Place(reader), $"expected a whole number of 0 or more, found {Found(reader)}"));
            if (numbers.Count > MaxSizes) throw Damaged(Place(reader), $"a tensor has more than {MaxSizes} sizes");
        }

        return [.. numbers];
    }

    private void Require(ref Utf8JsonReader reader, JsonTokenType type, string expected)
    {
        if (!reader.Read() || reader.TokenType != type) throw Damaged(Place(reader), $"expected {expected}, found {Found(reader)}");
    }

    private InvalidDataException Damaged(long place, string what) => FileProblem.At(file, place, $"{what}. The file is damaged, or not a safetensors file.");

    private static string Found(Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? "an object or a list" : Guard.Shorten(Encoding.UTF8.GetString(reader.ValueSpan));

    private static long Place(Utf8JsonReader reader) => LengthBytes + reader.TokenStartIndex;

    private void CheckUtf8(ReadOnlySpan<byte> json)
    {
        if (Utf8.IsValid(json)) return;

        int place = 0;
        while (Rune.DecodeFromUtf8(json[place..], out _, out int bytes) == OperationStatus.Done) place += bytes;

        throw Damaged(LengthBytes + place, $"the header is not UTF-8: byte 0x{json[place]:x2} begins no character");
    }
}

/// <summary>The entry of one tensor in the header of a safetensors file.</summary>
/// <param name="Name">Its name, as <c>0.weight</c>.</param>
/// <param name="Type">Its type, as <c>F32</c>.</param>
/// <param name="Shape">Its sizes; none for a single number.</param>
/// <param name="Start">The byte of the file at which its values begin.</param>
/// <param name="Length">The number of bytes they take.</param>
/// <param name="Place">The byte of the file at which the header describes it.</param>
internal sealed record SafetensorsTensor(string Name, string Type, long[] Shape, long Start, long Length, long Place)
{
    /// <summary>The number of values.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>The byte after its last one.</summary>
    public long End => Start + Length;

    /// <summary>Name and shape, as <c>0.weight [4, 3]</c>.</summary>
    public override string ToString() => $"{Guard.Shorten(Name)} {ShapeText(Shape)}";

    /// <summary>A shape as messages show it.</summary>
    public static string ShapeText<T>(IReadOnlyList<T> shape) =>
        shape.Count <= 8 ? $"[{string.Join(", ", shape)}]" : $"[{string.Join(", ", shape.Take(8))}, … {shape.Count} sizes]";

    /// <summary>The bits of a value of a type; null if the format has no type of this name.</summary>
    public static int? BitsOf(string type) => type switch
    {
        "F32" or "I32" or "U32" => 32,
        "F64" or "I64" or "U64" or "C64" => 64,
        "F16" or "BF16" or "I16" or "U16" => 16,
        "BOOL" or "I8" or "U8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "F6_E2M3" or "F6_E3M2" => 6,
        "F4" => 4,
        _ => null,
    };
}
