namespace NeuralTrain;

/// <summary>Some rows of a source, copied: a bounded sample that represents the data.</summary>
internal static class DataSample
{
    /// <summary>Rows at most.</summary>
    public const int MostRows = 10_000;

    /// <summary>Values of inputs and targets at most, unless a single row has more.</summary>
    public const int MostValues = 4_000_000;

    /// <summary>Rows that are read or predicted at once.</summary>
    public const int BlockRows = 512;

    /// <summary>Rows spread evenly over a data set, or the first ones of another source.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Dataset Of(BatchSource data, int mostRows = MostRows)
    {
        int most = (int)Math.Clamp(MostValues / Math.Max((long)data.InputSize + data.TargetSize, 1), 1, mostRows);
        return data is not Dataset set ? First(data, most)
            : most >= set.Count ? set : set.Select([.. Enumerable.Range(0, most).Select(i => (int)((long)i * set.Count / most))]);
    }

    private static Dataset First(BatchSource data, int most)
    {
        List<float> inputs = [], targets = [], weights = [];
        int rows = 0;
        using BatchReader reader = data.Read(new BatchPlan(Math.Min(most, BlockRows)));
        while (rows < most && reader.Read())
        {
            int taken = Math.Min(most - rows, reader.Inputs.Rows);
            inputs.AddRange(reader.Inputs.SliceRows(0, taken).Span);
            targets.AddRange(reader.Targets.SliceRows(0, taken).Span);
            weights.AddRange(reader.SampleWeights[..Math.Min(taken, reader.SampleWeights.Length)]);
            rows += taken;
        }

        return rows > 0
            ? new Dataset(new Matrix([.. inputs], rows, data.InputSize), new Matrix([.. targets], rows, data.TargetSize), data.InputNames, data.TargetNames, data.Classes, [.. weights])
            : throw DataShape.NoRows("data");
    }
}
