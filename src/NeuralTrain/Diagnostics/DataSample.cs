namespace NeuralTrain;

/// <summary>Some rows of a source, copied: enough to judge the data by, and few however many there are.</summary>
internal sealed class DataSample
{
    /// <summary>Rows at most.</summary>
    public const int MostRows = 10_000;

    /// <summary>Values of inputs and targets at most, unless a single row has more.</summary>
    public const int MostValues = 4_000_000;

    private DataSample(Matrix inputs, Matrix targets, float[] weights) => (Inputs, Targets, Weights) = (inputs, targets, weights);

    public Matrix Inputs { get; }

    public Matrix Targets { get; }

    /// <summary>How much each row counts; empty if all count the same.</summary>
    public float[] Weights { get; }

    /// <summary>Rows spread evenly over a data set, or the first ones of another source.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static DataSample Of(BatchSource data, int mostRows = MostRows)
    {
        int most = (int)Math.Clamp(MostValues / Math.Max((long)data.InputSize + data.TargetSize, 1), 1, mostRows);
        return data is Dataset set ? Spread(set.Inputs, set.Targets, set.SampleWeights, most) : First(data, most);
    }

    /// <summary>Fewer rows, spread evenly over these.</summary>
    public DataSample Fewer(int rows) => rows >= Inputs.Rows ? this : Spread(Inputs, Targets, Weights, rows);

    private static DataSample Spread(Matrix inputs, Matrix targets, ReadOnlySpan<float> weights, int most)
    {
        int rows = Math.Min(most, inputs.Rows);
        var sample = new DataSample(new Matrix(rows, inputs.Columns), new Matrix(rows, targets.Columns), new float[weights.IsEmpty ? 0 : rows]);
        for (int i = 0; i < rows; i++)
        {
            int row = (int)((long)i * inputs.Rows / rows);
            inputs.Row(row).CopyTo(sample.Inputs.Row(i));
            targets.Row(row).CopyTo(sample.Targets.Row(i));
            if (!weights.IsEmpty)
            {
                sample.Weights[i] = weights[row];
            }
        }

        return sample;
    }

    private static DataSample First(BatchSource data, int most)
    {
        var inputs = new List<float>();
        var targets = new List<float>();
        var weights = new List<float>();
        int rows = 0;
        using BatchReader reader = data.Read(new BatchPlan(Math.Min(most, 256)));
        while (rows < most && reader.Read())
        {
            int taken = Math.Min(most - rows, reader.Inputs.Rows);
            inputs.AddRange(reader.Inputs.SliceRows(0, taken).Span);
            targets.AddRange(reader.Targets.SliceRows(0, taken).Span);
            weights.AddRange(reader.SampleWeights[..Math.Min(taken, reader.SampleWeights.Length)]);
            rows += taken;
        }

        return rows > 0
            ? new DataSample(new Matrix([.. inputs], rows, data.InputSize), new Matrix([.. targets], rows, data.TargetSize), [.. weights])
            : throw new ArgumentException("The data have no rows: a pass over them gave no batch. Pass a source with at least one row.", nameof(data));
    }
}
