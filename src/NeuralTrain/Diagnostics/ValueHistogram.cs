using MathNet.Numerics.Statistics;

namespace NeuralTrain;

/// <summary>How many values lie in each of some equally wide ranges.</summary>
public sealed class ValueHistogram
{
    private readonly long[] _counts;

    internal ValueHistogram(double[] values, double minimum, double maximum, int buckets)
    {
        // Values that are all the same stand in the middle of a range about them.
        double margin = minimum == maximum ? Math.Max(Math.Abs(minimum), 1) / 2 : 0;
        (Lower, Upper) = (minimum - margin, maximum + margin);
        var histogram = new Histogram(values, buckets, Lower, Upper);
        _counts = [.. Enumerable.Range(0, buckets).Select(i => (long)histogram[i].Count)];
    }

    /// <summary>Where the first range begins: at the smallest value, unless all values are the same.</summary>
    public double Lower { get; }

    /// <summary>Where the last range ends: at the greatest value, unless all values are the same.</summary>
    public double Upper { get; }

    /// <summary>How wide each range is.</summary>
    public double Width => (Upper - Lower) / _counts.Length;

    /// <summary>How many values lie in each range, its upper end included.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>A character for each range, the higher the more values, as <c>▁▂▅█▅▂▁</c>; a blank where there is none.</summary>
    public override string ToString()
    {
        const string Bars = "▁▂▃▄▅▆▇█";
        long most = _counts.Max();
        return string.Concat(_counts.Select(count => count == 0 ? ' ' : Bars[(int)(((count * Bars.Length) - 1) / most)]));
    }
}
