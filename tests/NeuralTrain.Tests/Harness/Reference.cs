namespace NeuralTrain.Tests.Harness;

/// <summary>
/// The plain formula of a layer in double precision, written independently of the layer. The layer is handed in only for
/// what it drew at random in its last forward pass (a mask); its arithmetic must not be used.
/// </summary>
/// <param name="layer">The layer, for its random draws.</param>
/// <param name="input">The batch, rows by columns.</param>
/// <param name="parameters">The values of all parameters and statistics, by path.</param>
/// <returns>The output, rows by columns.</returns>
public delegate double[,] Reference(Layer layer, double[,] input, IReadOnlyDictionary<string, double[]> parameters);

/// <summary>Plain formulas that references are put together from.</summary>
public static class References
{
    /// <summary>A formula on each value alone.</summary>
    public static Reference Elementwise(Func<double, double> formula) => (_, input, _) => Map(input, formula);

    /// <summary>y = x·Wᵀ + b, parameters by the names <c>weight</c> and <c>bias</c> after the prefix.</summary>
    public static double[,] Linear(double[,] x, IReadOnlyDictionary<string, double[]> parameters, string prefix, int outputs)
    {
        int rows = x.GetLength(0), inputs = x.GetLength(1);
        double[] weight = parameters[prefix + "weight"];
        parameters.TryGetValue(prefix + "bias", out double[]? bias);
        var y = new double[rows, outputs];
        for (int row = 0; row < rows; row++)
        {
            for (int unit = 0; unit < outputs; unit++)
            {
                double sum = bias is null ? 0 : bias[unit];
                for (int i = 0; i < inputs; i++)
                {
                    sum += x[row, i] * weight[(unit * inputs) + i];
                }

                y[row, unit] = sum;
            }
        }

        return y;
    }

    /// <summary>A formula on each value alone.</summary>
    public static double[,] Map(double[,] values, Func<double, double> formula) => MapAt(values, (value, _, _) => formula(value));

    /// <summary>A formula on each value with its row and column.</summary>
    public static double[,] MapAt(double[,] values, Func<double, int, int, double> formula)
    {
        var result = new double[values.GetLength(0), values.GetLength(1)];
        for (int row = 0; row < values.GetLength(0); row++)
        {
            for (int column = 0; column < values.GetLength(1); column++)
            {
                result[row, column] = formula(values[row, column], row, column);
            }
        }

        return result;
    }

    /// <summary>The sum of two matrices.</summary>
    public static double[,] Add(double[,] left, double[,] right)
    {
        var sum = new double[left.GetLength(0), left.GetLength(1)];
        for (int row = 0; row < left.GetLength(0); row++)
        {
            for (int column = 0; column < left.GetLength(1); column++)
            {
                sum[row, column] = left[row, column] + right[row, column];
            }
        }

        return sum;
    }

    /// <summary>The columns of several matrices side by side.</summary>
    public static double[,] SideBySide(params double[][,] parts)
    {
        int rows = parts[0].GetLength(0);
        var result = new double[rows, parts.Sum(part => part.GetLength(1))];
        for (int row = 0; row < rows; row++)
        {
            int column = 0;
            foreach (double[,] part in parts)
            {
                for (int i = 0; i < part.GetLength(1); i++)
                {
                    result[row, column++] = part[row, i];
                }
            }
        }

        return result;
    }

    /// <summary>The logistic function.</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The scaled exponential linear unit.</summary>
    public static double SELU(double x)
    {
        const double Lambda = 1.0507009873554804934193349852946;
        const double Alpha = 1.6732632423543772848170429916717;
        return x > 0 ? Lambda * x : Lambda * Alpha * (Math.Exp(x) - 1);
    }

    /// <summary>q = e^s / Σ e^s of each row.</summary>
    public static double[,] Softmax(double[,] scores) => MapAt(scores, (score, row, _) =>
        Math.Exp(score) / Enumerable.Range(0, scores.GetLength(1)).Sum(column => Math.Exp(scores[row, column])));
}
