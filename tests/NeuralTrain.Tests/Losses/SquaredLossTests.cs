namespace NeuralTrain.Tests.Losses;

public sealed class SquaredLossTests
{
    private static readonly Matrix Prediction = new float[,] { { 1, -2, 0.5f }, { 3, 0, -1 } };
    private static readonly Matrix Target = new float[,] { { 0, -1, 2 }, { 3.5f, 1, 1 } };

    [Fact]
    [Trait("Lecture", "L1.3")]
    public void Sum_of_squares_is_half_the_sum_and_its_gradient_the_error()
    {
        var gradient = new Matrix(2, 3);
        double loss = new SumOfSquares().Evaluate(Prediction, Target, gradient);

        // ½(1² + 1² + 1.5² + 0.5² + 1² + 2²) = ½·9.5
        loss.Should().BeApproximately(4.75, 1e-12);
        gradient.Span.ToArray().Should().Equal(1, -1, -1.5f, -0.5f, -1, -2);
    }

    [Fact]
    public void Mean_squared_error_is_the_mean_over_rows_and_columns_without_a_half()
    {
        var gradient = new Matrix(2, 3);
        double loss = new MeanSquaredError().Evaluate(Prediction, Target, gradient);
        loss.Should().BeApproximately(9.5 / 6, 1e-12);
        float[] errors = [1, -1, -1.5f, -0.5f, -1, -2];
        for (int i = 0; i < errors.Length; i++)
        {
            gradient.Span[i].Should().BeApproximately(2 * errors[i] / 6, 1e-7f);
        }
    }

    public static TheoryData<Loss> Losses => [new SumOfSquares(), new MeanSquaredError()];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Without_a_gradient_the_value_is_the_same(Loss loss) =>
        loss.Evaluate(Prediction, Target).Should().Be(loss.Evaluate(Prediction, Target, new Matrix(2, 3)));

    [Theory]
    [MemberData(nameof(Losses))]
    public void Other_shapes_and_empty_batches_are_refused(Loss loss)
    {
        loss.Invoking(l => l.Evaluate(Prediction, new Matrix(2, 2))).Should().Throw<ArgumentException>().WithMessage("*shape 2×3, received 2×2*");
        loss.Invoking(l => l.Evaluate(Prediction, new Matrix(3, 3))).Should().Throw<ArgumentException>().WithMessage("*shape 2×3, received 3×3*");
        loss.Invoking(l => l.Evaluate(Prediction, Target, new Matrix(2, 4))).Should().Throw<ArgumentException>().WithMessage("*gradient*2×3, received 2×4*");
        loss.Invoking(l => l.Evaluate(new Matrix(0, 3), new Matrix(0, 3))).Should().Throw<ArgumentException>().WithMessage("*empty batch*");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_value_that_is_not_finite_is_reported_with_its_place(Loss loss)
    {
        Matrix prediction = Prediction.Clone();
        prediction[1, 0] = float.NaN;
        loss.Invoking(l => l.Evaluate(prediction, Target, new Matrix(2, 3))).Should().Throw<NotFiniteNumberException>()
            .WithMessage("*first prediction that is not finite is NaN in row 1, column 0*lower the learning rate*");
        Matrix target = Target.Clone();
        target[0, 2] = float.PositiveInfinity;
        loss.Invoking(l => l.Evaluate(Prediction, target)).Should().Throw<NotFiniteNumberException>()
            .WithMessage("*first target that is not finite is Infinity in row 0, column 2*");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Nothing_is_allocated(Loss loss)
    {
        var gradient = new Matrix(2, 3);
        Harness.Allocation.PerCall(() => loss.Evaluate(Prediction, Target, gradient)).Should().Be(0);
    }
}
