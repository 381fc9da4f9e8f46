using MathNet.Numerics.Statistics;

namespace NeuralTrain.Samples;

/// <summary>A figure of several random starts: its mean, and the standard deviation of one start (divided by n − 1). Chance is two standard errors.</summary>
public readonly record struct Spread(double Mean, double Deviation, int Count)
{
    public string Percent => $"{100 * Mean:0.0} ± {100 * Deviation:0.0} %";
    public string Text(string format) => $"{Mean.ToString(format)} ± {Deviation.ToString(format)}";
    public static Spread Of(IEnumerable<double> values) => new(values.Mean(), values.StandardDeviation(), values.Count());
    public bool IsAbove(Spread other) => Mean - other.Mean > 2 * Math.Sqrt((Deviation * Deviation / Count) + (other.Deviation * other.Deviation / other.Count));
}
