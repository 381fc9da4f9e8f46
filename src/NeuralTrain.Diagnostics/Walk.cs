using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Ways through a network and its numbers.</summary>
internal static class Walk
{
    /// <summary>This layer and all below it with their paths: the empty path for this one, <c>3</c> and <c>3.1</c> below.</summary>
    public static IEnumerable<(string Path, Layer Layer)> SelfAndBelow(this Layer layer, string path = "") =>
        layer.Children.SelectMany((child, i) => child.SelfAndBelow(Below(path, i))).Prepend((path, layer));

    /// <summary>The path of a layer in a container.</summary>
    public static string Below(string path, int child) => path.Length == 0 ? $"{child}" : $"{path}.{child}";

    /// <summary>Where the first NaN or infinity is; -1 if there is none.</summary>
    public static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        int i = TensorPrimitives.IsFiniteAll(values) ? values.Length : 0;
        while (i < values.Length && float.IsFinite(values[i])) i++;
        return i < values.Length ? i : -1;
    }
}
