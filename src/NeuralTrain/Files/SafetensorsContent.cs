using System.Buffers.Binary;

namespace NeuralTrain;

/// <summary>A tensor to be written: floats from where they lie, or a few whole numbers or a text as bytes.</summary>
internal sealed record SafetensorsContent
{
    private SafetensorsContent(string name, string type, long[] shape)
    {
        Name = name;
        Type = type;
        Shape = shape;
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>Its type: <c>F32</c>, <c>I64</c> or <c>U8</c>.</summary>
    public string Type { get; }

    /// <summary>Its sizes.</summary>
    public long[] Shape { get; }

    /// <summary>The values of a tensor of float32; empty for another.</summary>
    public Matrix Values { get; private init; }

    /// <summary>The bytes of a tensor of another type.</summary>
    public byte[] Raw { get; private init; } = [];

    /// <summary>How many bytes it takes.</summary>
    public long Length => Raw.Length + (sizeof(float) * (long)Values.Rows * Values.Columns);

    /// <summary>Bytes of one value.</summary>
    public int Width => Type switch { "I64" => sizeof(long), "F32" => sizeof(float), _ => sizeof(byte) };

    /// <summary>The values of a parameter, which are not copied.</summary>
    public static SafetensorsContent Of(string name, Parameter parameter) => new(name, "F32", ShapeOf(parameter)) { Values = parameter.Value };

    /// <summary>Values of the shape of a parameter, which are not copied.</summary>
    public static SafetensorsContent Of(string name, Parameter shape, float[] values) =>
        new(name, "F32", ShapeOf(shape)) { Values = new Matrix(values, shape.Value.Rows, shape.Value.Columns) };

    /// <summary>A vector, which is not copied.</summary>
    public static SafetensorsContent Of(string name, float[] values) =>
        new(name, "F32", [values.Length]) { Values = new Matrix(values, 1, values.Length) };

    /// <summary>Whole numbers; a single one without a shape.</summary>
    public static SafetensorsContent Of(string name, long[] shape, params ReadOnlySpan<long> values)
    {
        var raw = new byte[sizeof(long) * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(sizeof(long) * i), values[i]);
        }

        return new(name, "I64", shape) { Raw = raw };
    }

    /// <summary>Bytes, which are not copied.</summary>
    public static SafetensorsContent Of(string name, byte[] bytes) => new(name, "U8", [bytes.Length]) { Raw = bytes };

    private static long[] ShapeOf(Parameter parameter) => [.. parameter.Shape.Select(size => (long)size)];
}
