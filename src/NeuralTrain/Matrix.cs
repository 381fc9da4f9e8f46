using System.Numerics.Tensors;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// A view of a float array as rows and columns: a row is a sample, a column is a feature. It is what passes between layers.
/// </summary>
/// <remarks>
/// To <c>float[]</c> a matrix is what <see cref="Memory{T}"/> is, plus a shape: copying the struct copies a reference, not
/// the values, and <see cref="SliceRows"/> is free. Values lie row by row without gaps. The default value is the empty matrix.
/// </remarks>
public readonly struct Matrix : IEquatable<Matrix>
{
    private readonly float[]? _values;
    private readonly int _start;

    /// <summary>Creates a matrix of zeros with memory of its own.</summary>
    /// <param name="rows">Number of rows (samples), 0 or more.</param>
    /// <param name="columns">Number of columns (features), 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the matrix would be too large for one array.</exception>
    public Matrix(int rows, int columns)
    {
        _values = AlignedMemory.Allocate((int)CheckedLength(rows, columns), out _start);
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Views a whole array, row by row, without copying it.</summary>
    /// <param name="values">The values, <c>rows · columns</c> of them.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <exception cref="ArgumentException">The array's length is not <c>rows · columns</c>.</exception>
    public Matrix(float[] values, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(values);
        long length = CheckedLength(rows, columns);
        if (values.Length != length)
        {
            throw new ArgumentException(
                $"A {rows}×{columns} matrix needs {length} values, received an array of {values.Length}. " +
                "Pass an array of that length, or use the constructor with a start to view a part of a longer one.",
                nameof(values));
        }

        _values = values;
        _start = 0;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Views a part of an array, row by row, without copying it.</summary>
    /// <param name="values">The array that holds the values.</param>
    /// <param name="start">Index of the first value.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <exception cref="ArgumentException">The part does not lie inside the array.</exception>
    public Matrix(float[] values, int start, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(values);
        long length = CheckedLength(rows, columns);
        if (start < 0 || start + length > values.Length)
        {
            throw new ArgumentException(
                $"A {rows}×{columns} matrix from index {start} needs the values {start} to {start + length - 1}, " +
                $"received an array of {values.Length}. Pass a longer array or a smaller shape.",
                nameof(values));
        }

        _values = values;
        _start = start;
        Rows = rows;
        Columns = columns;
    }

    // For callers that have checked the part already: a slice, a container's buffer.
    private Matrix(float[]? values, int start, int rows, int columns, bool _)
    {
        _values = values;
        _start = start;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>A matrix of zeros for long: where the kernels like it best, at a price the collector pays.</summary>
    internal static Matrix ToKeep(int rows, int columns)
    {
        float[] values = AlignedMemory.AllocateToKeep((int)CheckedLength(rows, columns), out int start);
        return new Matrix(values, start, rows, columns, true);
    }

    /// <summary>Number of rows: samples of a batch.</summary>
    public int Rows { get; }

    /// <summary>Number of columns: features of a sample.</summary>
    public int Columns { get; }

    /// <summary>Whether the matrix holds no value.</summary>
    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>All values, row by row. Writing to the span writes to the matrix.</summary>
    public Span<float> Span => new(_values, _start, Rows * Columns);

    /// <summary>One value, by row and column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row or the column lies outside the matrix.</exception>
    public ref float this[int row, int column]
    {
        get
        {
            if ((uint)column >= (uint)Columns)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(column), column, $"The column must lie in 0 to {Columns - 1} of this {Rows}×{Columns} matrix.");
            }

            return ref Row(row)[column];
        }
    }

    /// <summary>The values of one row. Writing to the span writes to the matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row lies outside the matrix.</exception>
    public Span<float> Row(int row)
    {
        if ((uint)row >= (uint)Rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(row), row, $"The row must lie in 0 to {Rows - 1} of this {Rows}×{Columns} matrix.");
        }

        return new Span<float>(_values, _start + (row * Columns), Columns);
    }

    /// <summary>A view of some consecutive rows; nothing is copied.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows do not lie inside the matrix.</exception>
    public Matrix SliceRows(int start, int count)
    {
        if (start < 0 || count < 0 || start > Rows - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"{count} rows from row {start} were asked of a matrix of {Rows} rows; " +
                "choose a start and a count inside it.");
        }

        return new Matrix(_values, _start + (start * Columns), count, Columns, true);
    }

    /// <summary>Copies all values into another matrix of the same shape.</summary>
    /// <exception cref="ArgumentException">The other matrix has another shape.</exception>
    public void CopyTo(Matrix destination)
    {
        if (destination.Rows != Rows || destination.Columns != Columns)
        {
            throw new ArgumentException(
                $"The destination must be {Rows}×{Columns} as the source is, received {destination}.", nameof(destination));
        }

        Span.CopyTo(destination.Span);
    }

    /// <summary>A copy with memory of its own.</summary>
    public Matrix Clone()
    {
        var copy = new Matrix(Rows, Columns);
        Span.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Copies a two-dimensional array; its first index is the row.</summary>
    public static implicit operator Matrix(float[,] values) => From(values);

    /// <summary>Copies a two-dimensional array; its first index is the row.</summary>
    public static Matrix From(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var matrix = new Matrix(values.GetLength(0), values.GetLength(1));
        for (int row = 0, i = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++, i++)
            {
                matrix._values![matrix._start + i] = values[row, column];
            }
        }

        return matrix;
    }

    /// <summary>Copies a tensor of two dimensions; the first is the row.</summary>
    /// <exception cref="ArgumentException">The tensor has not exactly two dimensions.</exception>
    public static Matrix From(in ReadOnlyTensorSpan<float> values)
    {
        if (values.Rank != 2)
        {
            throw new ArgumentException(
                $"A matrix needs a tensor of 2 dimensions (rows, columns), received one of {values.Rank}. Reshape it first.",
                nameof(values));
        }

        var matrix = new Matrix(checked((int)values.Lengths[0]), checked((int)values.Lengths[1]));
        if (!matrix.IsEmpty)
        {
            values.FlattenTo(matrix.Span);
        }

        return matrix;
    }

    /// <summary>Copies a tensor of two dimensions; the first is the row.</summary>
    /// <exception cref="ArgumentException">The tensor has not exactly two dimensions.</exception>
    public static Matrix From(Tensor<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From(values.AsReadOnlyTensorSpan());
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
        ReadOnlySpan<float> span = Span;
        for (int row = 0, i = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++, i++)
            {
                array[row, column] = span[i];
            }
        }

        return array;
    }

    /// <summary>The values as a new tensor of two dimensions, rows and columns.</summary>
    public Tensor<float> ToTensor() => Tensor.Create(Span.ToArray(), [Rows, Columns]);

    /// <summary>The values as a new dense matrix of MathNet.Numerics.</summary>
    /// <exception cref="InvalidOperationException">The matrix is empty: MathNet.Numerics knows no empty matrices.</exception>
    public MathNet.Numerics.LinearAlgebra.Matrix<float> ToMathNet() => IsEmpty
        ? throw new InvalidOperationException(
            $"MathNet.Numerics has no empty matrices, and this one is {this}. Check IsEmpty before converting.")
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

    /// <summary>The shape, as <c>4×3</c>.</summary>
    public override string ToString() => $"{Rows}×{Columns}";

    /// <summary>The number of values of a shape, or a clear refusal.</summary>
    internal static long CheckedLength(int rows, int columns)
    {
        if (rows < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(rows), rows, "The number of rows must be 0 or more.");
        }

        if (columns < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "The number of columns must be 0 or more.");
        }

        long length = (long)rows * columns;
        if (length > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rows), $"A {rows}×{columns} matrix has {length} values; one matrix holds at most {Array.MaxLength}. " +
                "Make it smaller; data can be worked on in batches of fewer rows.");
        }

        return length;
    }
}
