using MathNet.Numerics.Statistics;

namespace NeuralTrain.Samples;

/// <summary>A figure measured from several random starts: its mean, and how far the starts lie apart.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation of one start (divided by n − 1).</param>
/// <param name="Count">How many starts, 2 or more.</param>
public readonly record struct Spread(double Mean, double Deviation, int Count)
{
    /// <summary>Of some measurements.</summary>
    /// <param name="values">One for each start.</param>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new Spread(all.Mean(), all.StandardDeviation(), all.Length);
    }

    /// <summary>From where on a difference of two means is more than chance: two standard errors of the difference.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    public static double Doubt(Spread first, Spread second) =>
        2 * Math.Sqrt((first.Deviation * first.Deviation / first.Count) + (second.Deviation * second.Deviation / second.Count));

    /// <summary>Whether this mean lies above another by more than chance.</summary>
    /// <param name="other">The other.</param>
    public bool IsAbove(Spread other) => Mean - other.Mean > Doubt(this, other);

    /// <summary>Mean and standard deviation, as <c>0.123 ± 0.004</c>.</summary>
    /// <param name="decimals">After the point.</param>
    public string Text(int decimals) => $"{SampleRun.Fixed(Mean, decimals)} ± {SampleRun.Fixed(Deviation, decimals)}";

    /// <summary>Mean and standard deviation of a fraction, as <c>91.3 ± 0.4 %</c>.</summary>
    public string Percent => $"{100 * Mean:0.0} ± {100 * Deviation:0.0} %";
}
