namespace NeuralTrain.Tests.Layers;

/// <summary>
/// Statistics of the layers that work with chance. Bounds are four standard deviations of the estimate: a sound layer stays
/// within them for 99.99 of 100 seeds, and the seeds are fixed.
/// </summary>
[Collection(ComputeTestGroup.Name)]
public sealed class RandomLayerTests
{
    private const int Rows = 1000;
    private const int Columns = 501;
    private const int Count = Rows * Columns;

    [Theory]
    [Trait("Lecture", "L4.5")]
    [InlineData(0.1, false)]
    [InlineData(0.5, false)]
    [InlineData(0.8, false)]
    [InlineData(0.5, true)]
    public void Dropout_drops_at_the_given_rate_and_scales_what_it_keeps(double p, bool direct)
    {
        Matrix output = Forward(new Dropout(p, new Random(1), direct), Ones());
        float kept = direct ? 1 : 1 / (1 - (float)p);
        int dropped = 0;
        foreach (float value in output.Span)
        {
            dropped += value == 0 ? 1 : 0;
        }

        output.Span.ContainsAnyExcept(0f, kept).Should().BeFalse("there is nothing between dropped and kept");

        double deviation = Math.Sqrt(Count * p * (1 - p));
        ((double)dropped).Should().BeInRange((Count * p) - (4 * deviation), (Count * p) + (4 * deviation));
    }

    [Fact]
    [Trait("Lecture", "L4.5")]
    public void Dropout_drops_each_value_by_itself_in_every_column_and_row()
    {
        Matrix output = Forward(new Dropout(0.5, new Random(2)), Ones());
        double columnDeviation = Math.Sqrt(Rows * 0.25), rowDeviation = Math.Sqrt(Columns * 0.25);
        for (int column = 0; column < Columns; column++)
        {
            // Six deviations, for there are 1501 of these counts.
            double dropped = Enumerable.Range(0, Rows).Count(row => output[row, column] == 0);
            dropped.Should().BeInRange((Rows / 2.0) - (6 * columnDeviation), (Rows / 2.0) + (6 * columnDeviation));
        }

        for (int row = 0; row < Rows; row++)
        {
            double dropped = Enumerable.Range(0, Columns).Count(column => output[row, column] == 0);
            dropped.Should().BeInRange((Columns / 2.0) - (6 * rowDeviation), (Columns / 2.0) + (6 * rowDeviation));
        }
    }

