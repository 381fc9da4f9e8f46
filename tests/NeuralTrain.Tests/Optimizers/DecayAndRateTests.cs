namespace NeuralTrain.Tests.Optimizers;

public sealed class DecayAndRateTests
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
    public void L1_adds_the_sign_of_each_weight_to_its_gradient_after_clipping()
    {
        var layer = new Linear(3, 1, new Random(1));
        new float[] { 2, -0.5f, 0 }.CopyTo(layer.Weight.Value.Span);
        layer.Bias!.Value.Span[0] = 7;
        layer.Weight.Gradient.Span.Fill(10);
        var optimizer = new SGD(layer, learningRate: 0.1) { L1 = 0.3, ClipValue = 1 };
        optimizer.RegularizationLoss().Should().BeApproximately(0.3 * 2.5, 1e-7);
        optimizer.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal([2 - (0.1f * 1.3f), -0.5f - (0.1f * 0.7f), -0.1f], (one, other) => Math.Abs(one - other) < 1e-6f);
        layer.Bias.Value.Span[0].Should().Be(7, "biases are not regularized");
    }

    [Fact]
    public void Everything_decays_where_that_is_asked_for_as_in_PyTorch()
    {
        foreach (Func<Layer, Optimizer> create in new Func<Layer, Optimizer>[]
        {
            network => new SGD(network, 0.1) { L2 = 0.25 }, network => new SGD(network, 0.1) { L1 = 0.5 }, network => new AdamW(network, 0.1, weightDecay: 0.5),
        })
        {
            foreach (bool all in new[] { false, true })
            {
                var layer = new Linear(1, 1, new Random(1));
                layer.Weight.Value.Span[0] = layer.Bias!.Value.Span[0] = 1;
                Optimizer optimizer = create(layer);
                optimizer.RegularizesAll = all;
                optimizer.Step();

                // Each of the three takes 0.1·0.5 away from a value of 1 without a gradient.
                layer.Weight.Value.Span[0].Should().BeApproximately(0.95f, 1e-6f);
                layer.Bias.Value.Span[0].Should().BeApproximately(all ? 0.95f : 1, 1e-6f);
                optimizer.RegularizationLoss().Should().BeApproximately((all ? 2 : 1) * ((optimizer.L2 * 0.95 * 0.95) + (optimizer.L1 * 0.95)), 1e-6);
            }
        }
    }

    [Fact]
    public void No_row_of_weights_becomes_longer_than_the_max_norm()
    {
        var layer = new Linear(2, 2, new Random(1));
        new float[] { 3, 4, 0.3f, 0.4f }.CopyTo(layer.Weight.Value.Span);
        layer.Bias!.Value.Span.Fill(100);
        layer.Weight.Gradient.Span[0] = -10;
        new SGD(layer, learningRate: 0.1) { MaxNorm = 2 }.Step();
        double norm = Math.Sqrt(16 + 16);
        layer.Weight.Value.Span.ToArray().Should().Equal([(float)(4 * 2 / norm), (float)(4 * 2 / norm), 0.3f, 0.4f], (one, other) => Math.Abs(one - other) < 1e-6f);
        layer.Bias.Value.Span.ToArray().Should().OnlyContain(value => value == 100);
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
}
