using MathNet.Numerics.Statistics;

namespace NeuralTrain;

/// <summary>What one layer gave for a batch, in numbers: a line of <see cref="ActivationStatistics"/>.</summary>
public sealed class LayerActivations
{
    internal LayerActivations(string path, Layer layer, Matrix output, int buckets)
    {
        Path = path;
        Layer = layer.Children.Count > 0 ? layer.GetType().Name : layer.ToString();
        Units = output.Columns;
        Count = output.Span.Length;
        var finite = new List<double>(Count);
        var running = new RunningStatistics();
        int zeros = 0, saturated = 0;
        (float low, float high) = Saturation.Bounds(layer);
        foreach (float value in output.Span)
        {
            if (float.IsFinite(value))
            {
                finite.Add(value);
                running.Push(value);
                zeros += value == 0 ? 1 : 0;
                saturated += value < low || value > high ? 1 : 0;
            }
        }

        NonFinite = Count - finite.Count;
        ShareOfZeros = (double)zeros / Count;
        Saturated = Saturation.IsPossible(layer) ? (double)saturated / Count : null;
        ColumnScan[] columns = ColumnScan.Of(output);
        DeadUnits = NonFinite == 0 ? columns.Count(column => column is { Minimum: 0, Maximum: 0 }) : 0;
        bool any = finite.Count > 0;
        Mean = any ? running.Mean : double.NaN;
        Deviation = any ? running.PopulationStandardDeviation : double.NaN;
        Minimum = any ? running.Minimum : double.NaN;
        Maximum = any ? running.Maximum : double.NaN;
        Histogram = any ? new ValueHistogram([.. finite], Minimum, Maximum, buckets) : null;
    }

    /// <summary>The position in each container, as <c>2.0</c>.</summary>
    public string Path { get; }

    /// <summary>The layer, as <c>Linear(3 → 4)</c>; of a container only its kind.</summary>
    public string Layer { get; }

    /// <summary>Columns of the output.</summary>
    public int Units { get; }

    /// <summary>Values of the output: rows times units.</summary>
    public int Count { get; }

    /// <summary>How many of them are NaN or infinite; mean, deviation, range and histogram are of the others.</summary>
    public int NonFinite { get; }

    /// <summary>The mean; NaN if no value is finite.</summary>
    public double Mean { get; }

    /// <summary>The deviation, √(mean of the squares of value − mean); NaN if no value is finite.</summary>
    public double Deviation { get; }

    /// <summary>The smallest value; NaN if none is finite.</summary>
    public double Minimum { get; }

    /// <summary>The greatest value; NaN if none is finite.</summary>
    public double Maximum { get; }

    /// <summary>The share of values that are exactly 0, in [0, 1].</summary>
    public double ShareOfZeros { get; }

    /// <summary>
    /// The share of values, in [0, 1], in the hundredth of the range next to an end that is approached gradually, where hardly any gradient passes: both ends of
    /// sigmoid and tanh, the lower one of ELU and SELU. Null for other layers.
    /// </summary>
    public double? Saturated { get; }

    /// <summary>How many units are 0 in every row: behind ReLU they cannot learn from these rows.</summary>
    public int DeadUnits { get; }

    /// <summary>The values in equally wide ranges; null if no value is finite.</summary>
    public ValueHistogram? Histogram { get; }
}
