namespace NeuralTrain.Tests.Losses;

public sealed class ElementwiseLossTests
{
    private static readonly float[,] Two = { { 1, 3 } };

    [Fact]
    [Trait("Lecture", "L1.3")]
    public void The_sum_of_squares_is_halved_and_has_the_error_as_gradient()
    {
        Matrix gradient = new(1, 2);
        new SumOfSquares().Evaluate(Two, new float[,] { { 0, 5 } }, gradient).Should().Be(2.5);
        gradient.Span.ToArray().Should().Equal(1, -2);
    }

    [Fact]
    public void The_mean_squared_error_is_not_halved() =>
        new MeanSquaredError().Evaluate(Two, new float[,] { { 0, 5 } }).Should().Be(2.5, "(1 + 4)/2");

    [Fact]
    public void The_mean_absolute_error_has_no_gradient_at_the_target()
    {
        Matrix gradient = new(1, 2);
        new MeanAbsoluteError().Evaluate(Two, new float[,] { { 1, 5 } }, gradient).Should().Be(1);
        gradient.Span.ToArray().Should().Equal(0, -0.5f);
    }

    [Fact]
    public void Huber_is_a_square_up_to_one_and_a_line_beyond()
    {
        Matrix gradient = new(1, 2);
        new Huber().Evaluate(new float[,] { { 0.5f, -3 } }, new Matrix(1, 2), gradient).Should().Be((0.125 + 2.5) / 2);
        gradient.Span.ToArray().Should().Equal(0.25f, -0.5f);
    }

    [Fact]
    public void A_hinge_counts_scores_inside_the_margin_or_on_the_wrong_side()
    {
        Matrix gradient = new(1, 3), binary = new(1, 3);
        double loss = new Hinge().Evaluate(new float[,] { { 2, 0.5f, -1 } }, new float[,] { { 1, 1, 1 } }, gradient);
        loss.Should().BeApproximately((0 + 0.5 + 2) / 3, 1e-7);
        gradient.Span.ToArray().Should().Equal(0, -1f / 3, -1f / 3);

        loss = new Hinge().Evaluate(new float[,] { { 2, 0.5f, -1 } }, new float[,] { { -1, -1, -1 } }, gradient);
        loss.Should().BeApproximately((3 + 1.5 + 0) / 3, 1e-7);
        new Hinge().Evaluate(new float[,] { { 2, 0.5f, -1 } }, new Matrix(1, 3), binary).Should().Be(loss, "0 means −1");
        binary.Span.ToArray().Should().Equal(gradient.Span.ToArray());
    }

    [Fact]
    public void Binary_scores_of_ten_thousand_give_the_exact_loss_on_both_sides()
    {
        Matrix gradient = new(4, 1);
        double loss = new BinaryCrossEntropy().Evaluate(
            new float[,] { { 10_000 }, { -10_000 }, { 10_000 }, { -10_000 } }, new float[,] { { 1 }, { 0 }, { 0 }, { 1 } }, gradient);
        loss.Should().Be(5_000, "two rows cost nothing, two the whole 10 000");
        gradient.Span.ToArray().Should().Equal(0, 0, 0.25f, -0.25f);
    }

    [Fact]
    public void A_confident_right_answer_still_has_its_small_loss_and_gradient()
    {
        Matrix gradient = new(2, 1);
        double loss = new BinaryCrossEntropy().Evaluate(new float[,] { { 20 }, { -20 } }, new float[,] { { 1 }, { 0 } }, gradient);
        double expected = Math.Exp(-20) - (Math.Exp(-40) / 2);
        loss.Should().BeApproximately(expected, 1e-6 * expected);
        gradient[0, 0].Should().BeApproximately((float)(-Math.Exp(-20) / 2), 1e-15f);
        gradient[1, 0].Should().BeApproximately((float)(Math.Exp(-20) / 2), 1e-15f);
    }

    [Fact]
    public void Sample_weights_of_one_change_nothing_and_a_weight_of_two_counts_a_row_twice()
    {
        Matrix prediction = new float[,] { { 0.3f, 1 }, { -2, 0.5f } }, target = new float[,] { { 1, 0 }, { 0, 1 } };
        Matrix doubled = new float[,] { { 0.3f, 1 }, { -2, 0.5f }, { -2, 0.5f } }, doubledTarget = new float[,] { { 1, 0 }, { 0, 1 }, { 0, 1 } };
        Loss[] losses =
        [
            new SumOfSquares(), new MeanSquaredError(), new MeanAbsoluteError(), new Huber(), new Hinge(), new BinaryCrossEntropy(2),
            new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy([1, 3], 0.1),
        ];
        foreach (Loss loss in losses)
        {
            double plain = loss.Evaluate(prediction, target);
            loss.Evaluate(prediction, target, default, [1, 1]).Should().BeApproximately(plain, 1e-6, $"of {loss}");
            loss.Evaluate(prediction, target, default, [1, 2]).Should().BeApproximately(loss.Evaluate(doubled, doubledTarget), 1e-6, $"of {loss}");
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    public void Hyper_parameters_that_are_not_positive_are_refused_at_construction(double value)
    {
        ((Action)(() => _ = new Huber(value))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("delta must be*");
        ((Action)(() => _ = new BinaryCrossEntropy(value))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("positiveWeight must be*");
    }
}
