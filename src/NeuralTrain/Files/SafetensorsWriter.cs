using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Writes safetensors files, see <see cref="SafetensorsHeader"/>.</summary>
internal static class SafetensorsWriter
{
    private const int PieceLength = 1 << 24;

    /// <summary>Writes a whole file.</summary>
    /// <remarks>As the reference implementation does: wide types first and the header padded to 8 bytes, so that every value is at a multiple of its size.</remarks>
    /// <param name="stream">Where to.</param>
    /// <param name="metadata">The texts.</param>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="NotSupportedException">Two have the same name, or the header would be too long. Nothing was written.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IEnumerable<SafetensorsContent> tensors)
    {
        SafetensorsContent[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Width)];
        if (ordered.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new NotSupportedException($"Two tensors would have the name '{twice.Key}'. Give the parameters of a layer different names.");
        }

        stream.Write(Header(metadata, ordered));
        foreach (SafetensorsContent tensor in ordered)
        {
            stream.Write(tensor.Raw);
            WriteFloats(stream, tensor.Values.Span);
        }
    }

    private static ReadOnlySpan<byte> Header(IReadOnlyDictionary<string, string> metadata, SafetensorsContent[] tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.GetSpan(SafetensorsHeader.LengthBytes)[..SafetensorsHeader.LengthBytes].Clear();
        buffer.Advance(SafetensorsHeader.LengthBytes);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataName);
            foreach ((string name, string text) in metadata) json.WriteString(name, text);

            json.WriteEndObject();
            long begin = 0;
            foreach (SafetensorsContent tensor in tensors)
            {
                WriteTensor(json, tensor, begin);
                begin += tensor.Length;
            }

            json.WriteEndObject();
        }

        while (buffer.WrittenCount % 8 != 0) buffer.Write(" "u8);

        int length = buffer.WrittenCount - SafetensorsHeader.LengthBytes;
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new NotSupportedException(
                $"The names and descriptions of this network take {length} bytes; a safetensors file has room for {SafetensorsHeader.MaxLength}. Save fewer layers, or shorter class names.");
        }

        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        return header;
    }

    private static void WriteTensor(Utf8JsonWriter json, SafetensorsContent tensor, long begin)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type);
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape) json.WriteNumberValue(size);

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + tensor.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFloats(Stream stream, ReadOnlySpan<float> values)
    {
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> piece = values[..Math.Min(PieceLength, values.Length)];
            values = values[piece.Length..];
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(Bytes.Of(piece));
            }
            else
            {
                var reversed = new float[piece.Length];
                Bytes.Reverse(piece, reversed);
                stream.Write(Bytes.Of(reversed));
            }
        }
    }
}

/// <summary>A tensor to be written: floats from where they are, or bytes.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Its type: <c>F32</c>, <c>I64</c> or <c>U8</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">The values of a tensor of float32; empty for another.</param>
/// <param name="Raw">The bytes of a tensor of another type.</param>
internal sealed record SafetensorsContent(string Name, string Type, long[] Shape, Matrix Values, byte[] Raw)
{
    /// <summary>How many bytes it takes.</summary>
    public long Length => Raw.Length + (sizeof(float) * (long)Values.Rows * Values.Columns);

    /// <summary>Bytes of one value.</summary>
    public int Width => Type switch { "I64" => sizeof(long), "F32" => sizeof(float), _ => sizeof(byte) };

    /// <summary>The values of a parameter, which are not copied.</summary>
    public static SafetensorsContent Of(string name, Parameter parameter) => new(name, "F32", ShapeOf(parameter), parameter.Value, []);

    /// <summary>Values of the shape of a parameter, which are not copied.</summary>
    public static SafetensorsContent Of(string name, Parameter shape, float[] values) =>
        new(name, "F32", ShapeOf(shape), new Matrix(values, shape.Value.Rows, shape.Value.Columns), []);

    /// <summary>A vector, which is not copied.</summary>
    public static SafetensorsContent Of(string name, float[] values) => new(name, "F32", [values.Length], new Matrix(values, 1, values.Length), []);

    /// <summary>Bytes, which are not copied.</summary>
    public static SafetensorsContent Of(string name, byte[] bytes) => new(name, "U8", [bytes.Length], default, bytes);

    /// <summary>A single whole number, 0.</summary>
    public static SafetensorsContent Zero(string name) => new(name, "I64", [], default, new byte[sizeof(long)]);

    private static long[] ShapeOf(Parameter parameter) => [.. parameter.Shape.Select(size => (long)size)];
}
