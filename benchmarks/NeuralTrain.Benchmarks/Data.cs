namespace NeuralTrain.Benchmarks;

/// <summary>Made-up data, the same in every run.</summary>
internal static class Data
{
    /// <summary>Values between −1 and 1.</summary>
    public static Matrix Batch(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var batch = new Matrix(rows, columns);
        foreach (ref float value in batch.Span)
        {
            value = (2 * random.NextSingle()) - 1;
        }

        return batch;
    }

    /// <summary>A class for each row, one-hot; the single column of a regression is left at values between −1 and 1.</summary>
    public static Matrix Targets(int rows, int columns)
    {
        if (columns == 1)
        {
            return Batch(rows, columns, seed: 3);
        }

        var random = new Random(3);
        var targets = new Matrix(rows, columns);
        for (int row = 0; row < rows; row++)
        {
            targets[row, random.Next(columns)] = 1;
        }

        return targets;
    }
}
