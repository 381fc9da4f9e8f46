namespace NeuralTrain;

/// <summary>Mean, deviation and range of one column, from its finite values, in double.</summary>
internal readonly record struct ColumnScan(double Mean, double Deviation, float Minimum, float Maximum)
{
    /// <summary>Whether all values are the same.</summary>
    public bool IsConstant => Minimum == Maximum;

    /// <summary>√(mean of the squares): the size of a typical value.</summary>
    public double Size => Math.Sqrt((Mean * Mean) + (Deviation * Deviation));

    /// <summary>Those of all columns. A column without any finite value is a constant 0.</summary>
    public static ColumnScan[] Of(Matrix matrix)
    {
        int columns = matrix.Columns;
        var count = new int[columns];
        var sums = new double[columns];
        var low = new float[columns];
        var high = new float[columns];
        Array.Fill(low, float.PositiveInfinity);
        Array.Fill(high, float.NegativeInfinity);
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> values = matrix.Row(row);
            for (int column = 0; column < values.Length; column++)
            {
                if (float.IsFinite(values[column]))
                {
                    count[column]++;
                    sums[column] += values[column];
                    low[column] = Math.Min(low[column], values[column]);
                    high[column] = Math.Max(high[column], values[column]);
                }
            }
        }

        double[] means = [.. sums.Zip(count, (sum, n) => n == 0 ? 0 : sum / n)];
        double[] squares = SquaredDeviations(matrix, means);
        return
        [
            .. Enumerable.Range(0, columns).Select(i => count[i] == 0
                ? default
                : new ColumnScan(means[i], Math.Sqrt(squares[i] / count[i]), low[i], high[i])),
        ];
    }

    private static double[] SquaredDeviations(Matrix matrix, double[] means)
    {
        var squares = new double[means.Length];
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> values = matrix.Row(row);
            for (int column = 0; column < values.Length; column++)
            {
                if (float.IsFinite(values[column]))
                {
                    double deviation = values[column] - means[column];
                    squares[column] += deviation * deviation;
                }
            }
        }

        return squares;
    }
}
