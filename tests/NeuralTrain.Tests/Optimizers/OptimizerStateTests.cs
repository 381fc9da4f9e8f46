using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Optimizers;

public sealed class OptimizerStateTests
{
    public static TheoryData<string> Cases => [.. OptimizerCases.All.Select(optimizerCase => optimizerCase.Name)];

    [Fact]
    public void A_rule_keeps_as_many_arrays_as_it_needs()
    {
        Sequential network = Network();
        Optimizer[] optimizers = [new SGD(network), new Momentum(network), new Nesterov(network), new AdaGrad(network), new RMSprop(network), new Adam(network), new AdamW(network), new NAdam(network)];
        foreach (Optimizer optimizer in optimizers) Steps(network, optimizer, 1);
        optimizers.Select(optimizer => optimizer.State.Arrays[0]!.Length).Should().Equal(0, 1, 1, 1, 1, 2, 2, 2);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_clone_goes_on_with_the_same_bits_and_leaves_the_original_alone(string name)
    {
        OptimizerCase optimizerCase = OptimizerCases.All.Single(candidate => candidate.Name == name);
        Sequential network = Network();
        Optimizer optimizer = optimizerCase.Create(network, 0.05);
        (optimizer.L2, optimizer.ClipNorm, optimizer.ClipValue) = (0.01, 0.9, 0.5);
        optimizer.SetRate(network.Children[1], 0.3);
        network.Children[0].Parameters[1].IsTrainable = false;
        Steps(network, optimizer, 2);
        network.Children[0].Parameters[1].IsTrainable = true;
        Steps(network, optimizer, 1);

        Sequential copy = network.Clone();
        Optimizer clone = optimizer.CloneFor(copy);
        (clone.ToString(), clone.LearningRate, clone.L2, clone.ClipNorm, clone.ClipValue, clone.StepCount)
            .Should().Be((optimizer.ToString(), 0.05, 0.01, 0.9, 0.5, 3));
        float[] before = Values(network);
        Steps(copy, clone, 3);
        Values(network).Should().Equal(before, "steps of the clone are none of the original's");
        Steps(network, optimizer, 3);
        Values(copy).Should().Equal(Values(network));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_restored_state_gives_the_next_three_steps_again(string name)
    {
        OptimizerCase optimizerCase = OptimizerCases.All.Single(candidate => candidate.Name == name);
        Sequential network = Network();
        Optimizer optimizer = optimizerCase.Create(network, 0.05);
        Steps(network, optimizer, 2);
        var state = new OptimizerState();
        state.CopyFrom(optimizer.State);
        Sequential kept = network.Clone();
        Steps(network, optimizer, 3);
        float[] first = Values(network);

        // The state is a copy: the steps in between have not changed it.
        Optimizer other = optimizerCase.Create(kept, 7);
        other.Fits(state).Should().BeTrue();
        other.State.CopyFrom(state);
        Steps(kept, other, 3);
        Values(kept).Should().Equal(first);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_rule_in_words_tells_every_constant_apart(string name)
    {
        string own = OptimizerCases.All.Single(candidate => candidate.Name == name).Create(Network(), 0.1).ToString();
        OptimizerCases.All.Where(candidate => candidate.Name != name).Select(candidate => candidate.Create(Network(), 0.1).ToString()).Should().NotContain(own);
    }

    [Fact]
    public void A_state_of_another_rule_or_network_does_not_fit()
    {
        Sequential network = Network();
        var adam = new Adam(network);
        Steps(network, adam, 1);
        new SGD(network).Fits(adam.State).Should().BeFalse();
        var other = new Sequential(new Linear(3, 4, new Random(1)), new Linear(4, 3, new Random(1)));
        new Adam(other).Fits(adam.State).Should().BeFalse();
        adam.Invoking(own => own.CloneFor(other)).Should().Throw<ArgumentException>().WithMessage("*parameters differ*");
    }

    [Fact]
    public void A_custom_rule_is_cloned_without_further_ado()
    {
        Sequential network = Network();
        var optimizer = new Heavy(network, 0.5);
        Steps(network, optimizer, 2);
        Sequential copy = network.Clone();
        Optimizer clone = optimizer.CloneFor(copy);
        Steps(network, optimizer, 2);
        Steps(copy, clone, 2);
        Values(copy).Should().Equal(Values(network));
    }

    private sealed class Heavy(Layer network, double momentum) : Optimizer(network, learningRate: 0.1)
    {
        protected override int StateCount => 1;

        protected override void Update(in ParameterUpdate update)
        {
            for (int i = 0; i < update.Value.Length; i++)
            {
                update.State(0)[i] = (float)((momentum * update.State(0)[i]) - (update.LearningRate * update.Gradient[i]));
                update.Value[i] += update.State(0)[i];
                update.Gradient[i] = 0;
            }
        }
    }

    private static Sequential Network()
    {
        var random = new Random(2);
        return new Sequential(new Linear(3, 4, random), new Linear(4, 2, random));
    }

    private static void Steps(Sequential network, Optimizer optimizer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var random = new Random((int)optimizer.StepCount);
            foreach ((_, Parameter parameter) in network.NamedParameters())
            {
                foreach (ref float gradient in parameter.Gradient.Span)
                {
                    gradient = random.NextSingle() - 0.4f;
                }
            }

            optimizer.Step();
        }
    }

    private static float[] Values(Layer layer) => [.. layer.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray())];
}
