namespace NeuralTrain;

/// <summary>Fits a <see cref="Standardization"/> to data that come in batches.</summary>
public static class StandardizationOfSources
{
    private const int RowsAtATime = 256;

    extension(Standardization)
    {
        /// <summary>The standard score over the inputs of all rows of a source, in one pass over it.</summary>
        /// <param name="data">The training data, never the test data.</param>
        /// <exception cref="ArgumentException">There are no rows, or a value is not finite; the message says which.</exception>
        public static Standardization Fit(BatchSource data) => Measure(data).StandardScore();

        /// <summary>A common range over the inputs of all rows of a source, in one pass over it.</summary>
        /// <param name="data">The training data, never the test data.</param>
        /// <param name="low">The lower bound.</param>
        /// <param name="high">The upper bound, greater than <paramref name="low"/>.</param>
        /// <exception cref="ArgumentException">There are no rows, or a value is not finite; the message says which.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The range is empty or not finite.</exception>
        public static Standardization FitMinMax(BatchSource data, double low, double high) => Measure(data).Range(low, high);
    }

    private static ColumnMoments Measure(BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var moments = new ColumnMoments(data.InputSize);
        using BatchReader reader = data.Read(new BatchPlan(RowsAtATime));
        while (reader.Read()) moments.Add(reader.Inputs);

        return moments;
    }
}
