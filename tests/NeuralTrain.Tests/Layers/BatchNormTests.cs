namespace NeuralTrain.Tests.Layers;

public sealed class BatchNormTests
{
    private static readonly float[,] Data = { { 1, 10 }, { 2, 30 }, { 4, 20 }, { 9, 80 } };

    // Means 4 and 35; biased variances (9+4+0+25)/4 = 9.5 and (625+25+225+2025)/4 = 725; unbiased with /3.
    private static readonly double[] Means = [4, 35];
    private static readonly double[] Biased = [9.5, 725];
    private static readonly double[] Unbiased = [38 / 3.0, 2900 / 3.0];

    [Fact]
    [Trait("Lecture", "L6.1")]
    public void Training_brings_each_feature_to_mean_0_and_deviation_1_with_the_biased_variance_and_epsilon_of_a_hundred_thousandth()
    {
        var layer = new BatchNorm(2);
        Matrix output = Forward(layer, Data);
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 2; column++)
            {
                double expected = (Data[row, column] - Means[column]) / Math.Sqrt(Biased[column] + 1e-5);
                output[row, column].Should().BeApproximately((float)expected, 1e-6f);
            }
        }
    }

    [Fact]
    [Trait("Lecture", "L6.2")]
    public void Running_statistics_forget_exponentially_and_take_the_unbiased_variance()
    {
        var layer = new BatchNorm(2);
        double[] mean = [0, 0], variance = [1, 1];
        for (int step = 0; step < 5; step++)
        {
            Forward(layer, Data);
            for (int i = 0; i < 2; i++)
            {
                mean[i] = (0.9 * mean[i]) + (0.1 * Means[i]);
                variance[i] = (0.9 * variance[i]) + (0.1 * Unbiased[i]);
                layer.RunningMean.Value.Span[i].Should().BeApproximately((float)mean[i], (float)(1e-6 * mean[i]));
                layer.RunningVariance.Value.Span[i].Should().BeApproximately((float)variance[i], (float)(1e-6 * variance[i]));
            }
        }
    }

    [Fact]
    public void The_rate_of_the_running_average_can_be_changed_and_one_keeps_the_last_batch_alone()
    {
        var layer = new BatchNorm(2) { RunningAverageRate = 1 };
        Forward(layer, Data);
        layer.RunningMean.Value.Span.ToArray().Should().Equal(4, 35);
    }

    [Fact]
    [Trait("Lecture", "L6.2")]
    public void Prediction_uses_the_running_statistics_whatever_the_batch()
    {
        var layer = new BatchNorm(2);
        layer.RunningMean.Value.Span[1] = 3;
        layer.RunningVariance.Value.Span[1] = 4;
        Matrix output = new(1, 2);
        layer.Infer(new float[,] { { 5, 5 } }, output);
        output[0, 0].Should().BeApproximately((float)(5 / Math.Sqrt(1 + 1e-5)), 1e-6f);
        output[0, 1].Should().BeApproximately((float)(2 / Math.Sqrt(4 + 1e-5)), 1e-6f);
    }

    [Fact]
    public void A_training_batch_of_one_row_is_refused_with_the_layer_and_the_remedy()
    {
        var network = new Sequential(new Linear(2, 3, new Random(1)), new BatchNorm(3));
        Action forward = () => network.Forward(new Matrix(1, 2));
        forward.Should().Throw<ArgumentException>().WithMessage("BatchNorm(3) expects training batches of 2 or more rows, received 1*larger batches*freeze*");
        network.Predict(new Matrix(1, 2)).Rows.Should().Be(1);
    }

    [Fact]
    public void A_frozen_layer_uses_its_running_statistics_in_training_and_leaves_them_alone()
    {
        var layer = new BatchNorm(2);
        layer.RunningMean.Value.Span.Fill(2);
        layer.RunningVariance.Value.Span.Fill(9);
        layer.Freeze();
        Matrix output = Forward(layer, Data);
        Matrix predicted = new(4, 2);
        layer.Infer(Data, predicted);

        output.Span.ToArray().Should().Equal(predicted.Span.ToArray());
        layer.RunningMean.Value.Span.ToArray().Should().Equal(2, 2);
        layer.RunningVariance.Value.Span.ToArray().Should().Equal(9, 9);
        Forward(layer, new float[,] { { 1, 1 } }).Rows.Should().Be(1, "no batch statistics are needed");

        layer.Unfreeze();
        Forward(layer, Data);
        layer.RunningMean.Value.Span[0].Should().BeApproximately(2.2f, 1e-6f);
    }

    [Fact]
    public void Freezing_between_forward_and_backward_does_not_mix_the_two_formulas()
    {
        Matrix input = Data, output = new(4, 2), upstream = new float[,] { { 1, -1 }, { 2, 0 }, { 0, 3 }, { 1, 1 } };
        Matrix expected = new(4, 2), actual = new(4, 2);
        var layer = new BatchNorm(2);
        layer.Forward(input, output);
        layer.Backward(input, output, upstream, expected);
        layer.Freeze();
        layer.Backward(input, output, upstream, actual);
        actual.Span.ToArray().Should().Equal(expected.Span.ToArray());
    }

    [Fact]
    public void A_large_mean_beside_a_small_deviation_costs_no_accuracy()
    {
        // 10 000 000.5 lies between two floats, so the mean itself cannot be one.
        Matrix input = new float[,] { { 10_000_000 }, { 10_000_001 }, { 10_000_000 }, { 10_000_001 } };
        Matrix output = Forward(new BatchNorm(1), input);
        float expected = (float)(0.5 / Math.Sqrt(0.25 + 1e-5));
        output.Span.ToArray().Should().BeEquivalentTo([-expected, expected, -expected, expected], options => options
            .Using<float>(context => context.Subject.Should().BeApproximately(context.Expectation, 1e-6f)).WhenTypeIs<float>());
    }

    [Fact]
    public void A_large_mean_beside_a_small_deviation_costs_the_gradients_no_accuracy()
    {
        // The mean, 10 000 000.5, is not a float: what is left of it counts in the backward pass too.
        Matrix input = new float[,] { { 10_000_000 }, { 10_000_001 }, { 10_000_000 }, { 10_000_001 } };
        Matrix upstream = new float[,] { { 1 }, { -2 }, { 3 }, { 0.5f } };
        Matrix output = new(4, 1), gradient = new(4, 1);
        var layer = new BatchNorm(1);
        layer.Weight!.Value.Span[0] = 1.5f;
        layer.Forward(input, output);
        layer.Backward(input, output, upstream, gradient);

        // β̄ = Σ ȳ,  γ̄ = Σ ȳ·x̂,  x̄ = γ/√(σ² + ε)·(ȳ − 1/N·Σ ȳ − x̂·1/N·Σ ȳ·x̂)
        double inverse = 1 / Math.Sqrt(0.25 + 1e-5);
        double[] y = [1, -2, 3, 0.5], x = [-0.5 * inverse, 0.5 * inverse, -0.5 * inverse, 0.5 * inverse];
        double products = y.Zip(x, (up, normalized) => up * normalized).Sum();
        layer.Bias!.Gradient.Span[0].Should().BeApproximately(2.5f, 1e-6f);
        layer.Weight.Gradient.Span[0].Should().BeApproximately((float)products, 1e-5f);
        for (int i = 0; i < 4; i++)
        {
            double expected = 1.5 * inverse * (y[i] - (y.Sum() / 4) - (x[i] * products / 4));
            gradient[i, 0].Should().BeApproximately((float)expected, 1e-5f, "row {0}", i);
        }
    }

    [Fact]
    public void A_large_mean_beside_a_small_deviation_costs_LayerNorm_no_accuracy_either()
    {
        Matrix input = new float[,] { { 10_000_000, 10_000_001, 10_000_000, 10_000_001 } };
        var output = new Matrix(1, 4);
        new LayerNorm(4).Infer(input, output);
        float expected = (float)(0.5 / Math.Sqrt(0.25 + 1e-5));
        for (int i = 0; i < 4; i++)
        {
            output[0, i].Should().BeApproximately(i % 2 == 0 ? -expected : expected, 1e-6f);
        }
    }

    [Fact]
    public void A_constant_feature_gives_its_shift()
    {
        var layer = new BatchNorm(1);
        layer.Bias!.Value.Span[0] = 0.25f;
        Forward(layer, new float[,] { { 3.3f }, { 3.3f }, { 3.3f } }).Span.ToArray().Should().Equal(0.25f, 0.25f, 0.25f);
    }

    [Fact]
    public void A_diverged_batch_does_not_spoil_the_running_statistics()
    {
        var layer = new BatchNorm(2);
        Forward(layer, new float[,] { { float.NaN, 1 }, { 2, 3 } });
        layer.RunningMean.Value.Span[0].Should().Be(0);
        layer.RunningVariance.Value.Span[0].Should().Be(1);
        layer.RunningMean.Value.Span[1].Should().BeApproximately(0.2f, 1e-7f);
    }

    [Fact]
    public void Values_whose_squares_overflow_become_NaN_and_not_zeros_that_nobody_notices()
    {
        Matrix large = new float[,] { { 1e20f, 1 }, { -2e20f, 3 } };
        var layer = new BatchNorm(2);
        Matrix output = Forward(layer, large);
        float.IsNaN(output[0, 0]).Should().BeTrue();
        output[0, 1].Should().BeApproximately(-1, 1e-4f);
        layer.Invoking(one => one.Recalibrate(large)).Should().Throw<NotFiniteNumberException>().WithMessage("BatchNorm(2) cannot measure column 0*statistics stay*");
        layer.RunningVariance.Value.Span[0].Should().Be(1);

        var rows = new LayerNorm(2);
        var result = new Matrix(2, 2);
        rows.Infer(new float[,] { { 1e20f, -2e20f }, { 1, 3 } }, result);
        float.IsNaN(result[0, 0]).Should().BeTrue();
        result[1, 0].Should().BeApproximately(-1, 1e-4f);
    }

    [Fact]
    public void Names_and_shapes_are_those_of_PyTorch()
    {
        var network = new Sequential(new Linear(2, 3, new Random(1)), new BatchNorm(3));
        network.NamedParameters().Select(named => $"{named.Path} {string.Join('x', named.Parameter.Shape)}").Should().Equal(
            "0.weight 3x2", "0.bias 3", "1.weight 3", "1.bias 3", "1.running_mean 3", "1.running_var 3");
        network.NamedParameters().Where(named => named.Parameter.IsRegularized).Select(named => named.Path).Should().Equal("0.weight");
    }

    [Fact]
    [Trait("Lecture", "L6.3")]
    public void It_stands_before_or_after_the_non_linearity_with_or_without_scale_and_shift()
    {
        foreach (bool scaleAndShift in new[] { false, true })
        {
            var before = new Sequential(new Linear(2, 3, new Random(1)), new BatchNorm(3, scaleAndShift), new Sigmoid());
            var after = new Sequential(new Linear(2, 3, new Random(1)), new Sigmoid(), new BatchNorm(3, scaleAndShift));
            Matrix first = before.Forward(Data), second = after.Forward(Data);
            first.Span.ToArray().Should().OnlyContain(value => value > 0 && value < 1, "the sigmoid comes last");
            for (int column = 0; column < 3; column++)
            {
                Enumerable.Range(0, 4).Average(row => (double)second[row, column]).Should().BeApproximately(0, 1e-6, "the normalisation comes last");
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_rate_outside_0_to_1_is_refused_at_construction(double rate)
    {
        Action create = () => _ = new BatchNorm(2, runningAverageRate: rate);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*RunningAverageRate must lie in (0, 1]*");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_epsilon_that_is_not_positive_is_refused_at_construction(double epsilon)
    {
        Action batch = () => _ = new BatchNorm(2, epsilon: epsilon);
        Action layer = () => _ = new LayerNorm(2, epsilon: epsilon);
        batch.Should().Throw<ArgumentOutOfRangeException>();
        layer.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_size_too_small_is_refused_at_construction()
    {
        Action batch = () => _ = new BatchNorm(0);
        Action layer = () => _ = new LayerNorm(1);
        batch.Should().Throw<ArgumentOutOfRangeException>().WithMessage("size must be 1 or more, received 0*");
        layer.Should().Throw<ArgumentOutOfRangeException>().WithMessage("size must be 2 or more, received 1*");
    }

    private static Matrix Forward(BatchNorm layer, Matrix input)
    {
        var output = new Matrix(input.Rows, input.Columns);
        layer.Forward(input, output);
        return output;
    }
}
