using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>
/// The loops. Each value must be, bit for bit, the one its operands give alone (a span of one element), at every place of
/// every length, in place or not, with nothing outside touched. Plain formulas in double say that it is the right one.
/// </summary>
public sealed class ElementwiseTests
{
    private const int MaxLength = 257;

    private static readonly float[] X = Guarded.Random(MaxLength, 1);
    private static readonly float[] Y = Guarded.Random(MaxLength, 2);
    private static readonly float[] Z = Guarded.Random(MaxLength, 3);
    private static readonly float[] W = Guarded.Random(MaxLength, 4);
    private static readonly float[] V = Guarded.Random(MaxLength, 5);

    [Fact]
    public void A_map_of_one_gives_each_element_its_own_value_at_every_length()
    {
        var formula = new TestFormulas.One(1.5f);
        float[] alone = Alone(i => Single(r => Elementwise.Map([X[i]], r, formula)));
        for (int i = 0; i < MaxLength; i++)
        {
            ((double)alone[i]).Should().BeApproximately((1.5 * Math.Tanh(X[i])) + Math.Exp(X[i]), 1e-5);
        }

        ForEachLength(alone, (n, result) => Elementwise.Map(new Guarded(X.AsSpan(0, n)).Span, result, formula));
        ForEachLength(alone, (n, result) =>
        {
            X.AsSpan(0, n).CopyTo(result);
            Elementwise.Map(result, result, formula);
        });
    }

    [Fact]
    public void A_map_of_two_gives_each_element_its_own_value_at_every_length()
    {
        var formula = default(TestFormulas.Two);
        float[] alone = Alone(i => Single(r => Elementwise.Map([X[i]], [Y[i]], r, formula)));
        for (int i = 0; i < MaxLength; i++)
        {
            ((double)alone[i]).Should().BeApproximately(1 / (1 + Math.Exp(-X[i])) / (2 + ((double)Y[i] * Y[i])), 1e-6);
        }

        ForEachLength(alone, (n, result) =>
            Elementwise.Map(new Guarded(X.AsSpan(0, n)).Span, new Guarded(Y.AsSpan(0, n)).Span, result, formula));
        ForEachLength(alone, (n, result) =>
        {
            Y.AsSpan(0, n).CopyTo(result);
            Elementwise.Map(X.AsSpan(0, n), result, result, formula);
        });
    }

