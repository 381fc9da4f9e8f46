namespace NeuralTrain;

/// <summary>Rows of a known width in one growing array, which is exactly as long as needed if the number of rows was foreseen.</summary>
internal sealed class CsvRows
{
    private readonly int _width;
    private float[] _values;

    public CsvRows(int width, int expectedRows)
    {
        _width = width;
        _values = new float[Math.Min(Array.MaxLength, (long)width * expectedRows)];
    }

    public int Count { get; private set; }

    /// <summary>The next row, all zeros.</summary>
    public Span<float> Next()
    {
        int start = checked(Count * _width);
        if (start + _width > _values.Length)
        {
            Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(2L * _values.Length, start + (long)_width)));
        }

        Count++;
        return _values.AsSpan(start, _width);
    }

    public Matrix ToMatrix()
    {
        Array.Resize(ref _values, Count * _width);
        return new Matrix(_values, Count, _width);
    }
}
