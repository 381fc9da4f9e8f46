using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>Sums: every element once, nothing outside read, accumulated in double.</summary>
public sealed class ReduceTests
{
    private const int MaxLength = 257;

    private static readonly float[] X = Guarded.Random(MaxLength, 11);
    private static readonly float[] Y = Guarded.Random(MaxLength, 12);
    private static readonly float[] Z = Guarded.Random(MaxLength, 13);
    private static readonly float[] W = Guarded.Random(MaxLength, 14);

    [Fact]
    public void Sums_hold_every_element_once_at_every_length()
    {
        for (int n = 0; n <= MaxLength; n++)
        {
            Span<float> x = new Guarded(X.AsSpan(0, n)).Span;
            Span<float> y = new Guarded(Y.AsSpan(0, n)).Span;
            Reduce.Sum(x, default(TestFormulas.Count)).Should().Be(n);
            Reduce.Sum(x, y, default(TestFormulas.Count)).Should().Be(n);

            // Products are rounded to float as the formula says; only their sum is in double.
            double itself = 0;
            double product = 0;
            for (int i = 0; i < n; i++)
            {
                itself += X[i];
                product += X[i] * Y[i];
            }

            Reduce.Sum(x, default(Itself)).Should().BeApproximately(itself, 1e-12);
            Reduce.Sum(x, y, default(Product)).Should().BeApproximately(product, 1e-12);
        }
    }

