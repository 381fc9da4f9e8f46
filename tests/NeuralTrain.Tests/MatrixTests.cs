using System.Globalization;
using System.Numerics.Tensors;

namespace NeuralTrain.Tests;

public sealed class MatrixTests
{
    [Fact]
    public void A_matrix_of_a_two_dimensional_array_has_its_rows_and_columns()
    {
        Matrix matrix = new float[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        (matrix.Rows, matrix.Columns).Should().Be((2, 3));
        matrix.Span.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        matrix[1, 2].Should().Be(6);
        matrix.ToArray().Should().BeEquivalentTo(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
    }

    [Fact]
    public void Copying_a_matrix_copies_the_view_and_not_the_values()
    {
        var matrix = new Matrix(2, 2);
        Matrix same = matrix;
        same[0, 1] = 7;
        matrix[0, 1].Should().Be(7);
        (matrix == same).Should().BeTrue();
    }

    [Fact]
    public void A_clone_has_values_of_its_own()
    {
        Matrix matrix = new float[,] { { 1, 2 } };
        Matrix clone = matrix.Clone();
        clone[0, 0] = 9;
        matrix[0, 0].Should().Be(1);
        (clone != matrix).Should().BeTrue();
    }

    [Fact]
    public void Views_are_equal_if_they_show_the_very_same_values()
    {
        Matrix matrix = new float[,] { { 1, 2 }, { 1, 2 } };
        (matrix.SliceRows(0, 1) == matrix.SliceRows(0, 1)).Should().BeTrue();
        (matrix.SliceRows(0, 1) == matrix.SliceRows(1, 1)).Should().BeFalse("equal values in other places are another view");
        (matrix.SliceRows(0, 1) == matrix).Should().BeFalse();
        matrix.Equals((object)matrix.SliceRows(0, 2)).Should().BeTrue();
    }

    [Fact]
    public void Slicing_rows_views_the_same_values()
    {
        Matrix matrix = new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } };
        Matrix rows = matrix.SliceRows(1, 2);
        rows.Span.ToArray().Should().Equal(3, 4, 5, 6);
        rows[0, 0] = 30;
        matrix[1, 0].Should().Be(30);
        rows.SliceRows(1, 1).Row(0).ToArray().Should().Equal(5, 6);
        matrix.SliceRows(3, 0).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Two_views_overlap_where_they_show_a_value_both()
    {
        float[] values = new float[6];
        for (int code = 0; code < 7 * 4 * 7 * 4; code++)
        {
            (int start, int length, int other, int otherLength) = (code % 7, code / 7 % 4, code / 28 % 7, code / 196);
            if (start + length > 6 || other + otherLength > 6) continue;
            bool expected = Enumerable.Range(start, length).Intersect(Enumerable.Range(other, otherLength)).Any();
            new Matrix(values, start, 1, length).Overlaps(new Matrix(values, other, otherLength, 1)).Should().Be(expected, $"{start} + {length}, {other} + {otherLength}");
            new Matrix(values, start, 1, length).Overlaps(new Matrix(new float[6], other, otherLength, 1)).Should().BeFalse();
        }

        default(Matrix).Overlaps(default).Should().BeFalse();
    }

    [Fact]
    public void An_array_is_viewed_without_a_copy()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        new Matrix(values, 3, 2)[2, 0].Should().Be(5);
        var part = new Matrix(values, start: 1, rows: 2, columns: 2);
        part[1, 1] = 50;
        values[4].Should().Be(50);
    }

