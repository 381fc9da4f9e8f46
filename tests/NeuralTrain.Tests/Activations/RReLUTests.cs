namespace NeuralTrain.Tests.Activations;

[Collection(ComputeTestGroup.Name)]
[Trait("Lecture", "L3")]
public sealed class RReLUTests : IDisposable
{
    private const int Rows = 100;
    private const int Columns = 1001;

    private readonly int _threadsBefore = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _threadsBefore;

    [Fact]
    public void Slopes_are_spread_evenly_between_the_bounds()
    {
        float[] slopes = Slopes(new RReLU(new Random(1)));

        slopes.Should().OnlyContain(slope => slope >= 0.1f && slope <= 0.5f);

        // Mean and variance of U[0.1, 0.5) within 4 of their own deviations: a false alarm in 16 000 seeds, and the seed is fixed.
        double variance = 0.4 * 0.4 / 12;
        double mean = slopes.Average(slope => (double)slope);
        mean.Should().BeApproximately(0.3, 4 * Math.Sqrt(variance / slopes.Length));
        double fourth = Math.Pow(0.4, 4) / 80;
        slopes.Average(slope => (slope - mean) * (slope - mean)).Should()
            .BeApproximately(variance, 4 * Math.Sqrt((fourth - (variance * variance)) / slopes.Length));

        // χ² over 40 bins, 39 degrees of freedom: below 72.1 with probability 0.999.
        var counts = new int[40];
        foreach (float slope in slopes)
        {
            counts[Math.Min(39, (int)((slope - 0.1f) * 100))]++;
        }

        double expected = slopes.Length / 40.0;
        counts.Sum(count => (count - expected) * (count - expected) / expected).Should().BeLessThan(72.1);
    }

    [Fact]
    public void Neighbours_in_a_row_and_in_a_column_are_uncorrelated()
    {
        float[] slopes = Slopes(new RReLU(new Random(1)));
        foreach (int distance in new[] { 1, Columns })
        {
            double covariance = Enumerable.Range(0, slopes.Length - distance)
                .Average(i => (slopes[i] - 0.3) * (slopes[i + distance] - 0.3));

            // The correlation of n independent pairs deviates by 1/√n: 4 deviations.
            (covariance / (0.16 / 12)).Should().BeApproximately(0, 4 / Math.Sqrt(slopes.Length - distance));
        }
    }

    [Fact]
    public void Each_forward_pass_draws_new_slopes()
    {
        var layer = new RReLU(new Random(1));

        Slopes(layer).Zip(Slopes(layer)).Count(pair => pair.First == pair.Second).Should().BeLessThan(Rows * Columns / 1000);
    }

    [Fact]
    public void A_seed_repeats_its_slopes_bit_for_bit()
    {
        var first = new RReLU(new Random(7));
        var second = new RReLU(new Random(7));
        for (int pass = 0; pass < 3; pass++)
        {
            Slopes(second).Should().Equal(Slopes(first));
        }

        Slopes(new RReLU(new Random(8))).Should().NotEqual(Slopes(new RReLU(new Random(7))));
    }

    [Fact]
    public void A_restored_position_goes_on_with_the_same_slopes()
    {
        var original = new RReLU(new Random(7));
        _ = Slopes(original);
        var restored = new RReLU(new Random(99));
        restored.RandomStream.Seed = original.RandomStream.Seed;
        restored.RandomStream.Position = original.RandomStream.Position;

        Slopes(restored).Should().Equal(Slopes(original));
    }

    [Fact]
    public void Slopes_do_not_depend_on_the_number_of_threads()
    {
        Compute.MaxThreads = 1;
        float[] alone = Slopes(new RReLU(new Random(3)));
        foreach (int threads in new[] { 2, 7 })
        {
            Compute.MaxThreads = threads;
            Slopes(new RReLU(new Random(3))).Should().Equal(alone);
        }
    }

    [Fact]
    public void Prediction_takes_the_mean_of_the_bounds()
    {
        Evaluate.Values(new RReLU(new Random(1)), -2, 3).Should().Equal(-2 * 0.3f, 3);
        Evaluate.Values(new RReLU(new Random(1), 1 / 8.0, 1 / 3.0), -2, 3).Should().Equal(-2 * (float)(11 / 48.0), 3);
    }

    [Fact]
    public void Prediction_between_forward_and_backward_draws_nothing()
    {
        var layer = new RReLU(new Random(1));
        _ = Slopes(layer);
        ulong position = layer.RandomStream.Position;
        layer.Infer(new Matrix(2, 2), new Matrix(2, 2));

        layer.RandomStream.Position.Should().Be(position);
    }

    [Fact]
    public void Backward_without_forward_is_refused()
    {
        var batch = new Matrix(2, 3);
        Action backward = () => new RReLU(new Random(1)).Backward(batch, batch, batch, new Matrix(2, 3));

        backward.Should().Throw<InvalidOperationException>().WithMessage("*RReLU(0.1 … 0.5)*2×3*Call Forward (not Infer)*");
    }

    // The slopes of one training pass, read off its outputs for an input of −1 everywhere.
    private static float[] Slopes(RReLU layer)
    {
        var input = new Matrix(Rows, Columns);
        var output = new Matrix(Rows, Columns);
        input.Span.Fill(-1);
        layer.Forward(input, output);
        return Array.ConvertAll(output.Span.ToArray(), value => -value);
    }
}
