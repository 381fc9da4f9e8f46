
namespace NeuralTrain;

/// <summary>What each layer gives for a batch: mean, standard deviation, zeros, saturation, histogram.</summary>
/// <remarks>
/// One forward pass of training on a clone, so values are dropped and batch statistics used as in training; the network is not changed. A chain of
/// layers has no separate line, because its last layer gives the same.
/// </remarks>
public sealed class ActivationStatistics
{
    private ActivationStatistics(IReadOnlyList<LayerActivations> layers, int rows) => (Layers, Rows) = (layers, rows);

    /// <summary>Passes a batch through the network.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="inputs">The batch, <c>[batch × InputSize]</c>; a few hundred rows are enough.</param>
    /// <param name="buckets">Ranges of each histogram, 1 or more. Default 40.</param>
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
        return Measure(network, DataSample.Of(data, mostRows: 1000).Inputs);
    }

    /// <summary>A line for each layer, in the order of the forward pass.</summary>
    public IReadOnlyList<LayerActivations> Layers { get; }

    /// <summary>Rows of the batch.</summary>
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

/// <summary>What a layer gave in the last forward pass of its network.</summary>
internal readonly record struct LayerOutput(string Path, Layer Layer, Matrix Output)
{
    /// <summary>
    /// Those of all layers below a container in the order of the pass, without chains, whose last layer gives the same, and without layers of custom
    /// containers that do not show them.
    /// </summary>
    public static IEnumerable<LayerOutput> Of(Layer container, string path = "")
    {
        for (int i = 0; i < container.Children.Count; i++)
        {
            Layer child = container.Children[i];
            Matrix output = container.ChildOutput(i);
            string place = Layer.Below(path, $"{i}");
            foreach (LayerOutput below in Of(child, place)) yield return below;

            bool isChain = child.Children.Count > 0 && child.ChildOutput(child.Children.Count - 1) == output;
            if (!isChain && !output.IsEmpty) yield return new LayerOutput(place, child, output);
        }
    }

    /// <summary>How many units are 0 for all rows.</summary>
    public int DeadUnits() => ColumnScan.Of(Output).Count(column => column is { Minimum: 0, Maximum: 0 });

    /// <summary>The fraction of values so close to an end of the layer's range that hardly any gradient passes; null for layers that do not saturate.</summary>
    public double? SaturatedRatio()
    {
        if (!Layer.Saturates || Layer.OutputRange is not (double least, double greatest)) return null;

        // A hundredth of the range at each end: 0.01 or 0.99 of a sigmoid, whose slope there is 4 % of the greatest.
        double margin = 0.01 * (double.IsInfinity(greatest) ? -least : greatest - least);
        (float low, float high) = ((float)(least + margin), (float)(greatest - margin));
        return Output.Span.ToArray().Average(value => value < low || value > high ? 1.0 : 0);
    }
}
