using System.Globalization;

namespace NeuralTrain;

/// <summary>What each layer gives for a batch: mean, deviation, zeros, saturation, histogram (lecture L2.8).</summary>
/// <remarks>
/// A forward pass of training on a clone: values are dropped, and batches normalised by themselves, as in training; the network is not
/// changed. A chain of layers has no line of its own, since its last layer gives the same.
/// </remarks>
public sealed class ActivationStatistics
{
    private const int DefaultBuckets = 40;
    private const int MostRows = 1000;

    private ActivationStatistics(Sequential network, Matrix inputs, int buckets)
    {
        Guard.AtLeast(buckets, 1, nameof(buckets), "a histogram has at least one range");
        Sequential clone = network.Clone();
        clone.Forward(inputs);
        Layers = [.. LayerOutput.Of(clone).Select(output => new LayerActivations(output.Path, output.Layer, output.Output, buckets))];
        Rows = inputs.Rows;
    }

    /// <summary>Passes a batch through the network.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="inputs">The batch, <c>[batch × InputSize]</c>; a few hundred rows say enough.</param>
    /// <param name="buckets">Ranges of each histogram, 1 or more. Default 40.</param>
    /// <exception cref="ArgumentException">The batch is empty, or has another width than the network takes.</exception>
    /// <exception cref="NotSupportedException">A layer of one's own cannot be cloned; the message says how it could.</exception>
    public static ActivationStatistics Measure(Sequential network, Matrix inputs, int buckets = DefaultBuckets)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new ActivationStatistics(network, inputs, buckets);
    }

    /// <summary>Passes at most 1000 rows through the network: spread evenly over a <see cref="Dataset"/>, the first ones of another source.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">The data have no rows, or another width than the network takes.</exception>
    /// <exception cref="NotSupportedException">A layer of one's own cannot be cloned; the message says how it could.</exception>
    public static ActivationStatistics Measure(Sequential network, BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return new ActivationStatistics(network, DataSample.Of(data, MostRows).Inputs, DefaultBuckets);
    }

    /// <summary>A line for each layer, in the order they work.</summary>
    public IReadOnlyList<LayerActivations> Layers { get; }

    /// <summary>Rows of the batch.</summary>
    public int Rows { get; }

    /// <summary>The table, as plain text.</summary>
    public override string ToString()
    {
        var table = new TextTable("path", "layer", ">mean", ">deviation", ">min", ">max", ">zeros", ">saturated", ">dead", "values");
        foreach (LayerActivations layer in Layers)
        {
            table.Add(
                layer.Path, layer.Layer, Digits.Three(layer.Mean), Digits.Three(layer.Deviation), Digits.Three(layer.Minimum), Digits.Three(layer.Maximum),
                Percent(layer.ShareOfZeros), layer.Saturated is double saturated ? Percent(saturated) : "",
                layer.DeadUnits == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{layer.DeadUnits} of {layer.Units}"),
                layer.NonFinite > 0 ? string.Create(CultureInfo.InvariantCulture, $"{layer.NonFinite} not finite") : Outline(layer.Histogram));
        }

        return table.ToString();
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");

    private static string Outline(ValueHistogram? histogram) => histogram?.ToString() ?? "";
}
