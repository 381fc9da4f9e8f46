using MathNet.Numerics.Statistics;

namespace NeuralTrain;

/// <summary>Mean, standard deviation and range of one column, from its finite values, in double.</summary>
internal readonly record struct ColumnScan(double Mean, double StandardDeviation, float Minimum, float Maximum)
{
    /// <summary>Whether all values are the same.</summary>
    public bool IsConstant => Minimum == Maximum;

    /// <summary>√(mean of the squares): the size of a typical value.</summary>
    public double Size => Math.Sqrt((Mean * Mean) + (StandardDeviation * StandardDeviation));

    /// <summary>Those of all columns. A column without any finite value is a constant 0.</summary>
    public static ColumnScan[] Of(Matrix matrix) => [.. Enumerable.Range(0, matrix.Columns).Select(column => Of(matrix, column))];

    private static ColumnScan Of(Matrix matrix, int column)
    {
        var finite = new RunningStatistics(Enumerable.Range(0, matrix.Rows).Select(row => (double)matrix[row, column]).Where(double.IsFinite));
        return finite.Count == 0 ? default
            : new ColumnScan(finite.Mean, finite.Count == 1 ? 0 : finite.PopulationStandardDeviation, (float)finite.Minimum, (float)finite.Maximum);
    }
}
