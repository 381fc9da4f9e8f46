namespace NeuralTrain;

/// <summary>What losses ask of a network before any training, above all of the layers it ends in.</summary>
internal static class NetworkEnd
{
    /// <summary>The width of the network's output, if it is known without data.</summary>
    public static int? Width(Layer network) => network.InputSize is int size ? network.OutputSize(size) : null;

    /// <summary>What no loss can work with: a softmax over a single column, wherever it stands: it is 1 whatever comes in.</summary>
    public static void CheckForAnyLoss(Layer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (FindOverOneColumn(network, network.InputSize) is Layer softmax)
        {
            throw new ArgumentException(
                $"The network has a {softmax} over a single column, which is constant whatever comes in, so nothing would be learnt. Remove it " +
                "(for a yes-or-no decision use BinaryCrossEntropy on the raw score), or give the layer before it a column for each class.",
                nameof(network));
        }
    }

    /// <summary>Refuses a network that ends in probabilities, for a loss that takes raw scores.</summary>
    public static void RefuseProbabilities(Loss loss, Layer network)
    {
        if (network.OutputLayers.FirstOrDefault(layer => IsSoftmax(layer) || layer is Sigmoid) is Layer squashing)
        {
            throw new ArgumentException(
                $"{loss} takes raw scores, but the network ends in {squashing}: the loss would apply it a second time, or measure margins " +
                "of squashed values, and learning would be slow and the result wrong. Remove the layer from the network; apply it to the scores " +
                "afterwards where probabilities are wanted.",
                nameof(network));
        }
    }

    // Where a width is not known without data, nothing is refused.
    private static Layer? FindOverOneColumn(Layer layer, int? inputSize)
    {
        if (IsSoftmax(layer))
        {
            return inputSize == 1 ? layer : null;
        }

        IReadOnlyList<Layer> children = layer.Children;
        IReadOnlyList<int?> sizes = inputSize is int known ? layer.ChildInputSizes(known) : [.. children.Select(child => child.InputSize)];
        return children.Select((child, i) => FindOverOneColumn(child, sizes[i])).FirstOrDefault(found => found is not null);
    }

    private static bool IsSoftmax(Layer layer) => layer is Softmax or LogSoftmax;
}
