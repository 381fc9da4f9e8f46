namespace NeuralTrain;

/// <summary>What the header of a safetensors file says of one tensor.</summary>
/// <param name="Name">Its name, as <c>0.weight</c>.</param>
/// <param name="Type">Its type, as <c>F32</c>.</param>
/// <param name="Shape">Its sizes; none for a single number.</param>
/// <param name="Start">The byte of the file at which its values begin.</param>
/// <param name="Length">How many bytes they take.</param>
/// <param name="Place">The byte of the file at which the header speaks of it.</param>
internal sealed record SafetensorsTensor(string Name, string Type, long[] Shape, long Start, long Length, long Place)
{
    /// <summary>How many values it has.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>The byte behind its last one.</summary>
    public long End => Start + Length;

    /// <summary>Name and shape, as <c>0.weight [4, 3]</c>.</summary>
    public override string ToString() => $"{FileProblem.Shorten(Name)} {ShapeText(Shape)}";

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
