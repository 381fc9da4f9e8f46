namespace NeuralTrain.Tests.Layers;

[Trait("Lecture", "L1.2")]
public sealed class LinearTests
{
    [Fact]
    public void Weights_are_outputs_by_inputs_and_named_as_in_PyTorch()
    {
        var linear = new Linear(3, 4, new Random(1));
        linear.Parameters.Select(parameter => parameter.ToString()).Should().Equal("weight [4, 3]", "bias [4]");
        linear.ToString().Should().Be("Linear(3 → 4)");
    }

    [Fact]
    public void Without_biases_there_is_one_parameter()
    {
        var linear = new Linear(3, 4, new Random(1), bias: false);
        linear.Parameters.Should().ContainSingle().Which.Should().BeSameAs(linear.Weight);
        linear.Bias.Should().BeNull();
        linear.ToString().Should().Be("Linear(3 → 4, no bias)");
    }

    [Fact]
    public void Biases_start_at_zero_or_as_told()
    {
        new Linear(3, 4, new Random(1)).Bias!.Value.Span.ToArray().Should().AllBeEquivalentTo(0f);
        var told = new Linear(3, 4, new Random(1), biasInitializer: new Uniform(1, 2));
        told.Bias!.Value.Span.ToArray().Should().OnlyContain(value => value >= 1 && value < 2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_one_number_is_drawn_whatever_the_size()
    {
        Random first = new(5), second = new(5);
        new Linear(3, 4, first).Weight.Value.Span.ToArray().Should().Equal(new Linear(3, 4, second).Weight.Value.Span.ToArray());
        _ = new Linear(30, 40, new Random(5));
        first.Next().Should().Be(second.Next());
        Random small = new(6), large = new(6);
        _ = new Linear(1, 1, small);
        _ = new Linear(100, 100, large);
        small.Next().Should().Be(large.Next());
    }

    [Theory]
    [InlineData(0, 4, "inputSize")]
    [InlineData(-3, 4, "inputSize")]
    [InlineData(3, 0, "outputSize")]
    [InlineData(3, -4, "outputSize")]
    public void A_size_that_is_not_positive_is_refused(int inputs, int outputs, string name)
    {
        Action create = () => _ = new Linear(inputs, outputs, new Random(1));
        create.Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name).WithMessage("*must be 1 or more*");
    }

    [Fact]
    public void A_matrix_of_another_shape_is_refused_with_what_was_expected()
    {
        var linear = new Linear(3, 2, new Random(1));
        Matrix input = new(4, 3), output = new(4, 2);
        linear.Invoking(l => l.Infer(new Matrix(4, 2), output)).Should().Throw<ArgumentException>()
            .WithMessage("Linear(3 → 2) expects 3 columns, received a 4×2 input*").WithParameterName("input");
        linear.Invoking(l => l.Forward(input, new Matrix(3, 2))).Should().Throw<ArgumentException>()
            .WithMessage("Linear(3 → 2) writes a 4×2 output for a 4×3 input, received 3×2*").WithParameterName("output");
        linear.Invoking(l => l.Backward(input, output, new Matrix(3, 2), default)).Should().Throw<ArgumentException>()
            .WithMessage("Linear(3 → 2) expects a 4×2 outputGradient*received 3×2*").WithParameterName("outputGradient");
        linear.Invoking(l => l.Backward(input, output, output, new Matrix(3, 3))).Should().Throw<ArgumentException>()
            .WithMessage("Linear(3 → 2) expects a 4×3 inputGradient*received 3×3*").WithParameterName("inputGradient");
    }

    [Fact]
    public void A_bias_initializer_without_biases_is_refused()
    {
        Action create = () => _ = new Linear(3, 4, new Random(1), bias: false, biasInitializer: new Uniform(0, 1));
        create.Should().Throw<ArgumentException>().WithMessage("*without biases*");
    }

    [Fact]
    public void A_frozen_weight_gets_no_gradient_and_the_rest_still_does()
    {
        var linear = new Linear(2, 3, new Random(1));
        linear.Weight.IsTrainable = false;
        Matrix input = new float[,] { { 1, 2 } };
        var output = new Matrix(1, 3);
        var inputGradient = new Matrix(1, 2);
        linear.Forward(input, output);
        linear.Backward(input, output, new float[,] { { 1, 1, 1 } }, inputGradient);
        linear.Weight.Gradient.Span.ToArray().Should().AllBeEquivalentTo(0f);
        linear.Bias!.Gradient.Span.ToArray().Should().AllBeEquivalentTo(1f);
        inputGradient.Span.ToArray().Should().NotContain(0f);

        linear.Bias.IsTrainable = false;
        linear.Backward(input, output, new float[,] { { 1, 1, 1 } }, inputGradient);
        linear.Bias.Gradient.Span.ToArray().Should().AllBeEquivalentTo(1f, "what is frozen is added nothing");
    }
}