    [Fact]
    public void A_value_that_is_not_finite_is_found_at_every_place_of_every_length()
    {
        for (int n = 0; n <= MaxLength; n++)
        {
            // What lies around is NaN.
            Span<float> x = new Guarded(X.AsSpan(0, n)).Span;
            Reduce.AreFinite(x).Should().BeTrue();
            for (int i = 0; i < n; i++)
            {
                float value = x[i];
                foreach (float finite in (ReadOnlySpan<float>)[float.MaxValue, -float.MaxValue, -0f, float.Epsilon])
                {
                    x[i] = finite;
                    if (!Reduce.AreFinite(x)) Assert.Fail($"{finite} at {i} of {n}");
                }

                foreach (float wrong in (ReadOnlySpan<float>)[float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    x[i] = wrong;
                    if (Reduce.AreFinite(x)) Assert.Fail($"{wrong} at {i} of {n}");
                }

                x[i] = value;
            }
        }
    }

    [Fact]
    public void Sums_are_accumulated_in_double()
    {
        var values = new float[100_001];
        Array.Fill(values, 1f);
        values[0] = 1e9f;
        values[100_000] = -1e9f;

        // In float each 1 would vanish beside 10⁹.
        Reduce.Sum(values, default(Itself)).Should().Be(99_999);
    }

    [Fact]
    public void A_loss_is_summed_and_its_gradient_written_at_every_length()
    {
        for (int n = 0; n <= MaxLength; n++)
        {
            var gradient = new Guarded(n);
            var weighted = new Guarded(n);
            Span<float> x = new Guarded(X.AsSpan(0, n)).Span;
            Span<float> y = new Guarded(Y.AsSpan(0, n)).Span;
            Span<float> z = new Guarded(Z.AsSpan(0, n)).Span;
            double sum = Reduce.SumLoss(x, y, [], gradient.Span, 0.5f, default(TestFormulas.Loss));
            double weightedSum = Reduce.SumLoss(x, y, z, weighted.Span, 0.5f, default(TestFormulas.Loss));
            Reduce.SumLoss(x, y, [], [], 0.5f, default(TestFormulas.Loss)).Should().Be(sum);
            Reduce.SumLoss(x, y, z, [], 0.5f, default(TestFormulas.Loss)).Should().Be(weightedSum);
            double expected = 0;
            double weightedExpected = 0;
            for (int i = 0; i < n; i++)
            {
                float error = X[i] - Y[i];
                expected += (error * error) + 1;
                weightedExpected += Z[i] * ((error * error) + 1);
                gradient.Span[i].Should().Be(error);
                weighted.Span[i].Should().Be(0.5f * Z[i] * (2 * error));
            }

            sum.Should().BeApproximately(expected, 1e-11);
            weightedSum.Should().BeApproximately(weightedExpected, 1e-11);
            gradient.ShouldBeUntouchedOutside();
            weighted.ShouldBeUntouchedOutside();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Column_sums_are_added_to_what_is_there(int rows)
    {
        for (int columns = 0; columns <= MaxLength / Math.Max(rows, 1); columns++)
        {
            int n = rows * columns;
            float[] x = new Guarded(X.AsSpan(0, n)).Span.ToArray();
            float[] y = Y.AsSpan(0, n).ToArray();
            float[] a = Z.AsSpan(0, columns).ToArray();
            float[] b = W.AsSpan(0, columns).ToArray();
            CheckColumns(rows, columns, s => Reduce.AddColumnSums(x, s, default(Itself)),
                s => Reduce.AddColumnSums(x, s, default(Itself)), (i, c) => x[i]);
            CheckColumns(rows, columns, s => Reduce.AddColumnSums(x, new Whole(y), s, default(Product)),
                s => Reduce.AddColumnSums(x, new Whole(y), s, default(Product)), (i, c) => x[i] * y[i]);
            CheckColumns(rows, columns, s => Reduce.AddColumnSums(x, new PerColumn(a), s, default(Product)),
                s => Reduce.AddColumnSums(x, new PerColumn(a), s, default(Product)), (i, c) => x[i] * a[c]);
            CheckColumns(rows, columns, s => Reduce.AddColumnSums(x, new Whole(y), new PerColumn(a), s, default(TestFormulas.Three)),
                s => Reduce.AddColumnSums(x, new Whole(y), new PerColumn(a), s, default(TestFormulas.Three)),
                (i, c) => x[i] > y[i] ? Math.Exp(a[c]) - 1 : x[i] - (3 * a[c]));
            CheckColumns(rows, columns, s => Reduce.AddColumnSums(x, new Whole(y), new PerColumn(a), new PerColumn(b), s, default(TestFormulas.Four)),
                s => Reduce.AddColumnSums(x, new Whole(y), new PerColumn(a), new PerColumn(b), s, default(TestFormulas.Four)),
                (i, c) => (x[i] * a[c]) + (y[i] / (1 + Math.Abs(b[c]))));
        }
    }

    [Fact]
    public void Column_sums_wider_than_a_block_are_right_too()
    {
        const int rows = 3;
        const int columns = 1000;
        float[] x = Guarded.Random(rows * columns, 5);
        var sums = new Guarded(columns);
        Reduce.AddColumnSums(x, sums.Span, default(Itself));
        for (int c = 0; c < columns; c++)
        {
            double expected = (double)x[c] + x[columns + c] + x[(2 * columns) + c];
            sums.Span[c].Should().Be((float)expected);
        }

        sums.ShouldBeUntouchedOutside();
    }

    [Fact]
    public void Column_sums_are_accumulated_in_double_even_into_floats()
    {
        var x = new float[3 * 10_000];
        Array.Fill(x, 1f);
        x[1] = 1e9f;
        x[^2] = -1e9f;
        var sums = new float[3];
        Reduce.AddColumnSums(x, sums.AsSpan(), default(Itself));
        sums.Should().Equal(10_000, 9_998, 10_000);
    }

    private static void CheckColumns(
        int rows, int columns, DoubleAction inDouble, FloatAction inFloat, Func<int, int, double> formula)
    {
        var sums = new double[columns + 2];
        Array.Fill(sums, 0.5);
        var floats = new Guarded(columns);
        floats.Span.Fill(0.5f);
        inDouble(sums.AsSpan(1, columns));
        inFloat(floats.Span);
        for (int c = 0; c < columns; c++)
        {
            double expected = 0.5;
            for (int r = 0; r < rows; r++)
            {
                expected += formula((r * columns) + c, c);
            }

            sums[c + 1].Should().BeApproximately(expected, 1e-5);
            floats.Span[c].Should().Be((float)sums[c + 1]);
        }

        sums[0].Should().Be(0.5);
        sums[^1].Should().Be(0.5);
        floats.ShouldBeUntouchedOutside();
    }

    private delegate void DoubleAction(Span<double> sums);

    private delegate void FloatAction(Span<float> sums);
}
