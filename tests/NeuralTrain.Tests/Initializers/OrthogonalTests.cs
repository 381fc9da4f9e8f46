namespace NeuralTrain.Tests.Initializers;

public sealed class OrthogonalTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 7, 1)]
    [InlineData(5, 17, 1)]
    [InlineData(17, 5, 1)]
    [InlineData(1, 9, 2)]
    [InlineData(64, 33, 1.5)]
    public void Rows_or_columns_are_orthonormal_times_the_gain(int rows, int columns, double gain)
    {
        float[] w = new float[rows * columns];
        new Orthogonal(gain).Fill(w, fanIn: columns, fanOut: rows, new Random(1));
        bool tall = rows > columns;
        int vectors = Math.Min(rows, columns);
        for (int a = 0; a < vectors; a++)
        {
            for (int b = 0; b < vectors; b++)
            {
                double product = Enumerable.Range(0, Math.Max(rows, columns)).Sum(i => tall
                    ? (double)w[(i * columns) + a] * w[(i * columns) + b]
                    : (double)w[(a * columns) + i] * w[(b * columns) + i]);
                product.Should().BeApproximately(a == b ? gain * gain : 0, 1e-5);
            }
        }
    }

    [Fact]
    public void No_direction_is_preferred()
    {
        // Over all orthogonal 3×3 matrices every value has mean 0 and variance ⅓; Householder's QR without the signs has a negative diagonal.
        const int Count = 2000;
        var sums = new double[9];
        for (int seed = 0; seed < Count; seed++)
        {
            var w = new float[9];
            new Orthogonal().Fill(w, 3, 3, new Random(seed));
            for (int i = 0; i < 9; i++)
            {
                sums[i] += w[i];
            }
        }

        sums.Should().OnlyContain(sum => Math.Abs(sum / Count) < 4 * Math.Sqrt(1.0 / 3 / Count));
    }

    [Fact]
    public void They_are_the_directions_of_the_draws_one_after_the_other()
    {
        // QᵀG is R: zero below its diagonal and positive on it, for draws G column by column.
        var w = new float[9];
        new Orthogonal().Fill(w, 3, 3, new Random(1));
        var random = new Random(1);
        double[] draws = [.. Enumerable.Range(0, 9).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1))];
        for (int vector = 0; vector < 3; vector++)
        {
            for (int column = 0; column <= vector; column++)
            {
                double product = Enumerable.Range(0, 3).Sum(i => w[(i * 3) + vector] * draws[(column * 3) + i]);
                if (column < vector) product.Should().BeApproximately(0, 1e-6);
                else product.Should().BePositive();
            }
        }
    }

    [Fact]
    public void Several_pieces_are_orthogonal_each()
    {
        var w = new float[2 * 3 * 3];
        new Orthogonal().Fill(w, 3, 3, new Random(1));
        for (int piece = 0; piece < 2; piece++)
        {
            double product = Enumerable.Range(0, 3).Sum(i => (double)w[(piece * 9) + i] * w[(piece * 9) + 3 + i]);
            product.Should().BeApproximately(0, 1e-5);
        }

        w[..9].Should().NotEqual(w[9..]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        float[] Draw()
        {
            var values = new float[35];
            new Orthogonal().Fill(values, 5, 7, new Random(3));
            return values;
        }

        Draw().Should().Equal(Draw());
    }

    [Fact]
    public void Biases_are_refused_with_the_remedy()
    {
        Action fill = () => _ = new Linear(3, 4, new Random(1), biasInitializer: new Orthogonal());
        fill.Should().Throw<ArgumentException>().WithMessage("*4×3 weights (12 values), received 4 values*Zeros or Constant for biases*");
    }
}
