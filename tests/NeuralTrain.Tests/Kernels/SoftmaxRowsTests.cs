using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>Softmax and what belongs to it, against the formulas in double.</summary>
public sealed class SoftmaxRowsTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int> { { 0, 3 }, { 4, 0 }, { 700, 100 } };
            foreach (int columns in (int[])[1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 33, 64, 65, 257])
            {
                shapes.Add(1, columns);
                shapes.Add(5, columns);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [Trait("Lecture", "L3.3")]
    public void Softmax_and_its_logarithm_follow_their_formulas(int rows, int columns)
    {
        float[] s = Guarded.Random(rows * columns, 21);
        var q = new Guarded(rows * columns);
        var l = new Guarded(rows * columns);
        SoftmaxRows.Forward<SoftmaxRows.Plain>(new Guarded(s).Span, q.Span, rows, columns);
        SoftmaxRows.Forward<SoftmaxRows.Logarithmic>(new Guarded(s).Span, l.Span, rows, columns);
        double[] exact = Probabilities(s, rows, columns);
        for (int i = 0; i < s.Length; i++)
        {
            // s − max is rounded, which the exponential turns into a relative error; then four roundings at most.
            double relative = (MaxOfRow(i) - s[i] + 4) / (1 << 24);
            ((double)q.Span[i]).Should().BeApproximately(exact[i], relative * exact[i]);
            ((double)l.Span[i]).Should().BeApproximately(Math.Log(exact[i]), 2e-6);
        }

        q.ShouldBeUntouchedOutside();
        l.ShouldBeUntouchedOutside();

        float[] inPlace = [.. s];
        SoftmaxRows.Forward<SoftmaxRows.Plain>(inPlace, inPlace, rows, columns);
        Guarded.Bits(inPlace).Should().Equal(Guarded.Bits(q.Span));
        inPlace = [.. s];
        SoftmaxRows.Forward<SoftmaxRows.Logarithmic>(inPlace, inPlace, rows, columns);
        Guarded.Bits(inPlace).Should().Equal(Guarded.Bits(l.Span));

        double MaxOfRow(int i) => s.AsSpan(i / columns * columns, columns).ToArray().Max();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [Trait("Lecture", "L3.3")]
    public void The_backward_passes_follow_their_formulas(int rows, int columns)
    {
        float[] q = Array.ConvertAll(Probabilities(Guarded.Random(rows * columns, 22), rows, columns), p => (float)p);
        float[] l = Array.ConvertAll(q, MathF.Log);
        float[] upstream = Guarded.Random(rows * columns, 23);
        var ds = new Guarded(q.Length);
        var dl = new Guarded(q.Length);
        SoftmaxRows.Backward<SoftmaxRows.Plain>(new Guarded(q).Span, new Guarded(upstream).Span, ds.Span, rows, columns);
        SoftmaxRows.Backward<SoftmaxRows.Logarithmic>(new Guarded(l).Span, new Guarded(upstream).Span, dl.Span, rows, columns);
        for (int r = 0; r < rows; r++)
        {
            double dot = 0;
            double total = 0;
            for (int c = 0; c < columns; c++)
            {
                dot += (double)upstream[(r * columns) + c] * q[(r * columns) + c];
                total += upstream[(r * columns) + c];
            }

            for (int c = 0; c < columns; c++)
            {
                int i = (r * columns) + c;
                ((double)ds.Span[i]).Should().BeApproximately(q[i] * (upstream[i] - dot), 1e-6);
                ((double)dl.Span[i]).Should().BeApproximately(upstream[i] - (Math.Exp(l[i]) * total), 1e-5);
            }
        }

        ds.ShouldBeUntouchedOutside();
        dl.ShouldBeUntouchedOutside();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [Trait("Lecture", "L3.3")]
    public void Cross_entropy_and_its_gradient_follow_their_formulas(int rows, int columns)
    {
        const float scale = 0.25f;
        float[] s = Guarded.Random(rows * columns, 24);
        float[] t = Array.ConvertAll(Probabilities(Guarded.Random(rows * columns, 25), rows, columns), p => (float)p);
        float[] w = Array.ConvertAll(Guarded.Random(columns, 26), Math.Abs);
        float[] v = Array.ConvertAll(Guarded.Random(rows, 27), Math.Abs);
        double[] q = Probabilities(s, rows, columns);
        foreach ((float[] classWeights, float[] sampleWeights, float smoothing) in
            ((float[], float[], float)[])[([], [], 0), (w, [], 0), ([], v, 0.1f), (w, v, 0.3f)])
        {
            var gradient = new Guarded(s.Length);
            double loss = SoftmaxRows.CrossEntropy(
                new Guarded(s).Span, new Guarded(t).Span, gradient.Span, rows, columns, classWeights, sampleWeights, smoothing, scale);
            double expected = 0;
            double weightSum = 0;
            for (int r = 0; r < rows; r++)
            {
                double sample = sampleWeights.Length == 0 ? 1 : sampleWeights[r];
                double weight = 0;
                for (int c = 0; c < columns; c++)
                {
                    double target = Target(r, c);
                    weight += target;
                    expected += sample * target * -Math.Log(q[(r * columns) + c]);
                    weightSum += sample * (classWeights.Length == 0 ? 1 : classWeights[c]) * t[(r * columns) + c];
                }

                for (int c = 0; c < columns; c++)
                {
                    double g = scale * sample * ((q[(r * columns) + c] * weight) - Target(r, c));
                    ((double)gradient.Span[(r * columns) + c]).Should().BeApproximately(g, 1e-6);
                }
            }

            loss.Should().BeApproximately(expected, 1e-6 * (1 + expected));
            SoftmaxRows.WeightSum(t, rows, columns, classWeights, sampleWeights).Should().BeApproximately(weightSum, 1e-6 * (1 + weightSum));
            gradient.ShouldBeUntouchedOutside();

            SoftmaxRows.CrossEntropy(s, t, [], rows, columns, classWeights, sampleWeights, smoothing, scale)
                .Should().Be(loss, "asking for the loss alone changes nothing");

            double Target(int r, int c) => (classWeights.Length == 0 ? 1 : classWeights[c])
                * (((1 - smoothing) * (double)t[(r * columns) + c]) + (smoothing / (double)columns));
        }
    }

    [Fact]
    [Trait("Lecture", "L3.3")]
    public void Scores_of_ten_thousand_are_stable()
    {
        var q = new float[3];
        SoftmaxRows.Forward<SoftmaxRows.Plain>([1e4f, -1e4f, 1e4f], q, 1, 3);
        q.Should().Equal(0.5f, 0, 0.5f);
        SoftmaxRows.Forward<SoftmaxRows.Plain>([100, 101, 102], q, 1, 3);
        ((double)q[2]).Should().BeApproximately(1 / (1 + Math.Exp(-1) + Math.Exp(-2)), 1e-7);

        var l = new float[2];
        SoftmaxRows.Forward<SoftmaxRows.Logarithmic>([1e4f, -1e4f], l, 1, 2);
        l.Should().Equal(0, -2e4f);

        var gradient = new float[2];
        SoftmaxRows.CrossEntropy([1e4f, -1e4f], [0, 1], gradient, 1, 2, [], [], 0, 1).Should().Be(2e4);
        gradient.Should().Equal(1, -1);
        SoftmaxRows.CrossEntropy([1e4f, -1e4f], [1, 0], gradient, 1, 2, [], [], 0, 1).Should().Be(0);
        gradient.Should().Equal(0, 0);
    }

    [Fact]
    public void One_column_is_certain()
    {
        var q = new float[2];
        SoftmaxRows.Forward<SoftmaxRows.Plain>([-1e4f, 3], q, 2, 1);
        q.Should().Equal(1, 1);
        SoftmaxRows.Forward<SoftmaxRows.Logarithmic>([-1e4f, 3], q, 2, 1);
        q.Should().Equal(0, 0);
        SoftmaxRows.CrossEntropy([5, -7], [1, 1], q, 2, 1, [], [], 0.1f, 1).Should().Be(0);
        q.Should().Equal(0, 0);
    }

    [Fact]
    public void NaN_in_a_row_spoils_that_row_alone()
    {
        for (int place = 0; place < 20; place++)
        {
            float[] s = Guarded.Random(60, 28);
            s[20 + place] = float.NaN;
            SoftmaxRows.Forward<SoftmaxRows.Plain>(s, s, 3, 20);
            s.AsSpan(0, 20).ToArray().Should().NotContain(float.NaN);
            s.AsSpan(20, 20).ToArray().Should().OnlyContain(x => float.IsNaN(x));
            s.AsSpan(40, 20).ToArray().Should().NotContain(float.NaN);
        }
    }

    [Fact]
    [Trait("Lecture", "L4.1")]
    public void The_scores_of_the_lecture_give_its_probabilities()
    {
        var q = new float[3];
        SoftmaxRows.Forward<SoftmaxRows.Plain>([0.21f, 0.09f, -0.40f], q, 1, 3);
        q.Select(p => Math.Round(p, 2)).Should().Equal(0.41, 0.36, 0.22);
        SoftmaxRows.Forward<SoftmaxRows.Plain>([2.1f, 0.9f, -4.0f], q, 1, 3);

        // The lecture says "about": 0.76 and 0.24, exactly 0.767 and 0.231.
        ((double)q[0]).Should().BeApproximately(0.767, 0.0005);
        ((double)q[1]).Should().BeApproximately(0.231, 0.0005);
        ((double)q[2]).Should().BeApproximately(0.002, 0.0005);
    }

    private static double[] Probabilities(float[] scores, int rows, int columns)
    {
        var q = new double[scores.Length];
        for (int r = 0; r < rows; r++)
        {
            double sum = 0;
            for (int c = 0; c < columns; c++)
            {
                sum += Math.Exp(scores[(r * columns) + c]);
            }

            for (int c = 0; c < columns; c++)
            {
                q[(r * columns) + c] = Math.Exp(scores[(r * columns) + c]) / sum;
            }
        }

        return q;
    }
}
