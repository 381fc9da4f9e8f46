namespace NeuralTrain.Kernels;

/// <summary>
/// A vector with one value per column, used for every row, such as a bias. The wrapper tells it from a whole matrix in
/// the argument lists of <see cref="Elementwise"/> and <see cref="Reduce"/>.
/// </summary>
internal readonly ref struct PerColumn(ReadOnlySpan<float> values)
{
    internal ReadOnlySpan<float> Values { get; } = values;
}
