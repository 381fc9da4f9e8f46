using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Writes safetensors files, see <see cref="SafetensorsHeader"/>.</summary>
internal static class SafetensorsWriter
{
    private const int PieceLength = 1 << 24;

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a whole file.</summary>
    /// <remarks>As the reference implementation does: wide types first and the header padded to 8 bytes, so that every value is at a multiple of its size.</remarks>
    /// <param name="stream">The destination.</param>
    /// <param name="metadata">The texts.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="leastHeader">The minimum length of the header in bytes, including spaces at its end.</param>
    /// <exception cref="NotSupportedException">Two have the same name, or the header would be too long. Nothing was written.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IEnumerable<SafetensorsContent> tensors, long leastHeader = 0)
    {
        SafetensorsContent[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Width)];
        if (ordered.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new NotSupportedException($"Two tensors would have the name '{twice.Key}'. Give the parameters of a layer different names.");
        }

        stream.Write(Header(metadata, ordered, leastHeader));
        foreach (SafetensorsContent tensor in ordered)
        {
            stream.Write(tensor.Raw);
            WriteFloats(stream, tensor.Values.Span);
        }
    }

    private static byte[] Header(IReadOnlyDictionary<string, string> metadata, SafetensorsContent[] tensors, long leastHeader)
    {
        var header = new JsonObject { [SafetensorsHeader.MetadataName] = new JsonObject(metadata.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value))) };
        long end = 0;
        foreach (SafetensorsContent tensor in tensors)
        {
            header.Add(tensor.Name, new JsonObject { ["dtype"] = tensor.Type, ["shape"] = List([.. tensor.Shape]), ["data_offsets"] = List(end, end += tensor.Length) });
        }

        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString(Unescaped));
        leastHeader = Math.Min(leastHeader, SafetensorsHeader.MaxLength);
        long length = (Math.Max(json.Length, leastHeader) + 7) / 8 * 8;
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new NotSupportedException(
                $"The names and descriptions of this network take {length} bytes; a safetensors file has room for {SafetensorsHeader.MaxLength}. Save fewer layers, or shorter class names.");
        }

        byte[] bytes = new byte[SafetensorsHeader.LengthBytes + length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        json.CopyTo(bytes, SafetensorsHeader.LengthBytes);
        bytes.AsSpan(SafetensorsHeader.LengthBytes + json.Length).Fill((byte)' ');
        return bytes;

        static JsonArray List(params long[] numbers) => new([.. numbers.Select(number => (JsonNode)number)]);
    }

    private static void WriteFloats(Stream stream, ReadOnlySpan<float> values)
    {
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> piece = values[..Math.Min(PieceLength, values.Length)];
            values = values[piece.Length..];
            if (!BitConverter.IsLittleEndian)
            {
                var reversed = new float[piece.Length];
                Bytes.Reverse(piece, reversed);
                piece = reversed;
            }

            stream.Write(Bytes.Of(piece));
        }
    }
}

/// <summary>A tensor to write: floats, which are not copied, or bytes.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Its type: <c>F32</c>, <c>I64</c> or <c>U8</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">The values of a tensor of float32; empty for another.</param>
/// <param name="Raw">The bytes of a tensor of another type.</param>
internal sealed record SafetensorsContent(string Name, string Type, IReadOnlyList<int> Shape, Matrix Values, byte[] Raw)
{
    /// <summary>The number of bytes it takes.</summary>
    public long Length => Raw.Length + (sizeof(float) * (long)Values.Rows * Values.Columns);

    /// <summary>Bytes of one value.</summary>
    public int Width => Type switch { "I64" => sizeof(long), "F32" => sizeof(float), _ => sizeof(byte) };

    /// <summary>The values of a parameter, which are not copied.</summary>
    public static SafetensorsContent Of(string name, Parameter parameter) => new(name, "F32", parameter.Shape, parameter.Value, []);

    /// <summary>Values of the shape of a parameter, which are not copied.</summary>
    public static SafetensorsContent Of(string name, Parameter shape, float[] values) =>
        new(name, "F32", shape.Shape, new Matrix(values, shape.Value.Rows, shape.Value.Columns), []);

    /// <summary>A vector, which is not copied.</summary>
    public static SafetensorsContent Of(string name, float[] values) => new(name, "F32", [values.Length], new Matrix(values, 1, values.Length), []);

    /// <summary>Bytes, which are not copied.</summary>
    public static SafetensorsContent Of(string name, byte[] bytes) => new(name, "U8", [bytes.Length], default, bytes);

    /// <summary>A single whole number, 0.</summary>
    public static SafetensorsContent Zero(string name) => new(name, "I64", [], default, new byte[sizeof(long)]);

    /// <summary>The tensor, checked: training must not have diverged, and it must be readable.</summary>
    /// <exception cref="NotFiniteNumberException">A value is NaN or infinite, or out of the range of a statistic.</exception>
    public SafetensorsContent Check(ValueRange range)
    {
        int place = range.FirstOutside(Values.Span);
        return place < 0 ? this : throw new NotFiniteNumberException(
            $"'{Name}' is {Values.At(place)}, expected {range.Text()}: the training has diverged, and the file would be useless. The one before stays as it is. Lower the learning rate, or save weights from before.", Values.Span[place]);
    }
}