    [Fact]
    [Trait("Lecture", "L4.5")]
    public void Nothing_is_dropped_in_prediction_and_direct_mode_makes_up_for_it_there()
    {
        Matrix output = new(2, 3);
        Matrix input = new float[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        new Dropout(0.25, new Random(1)).Infer(input, output);
        output.Span.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        new Dropout(0.25, new Random(1), direct: true).Infer(input, output);
        output.Span.ToArray().Should().Equal(0.75f, 1.5f, 2.25f, 3, 3.75f, 4.5f);
    }

    [Theory]
    [Trait("Lecture", "L4.6")]
    [InlineData(false)]
    [InlineData(true)]
    public void The_average_of_many_random_passes_agrees_with_the_prediction(bool direct)
    {
        const int Passes = 4000;
        var random = new Random(3);
        var network = new Sequential(
            new Linear(4, 30, random), new Sigmoid(), new Dropout(0.4, random, direct), new Linear(30, 3, random));
        Matrix input = new float[,] { { 1, -1, 0.5f, 2 } };
        Matrix predicted = network.Predict(input);

        double[] sum = new double[3], squares = new double[3];
        for (int pass = 0; pass < Passes; pass++)
        {
            Matrix output = network.Forward(input);
            for (int i = 0; i < 3; i++)
            {
                sum[i] += output[0, i];
                squares[i] += (double)output[0, i] * output[0, i];
            }
        }

        for (int i = 0; i < 3; i++)
        {
            double mean = sum[i] / Passes;
            double deviation = Math.Sqrt((squares[i] / Passes) - (mean * mean));
            deviation.Should().BeGreaterThan(0.01, "the passes are random");
            mean.Should().BeApproximately(predicted[0, i], 4 * deviation / Math.Sqrt(Passes));
        }
    }

    [Theory]
    [Trait("Lecture", "L4.8")]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Alpha_dropout_keeps_mean_0_and_deviation_1(double p)
    {
        Matrix input = new(Rows, Columns);
        var random = new Random(4);
        foreach (ref float value in input.Span)
        {
            value = (float)MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        }

        Matrix output = Forward(new AlphaDropout(p, new Random(5)), input);
        (double mean, double variance, double fourth) = Moments(output);
        mean.Should().BeApproximately(0, 4 / Math.Sqrt(Count));
        variance.Should().BeApproximately(1, 4 * Math.Sqrt((fourth - 1) / Count));

        float dropped = output.Span.ToArray().GroupBy(value => value).MaxBy(group => group.Count())!.Key;
        double share = output.Span.ToArray().Count(value => value == dropped) / (double)Count;
        share.Should().BeApproximately(p, 4 * Math.Sqrt(p * (1 - p) / Count));
    }

    [Fact]
    [Trait("Lecture", "L7.4")]
    public void Gaussian_noise_has_mean_0_and_the_given_deviation()
    {
        Matrix output = Forward(new GaussianNoise(0.25, new Random(6)), new Matrix(Rows, Columns));
        (double mean, double variance, double fourth) = Moments(output);
        mean.Should().BeApproximately(0, 4 * 0.25 / Math.Sqrt(Count));
        variance.Should().BeApproximately(0.0625, 4 * 0.0625 * Math.Sqrt(2.0 / Count));
        fourth.Should().BeApproximately(3 * 0.0625 * 0.0625, 4 * 0.0625 * 0.0625 * Math.Sqrt(96.0 / Count), "that of a normal distribution");
    }

    [Fact]
    public void Draws_are_new_in_every_pass_and_the_same_from_the_same_seed_for_any_number_of_threads()
    {
        Func<Layer>[] creates =
        [
            () => new Dropout(0.5, new Random(7)), () => new AlphaDropout(0.5, new Random(7)), () => new GaussianNoise(1, new Random(7)),
        ];
        int before = Compute.MaxThreads;
        try
        {
            foreach (Func<Layer> create in creates)
            {
                Compute.MaxThreads = 1;
                Layer layer = create();
                float[] first = Forward(layer, Ones()).Span.ToArray();
                float[] second = Forward(layer, Ones()).Span.ToArray();
                second.AsSpan().SequenceEqual(first).Should().BeFalse("each pass draws anew");
                foreach (int threads in new[] { 2, 7 })
                {
                    Compute.MaxThreads = threads;
                    Layer again = create();
                    Forward(again, Ones()).Span.SequenceEqual(first).Should().BeTrue();
                    Forward(again, Ones()).Span.SequenceEqual(second).Should().BeTrue();
                }
            }
        }
        finally
        {
            Compute.MaxThreads = before;
        }
    }

    [Fact]
    public void Two_layers_from_one_generator_draw_differently()
    {
        var random = new Random(8);
        float[] first = Forward(new Dropout(0.5, random), Ones()).Span.ToArray();
        Forward(new Dropout(0.5, random), Ones()).Span.SequenceEqual(first).Should().BeFalse();
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    [InlineData(0.99999999999)]
    [InlineData(double.NaN)]
    public void A_probability_outside_0_to_1_is_refused_at_construction(double p)
    {
        ((Action)(() => _ = new Dropout(p, new Random(1)))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("probability must lie in [0, 1)*");
        ((Action)(() => _ = new AlphaDropout(p, new Random(1)))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("probability must lie in [0, 1)*");
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_deviation_below_0_or_not_finite_is_refused_at_construction(double deviation) =>
        ((Action)(() => _ = new GaussianNoise(deviation, new Random(1)))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("standardDeviation must be*");

    [Fact]
    public void A_missing_generator_is_refused_at_construction()
    {
        ((Action)(() => _ = new Dropout(0.5, null!))).Should().Throw<ArgumentNullException>();
        ((Action)(() => _ = new AlphaDropout(0.5, null!))).Should().Throw<ArgumentNullException>();
        ((Action)(() => _ = new GaussianNoise(0.5, null!))).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void A_backward_pass_without_a_mask_of_its_shape_is_refused()
    {
        Matrix x = new(2, 3);
        foreach (Layer layer in (Layer[])[new Dropout(0.5, new Random(1)), new AlphaDropout(0.5, new Random(1))])
        {
            Action backward = () => layer.Backward(x, new Matrix(2, 3), new Matrix(2, 3), new Matrix(2, 3));
            backward.Should().Throw<InvalidOperationException>().WithMessage("*Call Forward*");
            layer.Forward(new Matrix(3, 3), new Matrix(3, 3));
            backward.Should().Throw<InvalidOperationException>().WithMessage("*Call Forward*");
        }
    }

    private static Matrix Ones()
    {
        var ones = new Matrix(Rows, Columns);
        ones.Span.Fill(1);
        return ones;
    }

    private static Matrix Forward(Layer layer, Matrix input)
    {
        var output = new Matrix(input.Rows, input.Columns);
        layer.Forward(input, output);
        return output;
    }

    private static (double Mean, double Variance, double Fourth) Moments(Matrix values)
    {
        double mean = 0, variance = 0, fourth = 0;
        foreach (float value in values.Span)
        {
            mean += (double)value / Count;
        }

        foreach (float value in values.Span)
        {
            double deviation = value - mean;
            variance += deviation * deviation / Count;
            fourth += Math.Pow(deviation, 4) / Count;
        }

        return (mean, variance, fourth);
    }
}
