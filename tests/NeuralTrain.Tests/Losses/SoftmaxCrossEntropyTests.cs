namespace NeuralTrain.Tests.Losses;

[Trait("Lecture", "L3.3")]
public sealed class SoftmaxCrossEntropyTests
{
    [Fact]
    [Trait("Lecture", "L7.2")]
    public void Equal_scores_for_ten_classes_cost_the_logarithm_of_ten()
    {
        new SoftmaxCrossEntropy().Evaluate(new Matrix(3, 10), OneHot.Encode([0, 4, 9], 10)).Should().BeApproximately(Math.Log(10), 1e-7);
    }

    [Fact]
    public void Without_weights_the_gradient_is_the_difference_of_the_probabilities_over_the_rows()
    {
        // softmax(0.21, 0.09, −0.40) of lecture L4.1
        Matrix gradient = new(1, 3);
        new SoftmaxCrossEntropy().Evaluate(new float[,] { { 0.21f, 0.09f, -0.40f } }, new float[,] { { 0, 1, 0 } }, gradient);
        double sum = Math.Exp(0.21) + Math.Exp(0.09) + Math.Exp(-0.40);
        gradient[0, 0].Should().BeApproximately((float)(Math.Exp(0.21) / sum), 1e-6f);
        gradient[0, 1].Should().BeApproximately((float)((Math.Exp(0.09) / sum) - 1), 1e-6f);
        gradient[0, 2].Should().BeApproximately((float)(Math.Exp(-0.40) / sum), 1e-6f);
    }

    [Fact]
    public void Scores_of_ten_thousand_give_the_exact_loss_on_both_sides()
    {
        Matrix gradient = new(2, 2);
        double loss = new SoftmaxCrossEntropy().Evaluate(
            new float[,] { { 10_000, -10_000 }, { 10_000, -10_000 } }, new float[,] { { 1, 0 }, { 0, 1 } }, gradient);
        loss.Should().Be(10_000, "one row costs nothing, the other the whole distance of 20 000");
        gradient.Span.ToArray().Should().Equal(0, 0, 0.5f, -0.5f);
    }

    [Fact]
    public void Without_class_weights_the_rounding_of_the_targets_does_not_change_what_the_mean_is_taken_over() =>
        new SoftmaxCrossEntropy().Evaluate(new Matrix(2, 2), new float[,] { { 0.5f, 0.4995f }, { 0.5f, 0.4995f } }).Should().BeApproximately(0.9995 * Math.Log(2), 1e-7);

    [Fact]
    public void A_common_offset_changes_nothing()
    {
        Matrix target = new float[,] { { 0, 1, 0 } };
        double plain = new SoftmaxCrossEntropy().Evaluate(new float[,] { { 1, 2, 3 } }, target);
        double shifted = new SoftmaxCrossEntropy().Evaluate(new float[,] { { 10_001, 10_002, 10_003 } }, target);
        shifted.Should().Be(plain);
    }

    [Fact]
    public void Class_weights_divide_by_the_sum_of_the_weights_used()
    {
        // Two rows of ln 2 with weights 1 and 3: (1·ln 2 + 3·ln 2)/(1 + 3), as PyTorch; and 3·ln 2/(1 + 3) when the other costs nothing.
        var loss = new SoftmaxCrossEntropy([1, 3]);
        loss.Evaluate(new Matrix(2, 2), OneHot.Encode([0, 1], 2)).Should().BeApproximately(Math.Log(2), 1e-7);
        loss.Evaluate(new float[,] { { 100, -100 }, { 0, 0 } }, OneHot.Encode([0, 1], 2)).Should().BeApproximately(0.75 * Math.Log(2), 1e-7);
    }

    [Fact]
    public void A_batch_of_a_class_without_weight_moves_nothing()
    {
        Matrix gradient = new(1, 2);
        new SoftmaxCrossEntropy([0, 1]).Evaluate(new Matrix(1, 2), OneHot.Encode([0], 2), gradient).Should().Be(0);
        new SoftmaxCrossEntropy([0, 1]) { DividesByRows = true }.Evaluate(new Matrix(1, 2), OneHot.Encode([0], 2), gradient, [2]).Should().Be(0);
        gradient.Span.ToArray().Should().Equal(0, 0);
    }

