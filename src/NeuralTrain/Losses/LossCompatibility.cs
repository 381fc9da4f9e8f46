namespace NeuralTrain;

/// <summary>Checks before training whether the end of a network fits a loss.</summary>
internal static class LossCompatibility
{
    /// <summary>Refuses a softmax over a single column, from which no loss can learn; and, for losses on raw scores, a network that ends in probabilities or their logarithms.</summary>
    public static void Check(Loss loss, Layer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (FindConstant(network, network.InputSize) is Layer constant)
        {
            throw new ArgumentException(
                $"The network has a {constant} over a single column, which is constant for any input, so nothing would be learnt. Remove it " +
                "(BinaryCrossEntropy decides yes or no by the raw score), or give the layer before it a column for each class.", nameof(network));
        }

        if (loss.OutputKind != OutputKind.Values && network.OutputLayers.FirstOrDefault(layer => layer.GivesProbabilities) is Layer squashing)
        {
            throw new ArgumentException(
                $"{loss} takes raw scores, but the network ends in {squashing}: learning would be slow and the result wrong. " +
                "Remove the layer from the network, and apply it to the scores afterwards where probabilities are needed.", nameof(network));
        }
    }

    // If a width is not known without data, nothing is refused.
    private static Layer? FindConstant(Layer layer, int? inputSize)
    {
        IReadOnlyList<Layer> children = layer.Children;
        if (children.Count == 0) return inputSize == 1 && layer.GivesProbabilities && layer.Parameters.Count == 0 && layer.OutputSize(1) == 1 && IsConstant(layer) ? layer : null;
        IReadOnlyList<int?> sizes = inputSize is int known ? layer.ChildInputSizes(known) : [.. children.Select(child => child.InputSize)];
        return children.Select((child, i) => FindConstant(child, sizes[i])).FirstOrDefault(found => found is not null);
    }

    private static bool IsConstant(Layer layer)
    {
        Matrix input = new float[,] { { -1000 }, { 0 }, { 1000 } }, output = new Matrix(3, 1);
        layer.Infer(input, output);
        return output.Span.Count(output[0, 0]) == 3;
    }
}