    [Fact]
    public void A_map_of_three_gives_each_element_its_own_value_at_every_length()
    {
        var formula = default(TestFormulas.Three);
        float[] alone = Alone(i => Single(r => Elementwise.Map([X[i]], [Y[i]], [Z[i]], r, formula)));
        for (int i = 0; i < MaxLength; i++)
        {
            ((double)alone[i]).Should().BeApproximately(X[i] > Y[i] ? Math.Exp(Z[i]) - 1 : X[i] - (3.0 * Z[i]), 1e-5);
        }

        ForEachLength(alone, (n, result) => Elementwise.Map(
            new Guarded(X.AsSpan(0, n)).Span, new Guarded(Y.AsSpan(0, n)).Span, new Guarded(Z.AsSpan(0, n)).Span, result, formula));
        ForEachLength(alone, (n, result) =>
        {
            Z.AsSpan(0, n).CopyTo(result);
            Elementwise.Map(X.AsSpan(0, n), Y.AsSpan(0, n), result, result, formula);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Maps_with_columns_take_the_value_of_the_column_in_every_row(int rows)
    {
        for (int columns = 0; columns <= MaxLength / Math.Max(rows, 1); columns++)
        {
            int n = rows * columns;
            var x = new Guarded(X.AsSpan(0, n));
            var y = new Guarded(Y.AsSpan(0, n));
            var a = new Guarded(Z.AsSpan(0, columns));
            var b = new Guarded(W.AsSpan(0, columns));
            var c = new Guarded(V.AsSpan(0, columns));

            // The columns written out as whole matrices.
            float[] fullA = Repeat(a.Span, rows);
            float[] fullB = Repeat(b.Span, rows);
            float[] fullC = Repeat(c.Span, rows);
            Check(n, r => Elementwise.Map(x.Span, new PerColumn(a.Span), r, default(TestFormulas.Two)),
                i => Single(r => Elementwise.Map([X[i]], [fullA[i]], r, default(TestFormulas.Two))));
            Check(n, r => Elementwise.Map(x.Span, new PerColumn(a.Span), new PerColumn(b.Span), r, default(TestFormulas.Three)),
                i => Single(r => Elementwise.Map([X[i]], [fullA[i]], [fullB[i]], r, default(TestFormulas.Three))));
            Check(n, r => Elementwise.Map(x.Span, new Whole(y.Span), new PerColumn(a.Span), r, default(TestFormulas.Three)),
                i => Single(r => Elementwise.Map([X[i]], [Y[i]], [fullA[i]], r, default(TestFormulas.Three))));
            Check(n, r => Elementwise.Map(x.Span, new Whole(y.Span), new PerColumn(a.Span), new PerColumn(b.Span), r, default(TestFormulas.Four)),
                i => (X[i] * fullA[i]) + (Y[i] / (1 + MathF.Abs(fullB[i]))));
            Check(n, r => Elementwise.Map(x.Span, new PerColumn(a.Span), new PerColumn(b.Span), new PerColumn(c.Span), r, default(TestFormulas.Four)),
                i => (X[i] * fullB[i]) + (fullA[i] / (1 + MathF.Abs(fullC[i]))));
            Check(n, r => Elementwise.Map(x.Span, new Whole(y.Span), new PerColumn(a.Span), new PerColumn(b.Span), new PerColumn(c.Span), new PerColumn(a.Span), r, default(TestFormulas.Six)),
                i => (X[i] * fullA[i]) + (Y[i] * fullB[i]) + (fullC[i] / (1 + MathF.Abs(fullA[i]))));
        }
    }

    [Fact]
    public void Updates_change_value_and_state_and_clear_the_gradient_at_every_length()
    {
        for (int n = 0; n <= MaxLength; n++)
        {
            var value = new Guarded(X.AsSpan(0, n));
            var gradient = new Guarded(Y.AsSpan(0, n));
            var state1 = new Guarded(Z.AsSpan(0, n));
            var state2 = new Guarded(W.AsSpan(0, n));
            Elementwise.Update(value.Span, gradient.Span, state1.Span, state2.Span, new TestFormulas.Update2(0.1f));
            for (int i = 0; i < n; i++)
            {
                float m = (0.9f * Z[i]) + (0.1f * Y[i]);
                float u = (0.99f * MathF.Abs(W[i])) + (0.01f * Y[i] * Y[i]);
                Bits(value.Span[i]).Should().Be(Bits(X[i] - (0.1f * m / (MathF.Sqrt(u) + 1e-8f))));
                Bits(state1.Span[i]).Should().Be(Bits(m));
                Bits(state2.Span[i]).Should().Be(Bits(u));
                Bits(gradient.Span[i]).Should().Be(0u);
            }

            Untouched(value, gradient, state1, state2);

            value = new Guarded(X.AsSpan(0, n));
            gradient = new Guarded(Y.AsSpan(0, n));
            state1 = new Guarded(Z.AsSpan(0, n));
            Elementwise.Update(value.Span, gradient.Span, state1.Span, new TestFormulas.Update1(0.1f));
            for (int i = 0; i < n; i++)
            {
                float v = (0.9f * Z[i]) - (0.1f * Y[i]);
                Bits(value.Span[i]).Should().Be(Bits(X[i] + v));
                Bits(state1.Span[i]).Should().Be(Bits(v));
                Bits(gradient.Span[i]).Should().Be(0u);
            }

            Untouched(value, gradient, state1);

            value = new Guarded(X.AsSpan(0, n));
            gradient = new Guarded(Y.AsSpan(0, n));
            Elementwise.Update(value.Span, gradient.Span, new TestFormulas.Update0(0.1f));
            for (int i = 0; i < n; i++)
            {
                Bits(value.Span[i]).Should().Be(Bits(X[i] - (0.1f * Y[i])));
                Bits(gradient.Span[i]).Should().Be(0u);
            }

            Untouched(value, gradient);
        }
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused_before_anything_is_written()
    {
        var result = new float[5];
        Action shorter = () => Elementwise.Map([1, 2, 3, 4], result, default(ExpOnly));
        shorter.Should().Throw<ArgumentException>().WithMessage("*'result' must hold 4 values, received 5*");
        Action second = () => Elementwise.Map([1, 2, 3, 4, 5], [1, 2, 3], result, default(TestFormulas.Two));
        second.Should().Throw<ArgumentException>().WithMessage("*'y' must hold 5 values, received 3*");
        Action rows = () => Elementwise.Map([1, 2, 3, 4], new PerColumn([1, 2, 3]), result.AsSpan(0, 4), default(TestFormulas.Two));
        rows.Should().Throw<ArgumentException>().WithMessage("*'x' must hold whole rows of 3 values, received 4*");
        Action noColumns = () => Elementwise.Map([1, 2, 3, 4], new PerColumn([]), result.AsSpan(0, 4), default(TestFormulas.Two));
        noColumns.Should().Throw<ArgumentException>().WithMessage("*'x' must hold whole rows of 0 values, received 4*");
        Action columns = () => Elementwise.Map([1, 2, 3, 4], new PerColumn([1]), new PerColumn([1, 2]), result.AsSpan(0, 4), default(TestFormulas.Three));
        columns.Should().Throw<ArgumentException>().WithMessage("*'y.Values' must hold 2 values, received 1*");
        Action whole = () => Elementwise.Map([1, 2, 3, 4], new Whole([1, 2]), new PerColumn([1, 2]), result.AsSpan(0, 4), default(TestFormulas.Three));
        whole.Should().Throw<ArgumentException>().WithMessage("*'y.Values' must hold 4 values, received 2*");
        Action update = () => Elementwise.Update(result, new float[5], new float[4], new TestFormulas.Update1(1));
        update.Should().Throw<ArgumentException>().WithMessage("*'state' must hold 5 values, received 4*");
        float[] four = new float[4], five = [1, 2, 3, 4, 5];
        Refuses("y", () => Elementwise.Map(five, four, five, result, default(TestFormulas.Three)));
        Refuses("z", () => Elementwise.Map(five, five, four, result, default(TestFormulas.Three)));
        Refuses("result", () => Elementwise.Map(five, five, five, four, default(TestFormulas.Three)));
        Refuses("result", () => Elementwise.Map(five, five, four, default(TestFormulas.Two)));
        Refuses("gradient", () => Elementwise.Update(result, four, new TestFormulas.Update0(1)));
        Refuses("gradient", () => Elementwise.Update(result, four, five, new TestFormulas.Update1(1)));
        Refuses("gradient", () => Elementwise.Update(result, four, five, five, new TestFormulas.Update2(1)));
        Refuses("state1", () => Elementwise.Update(result, five, four, five, new TestFormulas.Update2(1)));
        Refuses("state2", () => Elementwise.Update(result, five, five, four, new TestFormulas.Update2(1)));
        four.Should().Equal(0, 0, 0, 0);
        result.Should().Equal(0, 0, 0, 0, 0);

        static void Refuses(string name, Action run) => run.Should().Throw<ArgumentException>().WithMessage($"*'{name}' must hold 5 values, received 4*");
    }

    private static void ForEachLength(float[] expected, LengthAction action)
    {
        for (int n = 0; n <= MaxLength; n++)
        {
            var result = new Guarded(n);
            action(n, result.Span);
            Guarded.Bits(result.Span).Should().Equal(Guarded.Bits(expected.AsSpan(0, n)));
            result.ShouldBeUntouchedOutside();
        }
    }

    private static void Check(int n, SpanAction action, Func<int, float> expected)
    {
        var result = new Guarded(n);
        action(result.Span);
        for (int i = 0; i < n; i++)
        {
            Bits(result.Span[i]).Should().Be(Bits(expected(i)));
        }

        result.ShouldBeUntouchedOutside();
    }

    private static float[] Alone(Func<int, float> value) => [.. Enumerable.Range(0, MaxLength).Select(value)];

    private static float Single(SpanAction action)
    {
        var result = new float[1];
        action(result);
        return result[0];
    }

    private static float[] Repeat(ReadOnlySpan<float> row, int rows)
    {
        var all = new float[rows * row.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = row[i % row.Length];
        }

        return all;
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static void Untouched(params Guarded[] arrays) => Array.ForEach(arrays, a => a.ShouldBeUntouchedOutside());

    private delegate void SpanAction(Span<float> result);

    private delegate void LengthAction(int length, Span<float> result);

    private readonly struct ExpOnly : IMap1
    {
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Exp(x);
    }
}
