namespace NeuralTrain;

/// <summary>Statistics of each layer's output for a batch: mean, standard deviation, zeros, saturation, histogram.</summary>
/// <remarks>
/// One training forward pass on a clone, so dropout is active and batch statistics are used; the network is not changed. A chain of
/// layers has no separate line, because its last layer gives the same.
/// </remarks>
public sealed class ActivationStatistics
{
    private const int MostRows = 1000;

    // Fewer rows where they are wide, such as images.
    private const int MostValues = 4_000_000;

    private ActivationStatistics(IReadOnlyList<LayerActivations> layers, int rows) => (Layers, Rows) = (layers, rows);

    /// <summary>Passes a batch through the network.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="inputs">The batch, <c>[batch × InputSize]</c>; a few hundred rows are enough.</param>
    /// <param name="buckets">The number of ranges of each histogram, 1 or more. Default 40.</param>
    /// <exception cref="ArgumentException">The batch is empty, or has another width than the network takes.</exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be cloned; the message says what to do.</exception>
    public static ActivationStatistics Measure(Sequential network, Matrix inputs, int buckets = 40)
    {
        ArgumentNullException.ThrowIfNull(network);
        Guard.AtLeast(buckets, 1, nameof(buckets), "a histogram has at least one range");
        Sequential clone = network.Clone();
        clone.Forward(inputs);
        return new ActivationStatistics([.. LayerOutput.Of(clone).Select(output => new LayerActivations(output, buckets))], inputs.Rows);
    }

    /// <summary>Passes at most 1000 rows through the network: spread evenly over a <see cref="Dataset"/>, the first ones of another source.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">The data have no rows, or another width than the network takes.</exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be cloned; the message says what to do.</exception>
    public static ActivationStatistics Measure(Sequential network, BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int most = Math.Clamp(MostValues / Math.Max(data.InputSize, 1), 1, MostRows);
        if (data is Dataset set)
        {
            return Measure(network, set.Count <= most ? set.Inputs : set.Select([.. Enumerable.Range(0, most).Select(i => (int)((long)i * set.Count / most))]).Inputs);
        }

        using BatchReader reader = data.Read(new BatchPlan(most));
        return reader.Read() ? Measure(network, reader.Inputs) : throw new ArgumentException("There are no rows in the data. Look at where they come from: an empty file, or a filter that leaves nothing.", nameof(data));
    }

    /// <summary>A line for each layer, in the order of the forward pass.</summary>
    public IReadOnlyList<LayerActivations> Layers { get; }

    /// <summary>The number of rows of the batch.</summary>
    public int Rows { get; }

    /// <summary>The table, as plain text.</summary>
    public override string ToString()
    {
        var table = new TextTable("path", "layer", ">mean", ">std dev", ">min", ">max", ">zeros", ">saturated", ">dead", "values");
        foreach (LayerActivations layer in Layers)
        {
            table.Add(
                layer.Path, layer.Layer, Digits.Three(layer.Mean), Digits.Three(layer.StandardDeviation), Digits.Three(layer.Minimum), Digits.Three(layer.Maximum),
                $"{100 * layer.ZeroRatio:0} %", layer.Saturated is double saturated ? $"{100 * saturated:0} %" : "",
                layer.DeadUnits == 0 ? "" : $"{layer.DeadUnits} of {layer.Units}", layer.NonFinite > 0 ? $"{layer.NonFinite} not finite" : $"{layer.Histogram}");
        }

        return table.ToString();
    }
}
