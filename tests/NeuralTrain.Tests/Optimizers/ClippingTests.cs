namespace NeuralTrain.Tests.Optimizers;

public sealed class ClippingTests
{
    private static Linear Layer() => new(3, 2, new Random(1));

    [Fact]
    public void A_gradient_shorter_than_the_clip_norm_stays_bit_for_bit()
    {
        Linear clipped = Layer(), plain = Layer();
        foreach (Linear layer in new[] { clipped, plain })
        {
            layer.Weight.Gradient.Span.Fill(0.3f);
            layer.Bias!.Gradient.Span.Fill(-0.7f);
        }

        new SGD(plain).Step();
        new SGD(clipped) { ClipNorm = 2, ClipValue = 0.8 }.Step();
        clipped.Weight.Value.Span.SequenceEqual(plain.Weight.Value.Span).Should().BeTrue();
        clipped.Bias!.Value.Span.SequenceEqual(plain.Bias!.Value.Span).Should().BeTrue();
    }

    [Fact]
    public void Clipping_by_value_alone_cuts_each_value_and_leaves_the_rest()
    {
        var layer = new Linear(4, 1, new Random(1));
        layer.Weight.Value.Span.Clear();
        new float[] { 0.2f, -0.2f, 5, -7 }.CopyTo(layer.Weight.Gradient.Span);
        layer.Bias!.Gradient.Span[0] = 3;
        new SGD(layer, learningRate: 1) { ClipValue = 0.5 }.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal(-0.2f, 0.2f, -0.5f, 0.5f);
        layer.Bias.Value.Span[0].Should().Be(-0.5f);
    }

    [Fact]
    public void Clipping_by_value_does_not_turn_a_gradient_that_is_no_number_into_a_step()
    {
        var layer = new Linear(2, 1, new Random(1), bias: false);
        layer.Weight.Gradient.Span[0] = float.NaN;
        new SGD(layer, learningRate: 1) { ClipValue = 0.5 }.Step();
        layer.Weight.Value.Span[0].Should().Be(float.NaN);
    }

    [Fact]
    public void Exploding_but_finite_gradients_are_clipped_even_where_their_squares_overflow()
    {
        var layer = new Linear(2, 1, new Random(1), bias: false);
        layer.Weight.Value.Span.Clear();
        new float[] { 3e30f, -4e30f }.CopyTo(layer.Weight.Gradient.Span);
        var optimizer = new SGD(layer, learningRate: 1) { ClipNorm = 10 };
        optimizer.Step();
        optimizer.LastGradientNorm.Should().BeApproximately(5e30, 1e24);
        layer.Weight.Value.Span[0].Should().BeApproximately(-6, 1e-5f);
        layer.Weight.Value.Span[1].Should().BeApproximately(8, 1e-5f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Clipping_by_norm_refuses_a_gradient_that_is_not_finite_and_changes_nothing(float bad)
    {
        var network = new Sequential(new Linear(3, 2, new Random(1)), new Sigmoid(), new Linear(2, 1, new Random(2)));
        Parameter culprit = network.NamedParameters().Single(named => named.Path == "2.weight").Parameter;
        culprit.Gradient.Span[1] = bad;
        float[][] before = [.. network.NamedParameters().Select(named => named.Parameter.Value.Span.ToArray())];
        var optimizer = new Adam(network) { ClipNorm = 1 };

        Action step = optimizer.Step;

        step.Should().Throw<NotFiniteNumberException>().WithMessage("*'2.weight'*");
        network.NamedParameters().Select(named => named.Parameter.Value.Span.ToArray()).Should().BeEquivalentTo(before);
        optimizer.StepCount.Should().Be(0);
    }

    [Fact]
    public void A_frozen_parameters_bad_gradient_does_not_matter_to_clipping()
    {
        Linear layer = Layer();
        layer.Weight.IsTrainable = false;
        layer.Weight.Gradient.Span[0] = float.NaN;
        layer.Bias!.Gradient.Span[0] = 3;
        layer.Bias.Gradient.Span[1] = 4;
        var optimizer = new SGD(layer) { ClipNorm = 1 };
        optimizer.Step();
        optimizer.LastGradientNorm.Should().BeApproximately(5, 1e-12);
    }

    [Fact]
    public void The_norm_is_reported_only_for_steps_that_measure_it()
    {
        Linear layer = Layer();
        var optimizer = new SGD(layer);
        optimizer.LastGradientNorm.Should().BeNull();
        optimizer.ClipNorm = 1;
        optimizer.Step();
        optimizer.LastGradientNorm.Should().Be(0);
        optimizer.ClipNorm = null;
        optimizer.Step();
        optimizer.LastGradientNorm.Should().BeNull();
    }
}
