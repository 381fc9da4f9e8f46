namespace NeuralTrain.Tests.Activations;

[Trait("Lecture", "L3.3")]
public sealed class SoftmaxTests
{
    [Fact]
    public void Rows_sum_to_one_for_every_width()
    {
        var random = new Random(1);
        foreach (int width in new[] { 1, 2, 3, 7, 8, 15, 16, 17, 33, 100 })
        {
            var scores = new Matrix(5, width);
            foreach (ref float score in scores.Span)
            {
                score = (random.NextSingle() - 0.5f) * 40;
            }

            var output = new Matrix(5, width);
            new Softmax().Infer(scores, output);
            for (int row = 0; row < 5; row++)
            {
                output.Row(row).ToArray().Sum(value => (double)value).Should().BeApproximately(1, 1e-6);
            }
        }
    }

    [Fact]
    public void The_lectures_scores_give_its_probabilities_before_and_after_scaling()
    {
        float[,] rows = Evaluate.Rows(new Softmax(), new float[,] { { 0.21f, 0.09f, -0.40f }, { 2.1f, 0.9f, -4.0f } });

        float[] expected = [0.41f, 0.36f, 0.22f, 0.76f, 0.24f, 0.00f];
        rows.Cast<float>().Zip(expected).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 0.01);
    }

    [Fact]
    public void Scores_around_a_hundred_give_what_the_same_scores_around_zero_give()
    {
        float[,] high = Evaluate.Rows(new Softmax(), new float[,] { { 100, 101, 102 } });
        float[,] low = Evaluate.Rows(new Softmax(), new float[,] { { 0, 1, 2 } });

        high.Cast<float>().Should().Equal(low.Cast<float>());
        double sum = 1 + Math.E + (Math.E * Math.E);
        high[0, 0].Should().BeApproximately((float)(1 / sum), 1e-6f);
        high[0, 2].Should().BeApproximately((float)(Math.E * Math.E / sum), 1e-6f);
    }

    [Fact]
    public void Scores_of_ten_thousand_of_either_sign_are_survived()
    {
        float[,] scores = { { 1e4f, 0, -1e4f }, { -1e4f, -1e4f, -1e4f }, { 1e4f, 1e4f, -1e4f }, { -1e4f, 0, -1e4f } };

        Evaluate.Rows(new Softmax(), scores).Cast<float>().Should().Equal(
            1, 0, 0,
            1 / 3f, 1 / 3f, 1 / 3f,
            0.5f, 0.5f, 0,
            0, 1, 0);
        float[,] logarithms = Evaluate.Rows(new LogSoftmax(), scores);
        logarithms[0, 0].Should().Be(0);
        logarithms[0, 2].Should().Be(-2e4f);
        logarithms[1, 1].Should().BeApproximately(-MathF.Log(3), 1e-6f);
        logarithms[2, 0].Should().BeApproximately(-MathF.Log(2), 1e-6f);
        logarithms[3, 0].Should().Be(-1e4f);
    }

    [Fact]
    public void The_largest_finite_scores_are_survived()
    {
        Evaluate.Rows(new Softmax(), new[,] { { float.MaxValue, float.MinValue } }).Cast<float>().Should().Equal(1, 0);
    }

    [Fact]
    public void Not_a_number_spoils_its_own_row_only()
    {
        foreach (Layer layer in new Layer[] { new Softmax(), new LogSoftmax() })
        {
            float[,] rows = Evaluate.Rows(layer, new[,] { { 1, 2, 3 }, { 1, float.NaN, 3 }, { 1, 2, 3 } });

            for (int column = 0; column < 3; column++)
            {
                rows[1, column].Should().Be(float.NaN);
                rows[0, column].Should().Be(rows[2, column]).And.NotBe(float.NaN);
            }
        }
    }

    [Fact]
    public void One_column_always_gives_one_and_hands_no_gradient_down()
    {
        Evaluate.Values(new Softmax(), -1e4f, 0, 3).Should().Equal(1, 1, 1);
        Evaluate.Derivatives(new Softmax(), -1e4f, 0, 3).Should().Equal(0, 0, 0);
        Evaluate.Values(new LogSoftmax(), -1e4f, 0, 3).Should().Equal(0, 0, 0);
        Evaluate.Derivatives(new LogSoftmax(), -1e4f, 0, 3).Should().Equal(0, 0, 0);
    }

    [Fact]
    public void The_logarithm_tells_probabilities_apart_that_are_too_small_for_softmax()
    {
        float[,] scores = { { 0, -200, -300 } };

        Evaluate.Rows(new Softmax(), scores).Cast<float>().Should().Equal(1, 0, 0);
        Evaluate.Rows(new LogSoftmax(), scores).Cast<float>().Should().Equal(0, -200, -300);
    }

    [Fact]
    public void Adding_the_same_to_all_scores_changes_nothing_so_the_gradient_sums_to_zero()
    {
        foreach (Layer layer in new Layer[] { new Softmax(), new LogSoftmax() })
        {
            Matrix input = new float[,] { { 0.3f, -1, 2, 0.7f } };
            Matrix upstream = new float[,] { { 1, -2, 0.5f, 3 } };
            var output = new Matrix(1, 4);
            var gradient = new Matrix(1, 4);
            layer.Forward(input, output);
            layer.Backward(input, output, upstream, gradient);

            gradient.Span.ToArray().Sum(value => (double)value).Should().BeApproximately(0, 1e-6);
            gradient.Span.ToArray().Should().OnlyContain(value => Math.Abs(value) > 1e-3);
        }
    }
}
