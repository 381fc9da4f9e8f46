using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>Statistics of one layer's output for a batch: a line of <see cref="ActivationStatistics"/>.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class LayerActivations
{
    internal LayerActivations(LayerOutput output, int buckets)
    {
        (Path, Layer layer, Matrix values) = output;
        Layer = layer.Children.Count > 0 ? layer.GetType().Name : layer.ToString();
        (Units, Count) = (values.Columns, values.Span.Length);
        float[] finite = Array.FindAll(values.Span.ToArray(), float.IsFinite);
        NonFinite = Count - finite.Length;
        ZeroRatio = (double)finite.Count(value => value == 0) / Count;
        Saturated = output.SaturatedRatio();
        DeadUnits = NonFinite == 0 ? output.DeadUnits() : 0;
        if (finite.Length > 0)
        {
            ColumnScan all = ColumnScan.Of(new Matrix(finite, finite.Length, 1))[0];
            (Mean, StandardDeviation, Minimum, Maximum) = (all.Mean, all.StandardDeviation, all.Minimum, all.Maximum);
            Histogram = new ValueHistogram(finite, Minimum, Maximum, buckets);
        }
    }

    /// <summary>The position in each container, as <c>2.0</c>.</summary>
    public string Path { get; }

    /// <summary>The layer, as <c>Linear(3 → 4)</c>; of a container only its kind.</summary>
    public string Layer { get; }

    /// <summary>Columns of the output.</summary>
    public int Units { get; }

    /// <summary>Values of the output: rows times units.</summary>
    public int Count { get; }

    /// <summary>The number of NaN or infinite values; mean, standard deviation, range and histogram are of the others.</summary>
    public int NonFinite { get; }

    /// <summary>The mean; NaN if no value is finite.</summary>
    public double Mean { get; } = double.NaN;

    /// <summary>The standard deviation, √(1/n·Σ(x − mean)²); NaN if no value is finite.</summary>
    public double StandardDeviation { get; } = double.NaN;

    /// <summary>The smallest value; NaN if none is finite.</summary>
    public double Minimum { get; } = double.NaN;

    /// <summary>The largest value; NaN if none is finite.</summary>
    public double Maximum { get; } = double.NaN;

    /// <summary>The fraction of values that are exactly 0, in [0, 1].</summary>
    public double ZeroRatio { get; }

    /// <summary>
    /// The fraction of values, in [0, 1], in the hundredth of the range next to an end that is approached gradually, where hardly any gradient passes: both
    /// ends of sigmoid and tanh, the lower one of ELU and SELU. Null for other layers.
    /// </summary>
    public double? Saturated { get; }

    /// <summary>The number of units that are 0 in every row: after ReLU they cannot learn from these rows.</summary>
    public int DeadUnits { get; }

    /// <summary>The values in equally wide ranges; null if no value is finite.</summary>
    public ValueHistogram? Histogram { get; }
}

/// <summary>A histogram: the number of values in each of several equally wide ranges.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class ValueHistogram
{
    private readonly long[] _counts;

    internal ValueHistogram(float[] values, double minimum, double maximum, int buckets)
    {
        // Values that are all the same lie in the middle of a range around them.
        double margin = minimum == maximum ? Math.Max(Math.Abs(minimum), 1) / 2 : 0;
        (Lower, Upper, _counts) = (minimum - margin, maximum + margin, new long[buckets]);
        foreach (float value in values) _counts[(int)Math.Clamp(Math.Ceiling((value - Lower) / Width) - 1, 0, buckets - 1)]++;
    }

    /// <summary>The lower end of the first range: the smallest value, unless all values are the same.</summary>
    public double Lower { get; }

    /// <summary>The upper end of the last range: the largest value, unless all values are the same.</summary>
    public double Upper { get; }

    /// <summary>The width of each range.</summary>
    public double Width => (Upper - Lower) / _counts.Length;

    /// <summary>The number of values in each range, its upper end included.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>A character for each range, the higher the more values, as <c>▁▂▅█▅▂▁</c>; a blank where there is none.</summary>
    public override string ToString()
    {
        const string Bars = "▁▂▃▄▅▆▇█";
        long most = _counts.Max();
        return string.Concat(_counts.Select(count => count == 0 ? ' ' : Bars[(int)(((count * Bars.Length) - 1) / most)]));
    }
}
