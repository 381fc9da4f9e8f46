namespace NeuralTrain;

/// <summary>Rows of equal length that come one by one, nobody knows how many.</summary>
internal sealed class RowList
{
    private readonly string _what;
    private float[] _values = [];
    private int _length;
    private int _rows;
    private int _columns;

    /// <param name="what">How messages call the values of a row, as the parameter that gives them.</param>
    public RowList(string what) => _what = what;

    public void Add(float[] row)
    {
        if (row is null || row.Length == 0 || (_rows > 0 && row.Length != _columns))
        {
            string expected = _rows > 0 ? $"{_columns}, as item 0 did" : "at least one";
            throw new ArgumentException(
                $"Item {_rows} gives {(row is null ? "null" : $"{row.Length} values")} for its {_what}, expected {expected}. Give as many for each.", _what);
        }

        _columns = row.Length;
        if (_length + row.Length > _values.Length)
        {
            long larger = Math.Min(Array.MaxLength, Math.Max(2L * _values.Length, 16L * row.Length));
            Matrix.CheckedLength(_rows + 1, _columns);
            Array.Resize(ref _values, (int)larger);
        }

        row.CopyTo(_values, _length);
        _length += row.Length;
        _rows++;
    }

    public Matrix ToMatrix()
    {
        if (_rows == 0)
        {
            throw new ArgumentException("There are no items: a data set needs at least one.", "items");
        }

        Array.Resize(ref _values, _length);
        return new Matrix(_values, _rows, _columns);
    }
}
