using Gaussian = MathNet.Numerics.Distributions.Normal;

namespace NeuralTrain;

/// <summary>A density fitted to points: a mixture of one kernel a point and one over the whole range, each a product over the dimensions.</summary>
/// <remarks>Formulas and constants are those in the remarks of <see cref="TpeSampler"/>.</remarks>
internal sealed class ParzenEstimator
{
    private readonly SearchRange[] _ranges;
    private readonly double[][] _points;
    private readonly double[] _weights;
    private readonly double[] _sigmas;

    // ln of the part of a kernel that lies in the range, by kernel and dimension.
    private readonly double[][] _logInside;

    /// <summary>Fits it.</summary>
    /// <param name="ranges">The range of each dimension.</param>
    /// <param name="points">The points, oldest first; perhaps none.</param>
    /// <param name="equal">Whether all points weigh the same, however many there are.</param>
    public ParzenEstimator(SearchRange[] ranges, double[][] points, bool equal = false)
    {
        (_ranges, _points) = (ranges, points);
        int n = points.Length;
        double[] weights = [.. Enumerable.Range(0, n).Select(i => equal ? 1 : Weight(i, n)), 1];
        double sum = weights.Sum();
        _weights = [.. weights.Select(weight => weight / sum)];
        double relative = Math.Clamp(0.2 * Math.Pow(Math.Max(n, 1), -1.0 / (ranges.Length + 4)), 1 / Math.Min(100.0, n + 2), 1);
        _sigmas = [.. ranges.Select(range => relative * (range.To - range.From))];
        _logInside = [.. Enumerable.Range(0, n + 1).Select(kernel => ranges.Select((range, d) => range.Choices is null ? LogInside(kernel, d) : 0).ToArray())];
    }

    /// <summary>Draws a point.</summary>
    public double[] Draw(Random random)
    {
        double place = random.NextDouble();
        int kernel = 0;
        while (kernel < _points.Length && (place -= _weights[kernel]) >= 0) kernel++;
        return [.. _ranges.Select((range, d) => range.Choices is not null ? DrawChoice(kernel, d, random) : DrawNumber(kernel, d, random))];
    }

    /// <summary>ln p(x), of whole numbers and choices ln P(x).</summary>
    public double LogDensity(double[] x)
    {
        double[] terms = new double[_weights.Length];
        for (int kernel = 0; kernel < terms.Length; kernel++)
        {
            terms[kernel] = Math.Log(_weights[kernel]);
            for (int d = 0; d < _ranges.Length; d++) terms[kernel] += LogKernel(kernel, d, x[d]);
        }

        // Without overflow: ln Σ exp(t) = m + ln Σ exp(t − m).
        double most = terms.Max();
        return most + Math.Log(terms.Sum(term => Math.Exp(term - most)));
    }

    // Of up to 25 points all weigh the same; of more, the last 25 do, and the older ones from 1/n to 1 in even steps.
    private static double Weight(int i, int n) => i >= n - 25 ? 1 : n == 26 ? 1.0 / n : (1.0 / n) + (i * (1 - (1.0 / n)) / (n - 26));

    private double LogKernel(int kernel, int d, double x)
    {
        SearchRange range = _ranges[d];
        if (range.Choices is not null) return Math.Log(Probability(kernel, d, (int)x));
        (double mean, double sigma) = Kernel(kernel, d);
        return range.IsWhole
            ? Math.Log(Math.Max(Gaussian.CDF(mean, sigma, range.Scaled(x + 0.5)) - Gaussian.CDF(mean, sigma, range.Scaled(x - 0.5)), double.Epsilon)) - _logInside[kernel][d]
            : Gaussian.PDFLn(mean, sigma, range.Scaled(x)) - _logInside[kernel][d];
    }

    private double LogInside(int kernel, int d)
    {
        (double mean, double sigma) = Kernel(kernel, d);
        return Math.Log(Gaussian.CDF(mean, sigma, _ranges[d].To) - Gaussian.CDF(mean, sigma, _ranges[d].From));
    }

    private double DrawNumber(int kernel, int d, Random random)
    {
        SearchRange range = _ranges[d];
        (double mean, double sigma) = Kernel(kernel, d);
        double low = Gaussian.CDF(mean, sigma, range.From), high = Gaussian.CDF(mean, sigma, range.To);
        double drawn = low + (random.NextDouble() * (high - low));
        return range.Unscaled(drawn is > 0 and < 1 ? Gaussian.InvCDF(mean, sigma, drawn) : mean);
    }

    private double DrawChoice(int kernel, int d, Random random)
    {
        double place = random.NextDouble();
        int choice = 0, last = (int)_ranges[d].High;
        while (choice < last && (place -= Probability(kernel, d, choice)) >= 0) choice++;
        return choice;
    }

    private double Probability(int kernel, int d, int choice)
    {
        double others = 1.0 / (_points.Length + 1), count = _ranges[d].Choices!.Count;
        return kernel == _points.Length ? 1 / count : ((choice == (int)_points[kernel][d] ? 1 : 0) + others) / (1 + (count * others));
    }

    // The last kernel lies over the whole range.
    private (double Mean, double Sigma) Kernel(int kernel, int d)
    {
        SearchRange range = _ranges[d];
        return kernel == _points.Length ? ((range.From + range.To) / 2, range.To - range.From) : (range.Scaled(_points[kernel][d]), _sigmas[d]);
    }
}
