namespace NeuralTrain.Tests.Harness;

/// <summary>Plain formulas of normalisation, written as the papers have them.</summary>
public static class NormalizationReferences
{
    /// <summary>
    /// ε of the BatchNorm cases. With two rows x̂ is ±1 but for ε, so the terms of the input gradient cancel down to the size of
    /// ε: a small one would leave nothing but rounding to compare.
    /// </summary>
    public const double BatchNormEpsilon = 0.01;

    private const double LayerNormEpsilon = 1e-5;

    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β per column, with the mean and the biased variance of the batch.</summary>
    public static double[,] BatchNormTraining(double[,] x, IReadOnlyDictionary<string, double[]> parameters, string prefix = "")
    {
        int rows = x.GetLength(0), columns = x.GetLength(1);
        var mean = new double[columns];
        var variance = new double[columns];
        for (int column = 0; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
            {
                mean[column] += x[row, column] / rows;
            }

            for (int row = 0; row < rows; row++)
            {
                variance[column] += Math.Pow(x[row, column] - mean[column], 2) / rows;
            }
        }

        return PerColumn(x, mean, variance, parameters, prefix);
    }

    /// <summary>The same with the running statistics.</summary>
    public static double[,] BatchNormInference(double[,] x, IReadOnlyDictionary<string, double[]> parameters, string prefix = "") =>
        PerColumn(x, parameters[prefix + "running_mean"], parameters[prefix + "running_var"], parameters, prefix);

    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β with the mean and the biased variance of each row.</summary>
    public static double[,] LayerNorm(double[,] x, IReadOnlyDictionary<string, double[]> parameters)
    {
        int rows = x.GetLength(0), columns = x.GetLength(1);
        var y = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            double[] values = [.. Enumerable.Range(0, columns).Select(column => x[row, column])];
            double mean = values.Average();
            double variance = values.Average(value => Math.Pow(value - mean, 2));
            for (int column = 0; column < columns; column++)
            {
                y[row, column] = ((values[column] - mean) / Math.Sqrt(variance + LayerNormEpsilon) * Scale(parameters, "", column)) + Shift(parameters, "", column);
            }
        }

        return y;
    }

    /// <summary>y = (x − shift)/scale.</summary>
    public static double[,] Fixed(double[,] x, IReadOnlyDictionary<string, double[]> parameters) =>
        Columns(x, (value, column) => (value - parameters["shift"][column]) / parameters["scale"][column]);

    /// <summary>y = x·scale + shift.</summary>
    public static double[,] FixedInverse(double[,] x, IReadOnlyDictionary<string, double[]> parameters) =>
        Columns(x, (value, column) => (value * parameters["scale"][column]) + parameters["shift"][column]);

    private static double[,] Columns(double[,] x, Func<double, int, double> formula)
    {
        var y = new double[x.GetLength(0), x.GetLength(1)];
        for (int row = 0; row < x.GetLength(0); row++)
        {
            for (int column = 0; column < x.GetLength(1); column++)
            {
                y[row, column] = formula(x[row, column], column);
            }
        }

        return y;
    }

    private static double[,] PerColumn(
        double[,] x, double[] mean, double[] variance, IReadOnlyDictionary<string, double[]> parameters, string prefix)
    {
        var y = new double[x.GetLength(0), x.GetLength(1)];
        for (int row = 0; row < x.GetLength(0); row++)
        {
            for (int column = 0; column < x.GetLength(1); column++)
            {
                double normalized = (x[row, column] - mean[column]) / Math.Sqrt(variance[column] + BatchNormEpsilon);
                y[row, column] = (Scale(parameters, prefix, column) * normalized) + Shift(parameters, prefix, column);
            }
        }

        return y;
    }

    private static double Scale(IReadOnlyDictionary<string, double[]> parameters, string prefix, int column) =>
        parameters.TryGetValue(prefix + "weight", out double[]? weight) ? weight[column] : 1;

    private static double Shift(IReadOnlyDictionary<string, double[]> parameters, string prefix, int column) =>
        parameters.TryGetValue(prefix + "bias", out double[]? bias) ? bias[column] : 0;
}
