using System.Numerics.Tensors;
using System.Text;
using System.Text.Json.Serialization;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// A view of a float array as rows and columns: a row is a sample, a column is a feature. The data type that layers exchange.
/// </summary>
/// <remarks>
/// A matrix is to a <c>float[]</c> what <see cref="Memory{T}"/> is, plus a shape: copying the struct copies a reference, not
/// the values, and <see cref="SliceRows"/> is free. Values lie row by row without gaps. The default value is the empty matrix.
/// </remarks>
[JsonConverter(typeof(MatrixJsonConverter))]
public readonly struct Matrix : IEquatable<Matrix>
{
    private readonly float[]? _values;
    private readonly int _start;

    /// <summary>Creates a matrix of zeros in new memory.</summary>
    /// <param name="rows">Number of rows (samples), 0 or more.</param>
    /// <param name="columns">Number of columns (features), 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the matrix would be too large for one array.</exception>
    public Matrix(int rows, int columns)
    {
        _values = AlignedMemory.Allocate((int)CheckedLength(rows, columns), out _start);
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Views a whole array, row by row, without copying it.</summary>
    /// <param name="values">The values, <c>rows · columns</c> of them.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <exception cref="ArgumentException">The array's length is not <c>rows · columns</c>.</exception>
    public Matrix(float[] values, int rows, int columns)
        : this(values, 0, rows, columns)
    {
        if (values.Length != Rows * Columns) throw WrongLength(values, 0, rows, columns);
    }

    /// <summary>Views a part of an array, row by row, without copying it.</summary>
    /// <param name="values">The array that holds the values.</param>
    /// <param name="start">Index of the first value.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <exception cref="ArgumentException">The part does not lie inside the array.</exception>
    public Matrix(float[] values, int start, int rows, int columns)
        : this(values, start, rows, columns, true)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (start < 0 || start + CheckedLength(rows, columns) > values.Length) throw WrongLength(values, start, rows, columns);
    }

    private static ArgumentException WrongLength(float[] values, int start, int rows, int columns) => new(
        $"A {rows}×{columns} matrix from index {start} needs {(long)rows * columns} values, received an array of {values.Length}. " +
        "Pass one of that length, or the start of a part of a longer one.", nameof(values));

    // For callers that have already checked the part: a slice, a container's buffer.
    private Matrix(float[]? values, int start, int rows, int columns, bool _) => (_values, _start, Rows, Columns) = (values, start, rows, columns);

    /// <summary>A matrix of zeros for long use, placed where the kernels work fastest, at some cost to the garbage collector.</summary>
    internal static Matrix ToKeep(int rows, int columns)
    {
        float[] values = AlignedMemory.AllocateToKeep((int)CheckedLength(rows, columns), out int start);
        return new Matrix(values, start, rows, columns, true);
    }

    /// <summary>The array that this is a view of.</summary>
    internal float[] Memory => _values ?? [];

    /// <summary>The same view of another array.</summary>
    internal Matrix Over(float[] values) => new(values, _start, Rows, Columns);

    /// <summary>Whether the two share values: writing to one changes the other. Only a comparison if they are views of different arrays.</summary>
    internal bool Overlaps(in Matrix other) => ReferenceEquals(_values, other._values)
        && Math.Max(_start, other._start) < Math.Min(_start + (Rows * Columns), other._start + (other.Rows * other.Columns));

    /// <summary>Number of rows: samples of a batch.</summary>
    public int Rows { get; }

    /// <summary>Number of columns: features of a sample.</summary>
    public int Columns { get; }

    /// <summary>Rows and columns as text: <c>4×3</c>.</summary>
    public string Shape => $"{Rows}×{Columns}";

    /// <summary>Whether the matrix holds no value.</summary>
    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>Whether no value is NaN or infinite.</summary>
    internal bool IsFinite => Reduce.AreFinite(Span);

    /// <summary>The position of the first NaN or infinity among values, or −1.</summary>
    internal static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        if (Reduce.AreFinite(values)) return -1;
        int i = 0;
        while (float.IsFinite(values[i])) i++;
        return i;
    }

    /// <summary>A value and its place, as <c>NaN in row 3, column 1</c>.</summary>
    internal string At(int index) => $"{Span[index]} in row {index / Columns}, column {index % Columns}";

    /// <summary>All values, row by row. Writing to the span writes to the matrix.</summary>
    public Span<float> Span => new(_values, _start, Rows * Columns);

    /// <summary>One value, by row and column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row or the column lies outside the matrix.</exception>
    public ref float this[int row, int column]
    {
        get
        {
            if ((uint)column >= (uint)Columns) throw new ArgumentOutOfRangeException(nameof(column), column, $"The column must lie in 0 to {Columns - 1} of this {Shape} matrix.");
            return ref Row(row)[column];
        }
    }

    /// <summary>The values of one row. Writing to the span writes to the matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row lies outside the matrix.</exception>
    public Span<float> Row(int row)
    {
        if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(row), row, $"The row must lie in 0 to {Rows - 1} of this {Shape} matrix.");

        return new Span<float>(_values, _start + (row * Columns), Columns);
    }

    /// <summary>A view of some consecutive rows; nothing is copied.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">The number of rows, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows do not lie inside the matrix.</exception>
    public Matrix SliceRows(int start, int count)
    {
        if (start < 0 || count < 0 || start > Rows - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"{count} rows from row {start} on were requested from a matrix of {Rows} rows; choose a start and a count inside it.");
        }

        return new Matrix(_values, _start + (start * Columns), count, Columns, true);
    }

    /// <summary>Copies all values into another matrix of the same shape.</summary>
    /// <exception cref="ArgumentException">The other matrix has another shape.</exception>
    public void CopyTo(Matrix destination)
    {
        if (destination.Rows != Rows || destination.Columns != Columns)
        {
            throw new ArgumentException($"The destination must be {Shape} like the source, received {destination.Shape}.", nameof(destination));
        }

        Span.CopyTo(destination.Span);
    }

    /// <summary>A copy in new memory.</summary>
    public Matrix Clone()
    {
        var copy = new Matrix(Rows, Columns);
        Span.CopyTo(copy.Span);
        return copy;
    }

    // Conversions from several reference types, so that null alone converts from none of them: with a single one the compiler would read
    // `Matrix? m = condition ? matrix : null` as a conversion of a null array.

    /// <summary>Copies a two-dimensional array; its first index is the row.</summary>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    public static implicit operator Matrix(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var matrix = new Matrix(values.GetLength(0), values.GetLength(1));
        for (int row = 0; row < matrix.Rows; row++)
        {
            Span<float> copy = matrix.Row(row);
            for (int column = 0; column < copy.Length; column++) copy[column] = values[row, column];
        }

        return matrix;
    }

    /// <summary>Copies rows, one array each, all of the same length.</summary>
    /// <exception cref="ArgumentNullException">The array, or one of its rows, is null.</exception>
    /// <exception cref="ArgumentException">A row is longer or shorter than the first.</exception>
    public static implicit operator Matrix(float[][] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var matrix = new Matrix(rows.Length, rows.FirstOrDefault()?.Length ?? 0);
        for (int row = 0; row < rows.Length; row++)
        {
            ArgumentNullException.ThrowIfNull(rows[row], nameof(rows));
            if (rows[row].Length != matrix.Columns)
            {
                throw new ArgumentException($"Each row must have {matrix.Columns} values as row 0 has, received {rows[row].Length} in row {row}.", nameof(rows));
            }

            rows[row].CopyTo(matrix.Row(row));
        }

        return matrix;
    }

    /// <summary>Copies one sample: the array becomes a matrix of one row.</summary>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    public static implicit operator Matrix(float[] row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var matrix = new Matrix(1, row.Length);
        row.CopyTo(matrix.Span);
        return matrix;
    }

    /// <summary>Copies a tensor of two dimensions; the first is the row.</summary>
    /// <exception cref="ArgumentException">The tensor does not have exactly two dimensions.</exception>
    public static Matrix From(in ReadOnlyTensorSpan<float> values)
    {
        if (values.Rank != 2)
        {
            throw new ArgumentException($"A matrix needs a tensor of 2 dimensions (rows, columns), received one of {values.Rank}. Reshape it first.", nameof(values));
        }

        var matrix = new Matrix(checked((int)values.Lengths[0]), checked((int)values.Lengths[1]));
        if (!matrix.IsEmpty) values.FlattenTo(matrix.Span);
        return matrix;
    }

    /// <summary>Copies a matrix of MathNet.Numerics, whatever its storage.</summary>
    public static Matrix From(MathNet.Numerics.LinearAlgebra.Matrix<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Matrix(values.ToRowMajorArray(), values.RowCount, values.ColumnCount);
    }

    /// <summary>The values as a new two-dimensional array; its first index is the row.</summary>
    public float[,] ToArray()
    {
        var array = new float[Rows, Columns];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++) array[row, column] = Row(row)[column];
        }

        return array;
    }

    /// <summary>The values as a new tensor of two dimensions, rows and columns.</summary>
    public Tensor<float> ToTensor() => Tensor.Create(Span.ToArray(), [Rows, Columns]);

    /// <summary>The values as a new dense matrix of MathNet.Numerics.</summary>
    /// <exception cref="InvalidOperationException">The matrix is empty: MathNet.Numerics does not support empty matrices.</exception>
    public MathNet.Numerics.LinearAlgebra.Matrix<float> ToMathNet() => IsEmpty
        ? throw new InvalidOperationException($"MathNet.Numerics has no empty matrices, and this one is {Shape}. Check IsEmpty before converting.")
        : MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfRowMajor(Rows, Columns, Span.ToArray());

    /// <summary>Whether both are views of the very same values: the same array, start and shape. Values are not compared.</summary>
    public bool Equals(Matrix other) =>
        ReferenceEquals(_values, other._values) && _start == other._start && Rows == other.Rows && Columns == other.Columns;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Matrix other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_values, _start, Rows, Columns);

    /// <summary>Whether both are views of the very same values.</summary>
    public static bool operator ==(Matrix left, Matrix right) => left.Equals(right);

    /// <summary>Whether the two are views of different values.</summary>
    public static bool operator !=(Matrix left, Matrix right) => !left.Equals(right);

    /// <summary>The shape, then the first 8 rows with their first 8 values, a line each, the same in every culture.</summary>
    public override string ToString()
    {
        const int Most = 8;
        var text = new StringBuilder(Shape);
        string[][] cells = new string[Math.Min(Rows, Most)][];
        for (int row = 0; row < cells.Length; row++)
        {
            cells[row] = Array.ConvertAll(Row(row)[..Math.Min(Columns, Most)].ToArray(), value => $"{value:G5}");
        }

        int width = cells.SelectMany(row => row).Select(cell => cell.Length).DefaultIfEmpty().Max();
        foreach (string[] row in cells) text.Append('\n').AppendJoin(' ', row.Select(cell => cell.PadLeft(width))).Append(Columns > Most ? " …" : "");

        return text.Append(Rows > Most ? "\n…" : "").ToString();
    }

    /// <summary>The number of values of a shape, or an exception that says why it cannot be.</summary>
    internal static long CheckedLength(int rows, int columns)
    {
        long length = (long)Guard.AtLeast(rows, 0, nameof(rows), "it is a number of samples") * Guard.AtLeast(columns, 0, nameof(columns), "it is a number of features");
        return length <= Array.MaxLength
            ? length
            : throw new ArgumentOutOfRangeException(
                nameof(rows), $"A {rows}×{columns} matrix has {length} values; one matrix holds at most {Array.MaxLength}. Use fewer rows, such as batches of the data.");
    }
}
