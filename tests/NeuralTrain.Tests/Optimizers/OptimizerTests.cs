namespace NeuralTrain.Tests.Optimizers;

public sealed class OptimizerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_learning_rate_that_is_not_a_positive_number_is_refused(double rate)
    {
        Action create = () => _ = new SGD(new Linear(2, 1, new Random(1)), rate);
        create.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("learningRate").WithMessage("*finite number greater than 0*");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_learning_rate_set_to_a_negative_or_no_number_is_refused_and_the_old_one_kept(double rate)
    {
        var optimizer = new SGD(new Linear(2, 1, new Random(1)), 0.5);
        optimizer.Invoking(o => o.LearningRate = rate).Should().Throw<ArgumentOutOfRangeException>();
        optimizer.LearningRate.Should().Be(0.5);
        optimizer.Invoking(o => o.L2 = rate).Should().Throw<ArgumentOutOfRangeException>();
        optimizer.L2.Should().Be(0);
    }

    [Fact]
    public void A_network_without_parameters_is_refused()
    {
        Action create = () => _ = new SGD(new Sequential(new Sigmoid()));
        create.Should().Throw<ArgumentException>().WithMessage("SGD expects a network with at least one parameter*Sequential(Sigmoid)*Linear*");
    }

    [Fact]
    public void A_step_uses_the_accumulated_gradient_and_clears_it()
    {
        Linear layer = Layer();
        layer.Weight.Gradient.Span.Fill(2);
        layer.Weight.Gradient.Span[0] += 1;
        var optimizer = new SGD(layer, 0.5);
        optimizer.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal(1 - 1.5f, 2 - 1);
        layer.Weight.Gradient.Span.ToArray().Should().AllBeEquivalentTo(0f);
        optimizer.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal(1 - 1.5f, 2 - 1);
        optimizer.StepCount.Should().Be(2);
    }

    [Fact]
    [Trait("Lecture", "L4.2")]
    public void L2_pulls_at_weights_and_never_at_biases()
    {
        Linear layer = Layer();
        var optimizer = new SGD(layer, 0.1) { L2 = 0.25 };

        // R = λΣw² = 0.25·(1 + 4)
        optimizer.RegularizationLoss().Should().BeApproximately(1.25, 1e-12);
        optimizer.Step();

        // W := (1 − 2γλ)·W = 0.95·W
        layer.Weight.Value.Span[0].Should().BeApproximately(0.95f, 1e-6f);
        layer.Weight.Value.Span[1].Should().BeApproximately(1.9f, 1e-6f);
        layer.Bias!.Value.Span[0].Should().Be(3);
    }

    [Fact]
    [Trait("Lecture", "L4.3")]
    public void Regularisation_prefers_spread_weights_to_a_single_large_one()
    {
        static double R(params float[] weights)
        {
            var layer = new Linear(4, 1, new Random(1));
            weights.CopyTo(layer.Weight.Value.Span);
            layer.Forward(new float[,] { { 1, 1, 1, 1 } }, new Matrix(1, 1));
            return new SGD(layer, 1) { L2 = 1 }.RegularizationLoss();
        }

        R(1, 0, 0, 0).Should().Be(1);
        R(0.25f, 0.25f, 0.25f, 0.25f).Should().Be(0.25);
    }

    [Fact]
    public void A_frozen_parameter_keeps_its_value_and_loses_a_gradient_from_before()
    {
        Linear layer = Layer();
        layer.Weight.Gradient.Span.Fill(2);
        layer.Weight.IsTrainable = false;
        var optimizer = new SGD(layer, 0.5) { L2 = 0.1 };
        optimizer.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal(1, 2);
        layer.Weight.IsTrainable = true;
        optimizer.L2 = 0;
        optimizer.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void A_rule_of_ones_own_gets_its_state_and_the_count_of_updates()
    {
        Linear layer = Layer();
        var optimizer = new CountingRule(layer);
        optimizer.Step();
        optimizer.Step();
        layer.Weight.Value.Span.ToArray().Should().Equal(1 - 2, 2 - 2);
        optimizer.Seen.Should().Equal([1, 1, 2, 2], "weights and biases are updated in turn");
    }

    private static Linear Layer()
    {
        var layer = new Linear(2, 1, new Random(1));
        layer.Weight.Value.Span[0] = 1;
        layer.Weight.Value.Span[1] = 2;
        layer.Bias!.Value.Span[0] = 3;
        return layer;
    }

    // Subtracts how often it has seen the value before.
    private sealed class CountingRule(Layer network) : Optimizer(network, 1)
    {
        public List<long> Seen { get; } = [];

        protected override int StateCount => 1;

        protected override void Update(in ParameterUpdate update)
        {
            Seen.Add(update.Step);
            Span<float> count = update.State(0);
            for (int i = 0; i < count.Length; i++)
            {
                count[i]++;
                update.Value[i] -= (float)update.LearningRate;
                update.Gradient[i] = 0;
            }
        }
    }
}