    [Fact]
    public void Label_smoothing_spreads_a_part_of_the_target_evenly()
    {
        Matrix scores = new float[,] { { 1, 0, -1 } };
        double smoothed = new SoftmaxCrossEntropy(labelSmoothing: 0.3).Evaluate(scores, OneHot.Encode([0], 3));
        double byHand = new SoftmaxCrossEntropy().Evaluate(scores, new float[,] { { 0.8f, 0.1f, 0.1f } });
        smoothed.Should().BeApproximately(byHand, 1e-6);
    }

    [Fact]
    public void A_row_of_targets_that_does_not_add_up_to_one_is_refused_with_its_sum()
    {
        Action evaluate = () => new SoftmaxCrossEntropy().Evaluate(new Matrix(2, 3), new float[,] { { 0, 1, 0 }, { 1, 1, 0 } });
        evaluate.Should().Throw<ArgumentException>().WithMessage("*row 1*adds up to 2*BinaryCrossEntropy*");
        Action nothing = () => new SoftmaxCrossEntropy().Evaluate(new Matrix(2, 3), new Matrix(2, 3));
        nothing.Should().Throw<ArgumentException>().WithMessage("*row 0*adds up to 0*");
    }

    [Theory]
    [InlineData(new float[] { 0.25f, 0.25f }, "adds up to 0.5")]
    [InlineData(new float[] { -0.25f, 1.25f }, "received -0.25 in row 1, column 0")]
    [InlineData(new float[] { float.NaN, 1 }, "received NaN in row 1, column 0")]
    public void Wrong_targets_are_refused_whatever_the_weights_and_the_smoothing(float[] wrong, string reason)
    {
        Matrix targets = new float[,] { { 1, 0 }, { wrong[0], wrong[1] } };
        foreach (SoftmaxCrossEntropy loss in new[] { new SoftmaxCrossEntropy(), new([0, 1]), new(labelSmoothing: 0.1), new([0, 1], 0.1) })
        {
            foreach (float[] weights in new float[][] { [], [1, 2], [1, 0], [0, 0] })
            {
                Action evaluate = () => loss.Evaluate(new Matrix(2, 2), targets, new Matrix(2, 2), weights);
                evaluate.Should().Throw<ArgumentException>().WithMessage($"*{reason}*");
            }
        }
    }

    [Fact]
    public void A_single_column_is_refused_with_the_remedy()
    {
        Action evaluate = () => new SoftmaxCrossEntropy().Evaluate(new Matrix(2, 1), new float[,] { { 1 }, { 1 } });
        evaluate.Should().Throw<ArgumentException>().WithMessage("*only one*BinaryCrossEntropy*");
    }

    [Fact]
    public void Class_weights_that_cannot_be_are_refused_at_construction()
    {
        RequireRefusal([1, -1], "*received -1 for class 1*");
        RequireRefusal([float.NaN, 1], "*received NaN for class 0*");
        RequireRefusal([1, float.PositiveInfinity], "*for class 1*");
        RequireRefusal([1], "*at least two*");
        RequireRefusal([0, 0], "*not all 0*");

        static void RequireRefusal(float[] weights, string message)
        {
            Action create = () => _ = new SoftmaxCrossEntropy(weights);
            create.Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    [Fact]
    public void Class_weights_of_the_wrong_length_are_refused_when_network_and_loss_meet()
    {
        var loss = new SoftmaxCrossEntropy([1, 2]);
        Action check = () => loss.CheckNetwork(new Sequential(new Linear(2, 3, new Random(1))));
        check.Should().Throw<ArgumentException>().WithMessage("*given 2 class weights, received 3 columns*");
        Action evaluate = () => loss.Evaluate(new Matrix(1, 3), OneHot.Encode([0], 3));
        evaluate.Should().Throw<ArgumentException>().WithMessage("*given 2 class weights, received 3 columns*");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Label_smoothing_outside_its_range_is_refused_at_construction(double labelSmoothing)
    {
        Action create = () => _ = new SoftmaxCrossEntropy(labelSmoothing: labelSmoothing);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("labelSmoothing must lie in [0, 1)*");
    }
}