    [Fact]
    public void A_matrix_converts_from_and_to_a_tensor()
    {
        Tensor<float> tensor = Tensor.Create(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        Matrix matrix = Matrix.From(tensor);
        matrix.ToArray().Should().BeEquivalentTo(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Tensor<float> back = matrix.ToTensor();
        back.Lengths.ToArray().Should().Equal(2, 3);
        back[1, 0].Should().Be(4);
        Matrix.From(tensor.AsReadOnlyTensorSpan().Slice(0..2, 1..3)).Span.ToArray().Should().Equal(2, 3, 5, 6);
    }

    [Fact]
    public void A_matrix_converts_from_and_to_MathNet()
    {
        Matrix matrix = new float[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        MathNet.Numerics.LinearAlgebra.Matrix<float> mathNet = matrix.ToMathNet();
        (mathNet.RowCount, mathNet.ColumnCount, mathNet[1, 0]).Should().Be((2, 3, 4));
        Matrix.From(mathNet.Transpose()).ToArray().Should().BeEquivalentTo(new float[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } });
    }

    [Fact]
    public void The_default_matrix_is_empty()
    {
        Matrix matrix = default;
        matrix.IsEmpty.Should().BeTrue();
        matrix.Span.Length.Should().Be(0);
        matrix.ToString().Should().Be("0×0");
        matrix.Shape.Should().Be("0×0");
    }

    [Fact]
    public void A_matrix_prints_its_shape_and_its_numbers_the_same_in_every_culture()
    {
        Matrix matrix = new float[,] { { 0.5f, -1 }, { 10, 1e-7f } };
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            matrix.ToString().Should().Be("2×2\n  0.5    -1\n   10 1E-07");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        new Matrix(9, 1).ToString().Should().Be("9×1" + string.Concat(Enumerable.Repeat("\n0", 8)) + "\n…");
        new Matrix(1, 9).ToString().Should().Be("1×9\n0 0 0 0 0 0 0 0 …");
        new Matrix(3, 0).ToString().Should().StartWith("3×0");
    }

    [Fact]
    public void Rows_as_arrays_and_one_sample_convert_to_a_matrix_of_their_own()
    {
        float[][] rows = [[1, 2], [3, 4]];
        float[] sample = [5, 6];
        Matrix matrix = rows, one = sample;
        matrix.ToArray().Should().BeEquivalentTo(new float[,] { { 1, 2 }, { 3, 4 } });
        one.ToArray().Should().BeEquivalentTo(new float[,] { { 5, 6 } });
        (rows[0][0], sample[0]) = (9, 9);
        (matrix[0, 0], one[0, 0]).Should().Be((1, 5));
        ((Action)(() => _ = (Matrix)new float[][] { [1, 2], [3] })).Should().Throw<ArgumentException>().WithMessage("Each row must have 2 values as row 0 has, received 1 in row 1.*");
        ((Matrix)Array.Empty<float[]>()).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Nothing_converts_from_null()
    {
        ((Action)(() => _ = (Matrix)(float[,])null!)).Should().Throw<ArgumentNullException>();
        ((Action)(() => _ = (Matrix)(float[][])null!)).Should().Throw<ArgumentNullException>();
        ((Action)(() => _ = (Matrix)(float[])null!)).Should().Throw<ArgumentNullException>();
        ((Action)(() => _ = (Matrix)new float[][] { null! })).Should().Throw<ArgumentNullException>();

        // With one such operator alone `Matrix? m = condition ? matrix : null` would compile and throw; with several the compiler refuses it.
        typeof(Matrix).GetMethods().Count(method => method.Name == "op_Implicit" && method.ReturnType == typeof(Matrix) && method.GetParameters()[0].ParameterType.IsClass)
            .Should().BeGreaterThan(1);
        bool condition = DateTime.Now.Year < 0;
        Matrix? nothing = condition ? new Matrix(1, 1) : (Matrix?)null, alsoNothing = null;
        (nothing, alsoNothing).Should().Be((null, null));
    }

    [Fact]
    public void Copying_to_another_shape_is_refused()
    {
        Action copy = () => new Matrix(2, 3).CopyTo(new Matrix(3, 2));
        copy.Should().Throw<ArgumentException>().WithMessage("*must be 2×3*received 3×2*");
    }

    [Theory]
    [InlineData(-1, 2, "rows")]
    [InlineData(2, -1, "columns")]
    public void A_negative_size_is_refused(int rows, int columns, string name)
    {
        Action create = () => _ = new Matrix(rows, columns);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*must be 0 or more*-1*").WithParameterName(name);
    }

    [Fact]
    public void A_matrix_too_large_for_an_array_is_refused()
    {
        Action create = () => _ = new Matrix(100_000, 100_000);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*10000000000 values*batches*");
    }

    [Fact]
    public void An_array_of_the_wrong_length_is_refused()
    {
        Action whole = () => _ = new Matrix(new float[5], 2, 3);
        whole.Should().Throw<ArgumentException>().WithMessage("*2×3*6 values*array of 5*");
        Action part = () => _ = new Matrix(new float[6], 1, 2, 3);
        part.Should().Throw<ArgumentException>().WithMessage("*from index 1*array of 6*");
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void An_index_outside_is_refused(int row, int column)
    {
        var matrix = new Matrix(2, 3);
        Action read = () => _ = matrix[row, column];
        read.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*of this 2×3 matrix*");
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 3)]
    [InlineData(2, 1)]
    [InlineData(1, -1)]
    [InlineData(1, int.MaxValue)]
    public void A_slice_outside_is_refused(int start, int count)
    {
        var matrix = new Matrix(2, 3);
        Action slice = () => _ = matrix.SliceRows(start, count);
        slice.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*matrix of 2 rows*");
    }

    [Fact]
    public void A_tensor_of_other_than_two_dimensions_is_refused()
    {
        Action convert = () => Matrix.From(Tensor.Create(new float[8], [2, 2, 2]));
        convert.Should().Throw<ArgumentException>().WithMessage("*2 dimensions*received one of 3*");
    }

    [Fact]
    public void An_empty_matrix_does_not_convert_to_MathNet()
    {
        Action convert = () => new Matrix(0, 3).ToMathNet();
        convert.Should().Throw<InvalidOperationException>().WithMessage("*0×3*");
    }
}
