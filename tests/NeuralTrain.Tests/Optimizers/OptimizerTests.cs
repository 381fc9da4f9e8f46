namespace NeuralTrain.Tests.Optimizers;

public sealed class OptimizerTests
{
    private static Linear Layer() => new(3, 2, new Random(1));

    [Fact]
    [Trait("Lecture", "L4.2")]
    public void SGD_with_L2_is_the_lectures_weight_decay()
    {
        Linear layer = Layer();
        float[] before = layer.Weight.Value.Span.ToArray();
        layer.Weight.Gradient.Span.Fill(0.5f);
        new SGD(layer, learningRate: 0.1) { L2 = 0.2 }.Step();
        for (int i = 0; i < before.Length; i++)
        {
            // W := (1 − 2γλ)W − γ·∂L/∂W
            ((double)layer.Weight.Value.Span[i]).Should().BeApproximately(((1 - (2 * 0.1 * 0.2)) * before[i]) - (0.1 * 0.5), 1e-7);
        }
    }

    [Fact]
    [Trait("Lecture", "L4.2")]
    public void The_regularization_loss_is_lambda_times_the_sum_of_squared_weights_without_biases()
    {
        Linear layer = Layer();
        new float[] { 1, -2, 3, 0, 0.5f, 4 }.CopyTo(layer.Weight.Value.Span);
        layer.Bias!.Value.Span.Fill(100);
        new SGD(layer) { L2 = 0.1 }.RegularizationLoss().Should().BeApproximately(0.1 * (1 + 4 + 9 + 0.25 + 16), 1e-12);
        new SGD(layer).RegularizationLoss().Should().Be(0);
    }

    [Fact]
    public void The_decay_of_AdamW_is_no_part_of_the_regularization_loss() =>
        new AdamW(Layer(), weightDecay: 0.1).RegularizationLoss().Should().Be(0);

    [Fact]
    [Trait("Lecture", "L5.2")]
    public void The_velocity_keeps_the_rate_it_was_gathered_at()
    {
        var layer = new Linear(1, 1, new Random(1), bias: false);
        layer.Weight.Value.Span[0] = 1;
        var optimizer = new Momentum(layer, learningRate: 0.1, momentum: 0.9);
        layer.Weight.Gradient.Span[0] = 1;
        optimizer.Step();
        optimizer.LearningRate = 0;
        optimizer.Step();

        // v = −0.1, then −0.09: with the rate outside the velocity the second step would be 0.
        layer.Weight.Value.Span[0].Should().BeApproximately(1 - 0.1f - 0.09f, 1e-6f);
    }

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

    [Fact]
    public void A_rate_for_a_layer_of_another_network_is_refused()
    {
        var network = new Sequential(Layer(), new Sigmoid());
        var optimizer = new SGD(network);
        Action foreign = () => optimizer.SetRate(Layer(), 0.1);
        Action empty = () => optimizer.SetRate(network.Children[1], 0.1);
        Action zero = () => optimizer.SetRate(network, 0);
        foreign.Should().Throw<ArgumentException>().WithMessage("*of another network*");
        empty.Should().Throw<ArgumentException>().WithMessage("*Sigmoid without any parameter*");
        zero.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Freeze*");
    }

    public static TheoryData<string, Action> BadNumbers
    {
        get
        {
            var data = new TheoryData<string, Action>();
            foreach (double bad in new[] { double.NaN, double.PositiveInfinity, -0.1 })
            {
                data.Add("learningRate", () => _ = new SGD(Layer(), bad));
                data.Add("learningRate", () => _ = new Momentum(Layer(), bad));
                data.Add("learningRate", () => _ = new Nesterov(Layer(), bad));
                data.Add("learningRate", () => _ = new AdaGrad(Layer(), bad));
                data.Add("learningRate", () => _ = new RMSprop(Layer(), bad));
                data.Add("learningRate", () => _ = new Adam(Layer(), bad));
                data.Add("learningRate", () => _ = new AdamW(Layer(), bad));
                data.Add("momentum", () => _ = new Momentum(Layer(), momentum: bad));
                data.Add("momentum", () => _ = new Nesterov(Layer(), momentum: bad));
                data.Add("epsilon", () => _ = new AdaGrad(Layer(), epsilon: bad));
                data.Add("initialAccumulator", () => _ = new AdaGrad(Layer(), initialAccumulator: bad));
                data.Add("beta", () => _ = new RMSprop(Layer(), beta: bad));
                data.Add("epsilon", () => _ = new RMSprop(Layer(), epsilon: bad));
                data.Add("beta1", () => _ = new Adam(Layer(), beta1: bad));
                data.Add("beta2", () => _ = new Adam(Layer(), beta2: bad));
                data.Add("epsilon", () => _ = new Adam(Layer(), epsilon: bad));
                data.Add("beta1", () => _ = new AdamW(Layer(), beta1: bad));
                data.Add("beta2", () => _ = new AdamW(Layer(), beta2: bad));
                data.Add("epsilon", () => _ = new AdamW(Layer(), epsilon: bad));
                data.Add("weightDecay", () => _ = new AdamW(Layer(), weightDecay: bad));
                data.Add("L2", () => _ = new SGD(Layer()) { L2 = bad });
                data.Add("LearningRate", () => _ = new SGD(Layer()) { LearningRate = bad });
                data.Add("ClipNorm", () => _ = new SGD(Layer()) { ClipNorm = bad });
                data.Add("ClipValue", () => _ = new SGD(Layer()) { ClipValue = bad });
            }

            data.Add("momentum", () => _ = new Momentum(Layer(), momentum: 1));
            data.Add("beta1", () => _ = new Adam(Layer(), beta1: 1));
            data.Add("beta2", () => _ = new AdamW(Layer(), beta2: 1));
            data.Add("epsilon", () => _ = new Adam(Layer(), epsilon: 0));
            data.Add("epsilon", () => _ = new Adam(Layer(), epsilon: 1e-60));
            data.Add("ClipNorm", () => _ = new SGD(Layer()) { ClipNorm = 0 });
            data.Add("epsilonPlacement", () => _ = new Adam(Layer(), epsilonPlacement: (EpsilonPlacement)2));
            data.Add("epsilonPlacement", () => _ = new RMSprop(Layer(), epsilonPlacement: (EpsilonPlacement)(-1)));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(BadNumbers))]
    public void Bad_hyper_parameters_are_refused_at_once_by_name(string name, Action create)
    {
        ArgumentNullException.ThrowIfNull(create);
        create.Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be(name);
    }
}
