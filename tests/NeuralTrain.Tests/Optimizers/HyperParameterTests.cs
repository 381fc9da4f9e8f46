namespace NeuralTrain.Tests.Optimizers;

public sealed class HyperParameterTests
{
    private static Linear Layer() => new(3, 2, new Random(1));

    public static TheoryData<string, Action> BadNumbers
    {
        get
        {
            var data = new TheoryData<string, Action>();
            foreach (double bad in new[] { double.NaN, double.PositiveInfinity, -0.1, 1e300 })
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
                data.Add("beta1", () => _ = new NAdam(Layer(), beta1: bad));
                data.Add("L1", () => _ = new SGD(Layer()) { L1 = bad });
                data.Add("MaxNorm", () => _ = new SGD(Layer()) { MaxNorm = bad });
                data.Add("L2", () => _ = new SGD(Layer()) { L2 = bad });
                data.Add("LearningRate", () => _ = new SGD(Layer()) { LearningRate = bad });
                data.Add("ClipNorm", () => _ = new SGD(Layer()) { ClipNorm = bad });
                data.Add("ClipValue", () => _ = new SGD(Layer()) { ClipValue = bad });
                data.Add("factor", () =>
                {
                    Linear layer = Layer();
                    new SGD(layer).SetRate(layer, bad);
                });
            }

            data.Add("momentumDecay", () => _ = new NAdam(Layer(), momentumDecay: -1));
            data.Add("momentum", () => _ = new Momentum(Layer(), momentum: 1));
            data.Add("momentum", () => _ = new Nesterov(Layer(), momentum: 1));
            data.Add("beta", () => _ = new RMSprop(Layer(), beta: 1));
            data.Add("beta1", () => _ = new Adam(Layer(), beta1: 1));
            data.Add("beta2", () => _ = new Adam(Layer(), beta2: 1));
            data.Add("beta1", () => _ = new AdamW(Layer(), beta1: 1));
            data.Add("beta2", () => _ = new AdamW(Layer(), beta2: 1));
            data.Add("beta1", () => _ = new NAdam(Layer(), beta1: 1));
            data.Add("beta2", () => _ = new NAdam(Layer(), beta2: 1));
            data.Add("epsilon", () => _ = new Adam(Layer(), epsilon: 0));
            data.Add("epsilon", () => _ = new Adam(Layer(), epsilon: 1e-60));
            data.Add("ClipNorm", () => _ = new SGD(Layer()) { ClipNorm = 0 });

            // What float32 makes something else of: 2λ infinite, a velocity that never fades, every gradient cut to 0.
            data.Add("L2", () => _ = new SGD(Layer()) { L2 = 2e38 });
            data.Add("momentum", () => _ = new Momentum(Layer(), momentum: 1 - 1e-12));
            data.Add("momentum", () => _ = new Nesterov(Layer(), momentum: 1 - 1e-12));
            data.Add("ClipValue", () => _ = new SGD(Layer()) { ClipValue = 1e-60 });
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

    [Fact]
    public void What_only_float32_cannot_hold_is_refused_with_the_reason()
    {
        Action rate = () => _ = new Momentum(Layer(), 1e300);
        rate.Should().Throw<ArgumentOutOfRangeException>().WithMessage("learningRate must be 3.4028234663852886E+38 or less, received 1E+300: *float32*Typical values*");
        Action momentum = () => _ = new Momentum(Layer(), momentum: 0.99999999999);
        momentum.Should().Throw<ArgumentOutOfRangeException>().WithMessage("momentum must lie in ?0, 1) as float32*received 0.99999999999, which is 1 there*");
        Action slow = () => _ = new Adam(Layer(), beta2: 0.99999999999);
        slow.Should().NotThrow("the rule computes with 1 − β₂, which float32 holds");
    }
}
