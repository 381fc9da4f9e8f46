namespace NeuralTrain;

/// <summary>
/// Mean, deviation and range of each column, measured row by row in double, so that rows may come in batches of any size (Welford's
/// recurrence: it loses nothing where the mean is large beside the deviation).
/// </summary>
internal sealed class ColumnMoments
{
    private const int RowsAtATime = 256;

    private readonly double[] _mean;
    private readonly double[] _squares;
    private readonly float[] _least;
    private readonly float[] _greatest;
    private long _rows;

    private ColumnMoments(int columns)
    {
        _mean = new double[columns];
        _squares = new double[columns];
        _least = new float[columns];
        _greatest = new float[columns];
        Array.Fill(_least, float.PositiveInfinity);
        Array.Fill(_greatest, float.NegativeInfinity);
    }

    public static ColumnMoments Of(Matrix data)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException($"A normalisation is fitted on at least one row and one column, received a {data.Shape} matrix.", nameof(data));
        }

        var statistics = new ColumnMoments(data.Columns);
        statistics.Add(data);
        return statistics;
    }

    public static ColumnMoments Of(BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var statistics = new ColumnMoments(data.InputSize);
        using BatchReader reader = data.Read(new BatchPlan(RowsAtATime));
        while (reader.Read())
        {
            statistics.Add(reader.Inputs);
        }

        return statistics._rows > 0
            ? statistics
            : throw new ArgumentException("A normalisation is fitted on at least one row, and the source gave none.", nameof(data));
    }

    public Standardization StandardScore()
    {
        var layer = new Standardization(_mean.Length);
        for (int i = 0; i < _mean.Length; i++)
        {
            Set(layer, i, _mean[i], Math.Sqrt(_squares[i] / _rows));
        }

        return layer;
    }

    public Standardization Range(double low, double high)
    {
        if (!(double.IsFinite(low) && double.IsFinite(high) && low < high))
        {
            throw new ArgumentOutOfRangeException(
                nameof(high), high, $"The range must go from a finite number up to a greater one, received [{low}, {high}]; [0, 1] and [-1, 1] are usual.");
        }

        var layer = new Standardization(_mean.Length);
        for (int i = 0; i < _mean.Length; i++)
        {
            double scale = ((double)_greatest[i] - _least[i]) / (high - low);
            scale = (float)scale == 0 ? 1 : scale;
            Set(layer, i, _least[i] - (low * scale), scale);
        }

        return layer;
    }

    private static void Set(Standardization layer, int column, double shift, double scale)
    {
        if (!float.IsFinite((float)scale) || !float.IsFinite((float)shift))
        {
            throw new ArgumentException(
                $"Column {column} needs the shift {shift} and the scale {scale}, which are beyond what a float holds. Bring its values to another unit first.", nameof(column));
        }

        layer.Shift.Value.Span[column] = (float)shift;
        layer.Scale.Value.Span[column] = (float)scale == 0 ? 1 : (float)scale;
    }

    private void Add(Matrix rows)
    {
        for (int row = 0; row < rows.Rows; row++)
        {
            _rows++;
            double share = 1.0 / _rows;
            ReadOnlySpan<float> values = rows.Row(row);
            for (int i = 0; i < values.Length; i++)
            {
                float value = values[i];
                if (!float.IsFinite(value))
                {
                    throw new ArgumentException(
                        $"A normalisation is fitted on finite numbers, received {value} in row {_rows - 1}, column {i}. Correct the data, or leave the row out.", nameof(rows));
                }

                double distance = value - _mean[i];
                _mean[i] += distance * share;
                _squares[i] += distance * (value - _mean[i]);
                _least[i] = Math.Min(_least[i], value);
                _greatest[i] = Math.Max(_greatest[i], value);
            }
        }
    }
}
