namespace NeuralTrain.Tests.Activations;

[Trait("Lecture", "L3")]
public sealed class MaxoutTests
{
    [Fact]
    public void With_one_piece_it_is_a_linear_layer()
    {
        var linear = new Linear(5, 3, new Random(1));
        var maxout = new Maxout(5, 3, new Random(2), pieces: 1);
        linear.Weight.Value.CopyTo(maxout.Weight.Value);
        linear.Bias!.Value.Span[1] = 0.5f;
        linear.Bias.Value.CopyTo(maxout.Bias!.Value);
        Matrix input = new float[,] { { 1, -2, 0.5f, 3, -1 }, { 0, 0.1f, 2, -3, 4 } };
        Matrix upstream = new float[,] { { 1, 2, -3 }, { 0.5f, -1, 2 } };

        foreach (Layer layer in new Layer[] { linear, maxout })
        {
            var output = new Matrix(2, 3);
            layer.Forward(input, output);
            layer.Backward(input, output, upstream, new Matrix(2, 5));
        }

        Evaluate.Rows(maxout, input.ToArray()).Cast<float>().Should().Equal(Evaluate.Rows(linear, input.ToArray()).Cast<float>());
        maxout.Weight.Gradient.Span.ToArray().Should().Equal(linear.Weight.Gradient.Span.ToArray());
        maxout.Bias.Gradient.Span.ToArray().Should().Equal(linear.Bias.Gradient.Span.ToArray());
    }

    [Fact]
    public void Two_pieces_of_opposite_sign_make_the_absolute_value()
    {
        var maxout = new Maxout(1, 1, new Random(1));
        new float[] { 1, -1 }.CopyTo(maxout.Weight.Value.Span);

        Evaluate.Values(maxout, -3, 0, 2).Should().Equal(3, 0, 2);
        Evaluate.Derivatives(maxout, -3, 2).Should().Equal(-1, 1);
    }

    [Fact]
    public void A_piece_of_zeros_makes_a_rectifier()
    {
        var maxout = new Maxout(1, 1, new Random(1));
        new float[] { 1, 0 }.CopyTo(maxout.Weight.Value.Span);

        Evaluate.Values(maxout, -3, 0, 2).Should().Equal(0, 0, 2);
    }

    [Fact]
    public void The_gradient_goes_to_the_winner_only_and_among_equals_to_the_first()
    {
        var maxout = new Maxout(1, 2, new Random(1), pieces: 3);
        // Unit 0: pieces 1, 2, 2 times x; unit 1: all the same.
        new float[] { 1, 5, 2, 5, 2, 5 }.CopyTo(maxout.Weight.Value.Span);
        Matrix input = new float[,] { { 1 } };
        var output = new Matrix(1, 2);
        maxout.Forward(input, output);
        maxout.Backward(input, output, new float[,] { { 10, 20 } }, default);

        output.Span.ToArray().Should().Equal(2, 5);
        maxout.Weight.Gradient.Span.ToArray().Should().Equal(0, 20, 10, 0, 0, 0);
        maxout.Bias!.Gradient.Span.ToArray().Should().Equal(0, 20, 10, 0, 0, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Not_a_number_in_any_piece_is_handed_on(int piece)
    {
        var maxout = new Maxout(1, 1, new Random(1), pieces: 3);
        maxout.Bias!.Value.Span[piece] = float.NaN;

        Evaluate.Values(maxout, 1)[0].Should().Be(float.NaN);
    }

    [Fact]
    public void The_default_weights_keep_the_size_of_the_signal_through_two_pieces()
    {
        const int Width = 300;
        var random = new Random(1);
        var network = new Sequential([.. Enumerable.Range(0, 8).Select(_ => new Maxout(Width, Width, random))]);
        var input = new Matrix(50, Width);
        foreach (ref float value in input.Span)
        {
            value = (float)MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        }

        network.Predict(input).Span.ToArray().Average(value => (double)value * value).Should().BeInRange(0.5, 2);
    }

    [Fact]
    public void Pieces_are_drawn_apart_and_a_seed_repeats_them()
    {
        var first = new Maxout(4, 3, new Random(1));
        var second = new Maxout(4, 3, new Random(1));

        float[] weights = first.Weight.Value.Span.ToArray();
        weights.Should().OnlyHaveUniqueItems();
        second.Weight.Value.Span.ToArray().Should().Equal(weights);
        first.Bias!.Value.Span.ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Weights_are_regularized_and_biases_are_not()
    {
        var maxout = new Maxout(4, 3, new Random(1), pieces: 5);

        maxout.Weight.ToString().Should().Be("weight [15, 4]");
        maxout.Weight.IsRegularized.Should().BeTrue();
        maxout.Bias!.ToString().Should().Be("bias [15]");
        maxout.Bias.IsRegularized.Should().BeFalse();
    }

    [Fact]
    public void Given_initializers_are_used()
    {
        var maxout = new Maxout(
            4, 3, new Random(1), weightInitializer: new Constant(2), biasInitializer: new Constant(0.01));

        maxout.Weight.Value.Span.ToArray().Should().OnlyContain(value => value == 2);
        maxout.Bias!.Value.Span.ToArray().Should().OnlyContain(value => value == 0.01f);
        maxout.Weight.Initializer.Should().BeOfType<Constant>();
    }

    [Fact]
    public void A_frozen_layer_gathers_no_gradient_but_hands_it_down()
    {
        var maxout = new Maxout(1, 1, new Random(1));
        maxout.Weight.Value.Span.Fill(3);
        maxout.Freeze();

        Evaluate.Derivatives(maxout, 1, 2).Should().Equal(3, 3);
        maxout.Weight.Gradient.Span.ToArray().Should().OnlyContain(value => value == 0);
        maxout.Bias!.Gradient.Span.ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Backward_without_forward_is_refused()
    {
        var maxout = new Maxout(1, 1, new Random(1));
        var batch = new Matrix(2, 1);
        Action backward = () => maxout.Backward(batch, batch, batch, default);

        backward.Should().Throw<InvalidOperationException>().WithMessage("*Maxout(1 → 1, 2 pieces)*2×1*Call Forward (not Infer)*");
    }
}
