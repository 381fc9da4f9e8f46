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
/// Offsets count from the begin of the data. The tensors together cover the data once, without gaps and overlaps, and no name stands twice; a header
/// has at most 100 MB. These are the rules of the format's reference implementation. So a file never asks for more memory than a small multiple of its size.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The bytes before the header: its length.</summary>
    public const int LengthBytes = 8;

    /// <summary>The most bytes a header may have.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>The name of the texts among the tensors.</summary>
    public const string MetadataName = "__metadata__";

    private readonly Dictionary<string, (string Text, long Place)> _metadata = [];
    private readonly Dictionary<string, SafetensorsTensor> _tensors = [];

    private SafetensorsHeader()
    {
    }

    /// <summary>The texts, each with the byte of the file at which it stands.</summary>
    public IReadOnlyDictionary<string, (string Text, long Place)> Metadata => _metadata;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _tensors;

    /// <summary>Reads a header.</summary>
    /// <param name="json">The header, without the length before it.</param>
    /// <param name="dataLength">How many bytes follow it in the file.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">A rule is broken; the message names the byte.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        CheckUtf8(json, file);
        if (json.IsEmpty || json[0] != '{')
        {
            throw FileProblem.At(file, LengthBytes, "a header of safetensors begins with '{'. This is no safetensors file, or a damaged one.");
        }

        var header = new SafetensorsHeader();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            reader.Read();
            while (NextName(ref reader, file) is string name)
            {
                long place = Place(reader);
                if (name == MetadataName)
                {
                    header.ReadMetadata(ref reader, file);
                }
                else if (!header._tensors.TryAdd(name, ReadTensor(ref reader, name, LengthBytes + json.Length, file)))
                {
                    throw FileProblem.At(file, place, $"there is a second tensor of the name '{FileProblem.Shorten(name)}'. The file is damaged.");
                }
            }

            // Nothing but white space may follow.
            reader.Read();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw FileProblem.At(file, LengthBytes + reader.BytesConsumed, $"the header is not valid JSON: {problem.Message}", problem);
        }

        header.CheckCoverage(LengthBytes + json.Length, dataLength, file);
        return header;
    }

    private void ReadMetadata(ref Utf8JsonReader reader, string file)
    {
        if (_metadata.Count > 0)
        {
            throw FileProblem.At(file, Place(reader), $"there is a second {MetadataName}. The file is damaged.");
        }

        Require(ref reader, JsonTokenType.StartObject, "an object of texts", file);
        while (NextName(ref reader, file) is string name)
        {
            Require(ref reader, JsonTokenType.String, "a text", file);
            if (!_metadata.TryAdd(name, (reader.GetString()!, Place(reader))))
            {
                throw FileProblem.At(file, Place(reader), $"{MetadataName} has '{FileProblem.Shorten(name)}' twice. The file is damaged.");
            }
        }
    }

    private static SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name, long dataStart, string file)
    {
        long place = Place(reader);
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Require(ref reader, JsonTokenType.StartObject, "an object with dtype, shape and data_offsets", file);
        while (NextName(ref reader, file) is string property)
        {
            bool again = property switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (again)
            {
                throw FileProblem.At(file, Place(reader), $"tensor '{FileProblem.Shorten(name)}' has {property} twice. The file is damaged.");
            }

            switch (property)
            {
                case "dtype":
                    Require(ref reader, JsonTokenType.String, "a type such as \"F32\"", file);
                    type = reader.GetString()!;
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, file);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, file);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
        {
            throw FileProblem.At(file, place, $"tensor '{FileProblem.Shorten(name)}' must have dtype, shape and two data_offsets. The file is damaged.");
        }

        if (end < begin || end > long.MaxValue - dataStart)
        {
            throw FileProblem.At(file, place, $"tensor '{FileProblem.Shorten(name)}' has the data_offsets [{begin}, {end}], which are no range. The file is damaged.");
        }

        long bytes = BytesOf(type, shape, name, place, file);
        return bytes == end - begin
            ? new SafetensorsTensor(name, type, shape, dataStart + begin, bytes, place)
            : throw FileProblem.At(
                file, place,
                $"tensor '{FileProblem.Shorten(name)}' of {type} {SafetensorsTensor.ShapeText(shape)} takes {bytes} bytes, but its data_offsets " +
                $"[{begin}, {end}] give it {end - begin}. The file is damaged.");
    }

    private static long BytesOf(string type, long[] shape, string name, long place, string file)
    {
        long bits = SafetensorsTensor.BitsOf(type) ?? throw FileProblem.At(
            file, place, $"tensor '{FileProblem.Shorten(name)}' is of the type '{FileProblem.Shorten(type)}', which the format does not have. The file is damaged, or newer.");
        foreach (long size in shape)
        {
            if (size != 0 && bits > long.MaxValue / size)
            {
                throw FileProblem.At(
                    file, place, $"tensor '{FileProblem.Shorten(name)}' has the shape {SafetensorsTensor.ShapeText(shape)}: more than any file can hold. The file is damaged.");
            }

            bits *= size;
        }

        return bits % 8 == 0
            ? bits / 8
            : throw FileProblem.At(file, place, $"tensor '{FileProblem.Shorten(name)}' of {type} does not end at a whole byte. The file is damaged.");
    }

    // In the order of the data each tensor begins where the one before it ends, the first at 0 and the last ends with the file.
    private void CheckCoverage(long dataStart, long dataLength, string file)
    {
        SafetensorsTensor[] ordered = [.. _tensors.Values.OrderBy(tensor => tensor.Start).ThenBy(tensor => tensor.Length)];
        long end = dataStart;
        foreach (SafetensorsTensor tensor in ordered)
        {
            if (tensor.Start != end)
            {
                string what = tensor.Start < end ? "overlap those of another tensor" : $"leave {tensor.Start - end} bytes before them to nobody";
                throw FileProblem.At(file, tensor.Place, $"the data of tensor '{FileProblem.Shorten(tensor.Name)}', bytes {tensor.Start} to {tensor.End}, {what}. The file is damaged.");
            }

            end = tensor.End;
        }

        long fileEnd = dataStart + dataLength;
        if (end > fileEnd)
        {
            throw FileProblem.At(file, fileEnd, $"the file ends here, but its tensors take {end} bytes. It is truncated: copy or download it again.");
        }

        if (end < fileEnd)
        {
            throw FileProblem.At(file, end, $"the last tensor ends here, and {fileEnd - end} bytes follow that belong to nobody. The file is damaged.");
        }
    }

    private static string? NextName(ref Utf8JsonReader reader, string file)
    {
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject))
        {
            throw FileProblem.At(file, Place(reader), "the header ends in the middle. The file is damaged.");
        }

        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string file)
    {
        Require(ref reader, JsonTokenType.StartArray, "a list of whole numbers", file);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0
                ? number
                : throw FileProblem.At(file, Place(reader), $"expected a whole number of 0 or more, found {Found(reader)}. The file is damaged."));
        }

        return [.. numbers];
    }

    private static void Require(ref Utf8JsonReader reader, JsonTokenType type, string expected, string file)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw FileProblem.At(file, Place(reader), $"expected {expected}, found {Found(reader)}. The file is damaged.");
        }
    }

    private static string Found(Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? "an object or a list" : FileProblem.Shorten(Encoding.UTF8.GetString(reader.ValueSpan));

    private static long Place(Utf8JsonReader reader) => LengthBytes + reader.TokenStartIndex;

    private static void CheckUtf8(ReadOnlySpan<byte> json, string file)
    {
        if (Utf8.IsValid(json))
        {
            return;
        }

        int place = 0;
        while (Rune.DecodeFromUtf8(json[place..], out _, out int bytes) == OperationStatus.Done)
        {
            place += bytes;
        }

        throw FileProblem.At(file, LengthBytes + place, $"the header is not UTF-8: byte 0x{json[place]:x2} begins no character. This is no safetensors file, or a damaged one.");
    }
}
