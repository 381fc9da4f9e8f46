using NeuralTrain.Tests.Serving;

namespace NeuralTrain.Tests.Layers;

[Trait("Lecture", "L7.4")]
public sealed class TransferTests
{
    [Fact]
    public void Frozen_layers_keep_their_bits_while_the_new_head_learns()
    {
        Sequential pretrained = Networks.Mixed(3);
        int[] original = Networks.Bits(pretrained);
        Sequential trunk = pretrained.Take(^1);
        trunk.Freeze();
        var head = new Linear(16, 2, new Random(5));
        Sequential network = trunk.Append(head);
        int[] frozen = Networks.Bits(network)[..^(2 * 17)];
        frozen.Should().HaveCount((4 * 16) + 16 + (4 * 16), "weights, biases, and the four arrays of the batch normalisation");
        int[] headBefore = Networks.Bits(head);

        (double first, double last) = Train(network, new Adam(network, learningRate: 0.05) { L2 = 0.001 }, 200);

        last.Should().BeLessThan(first / 3);
        Networks.Bits(network)[..^(2 * 17)].Should().Equal(frozen);
        Networks.Bits(head).Should().NotEqual(headBefore);
        Networks.Bits(pretrained).Should().Equal(original);
        pretrained.Children.Should().OnlyContain(layer => !layer.IsFrozen);
    }

    [Fact]
    public void Without_freezing_the_batch_statistics_and_weights_move_so_the_test_above_can_fail()
    {
        Sequential network = Networks.Mixed(3).Take(^1).Append(new Linear(16, 2, new Random(5)));
        int[] before = Networks.Bits(network);
        Train(network, new Adam(network, learningRate: 0.05), 3);
        int[] after = Networks.Bits(network);
        (string Path, Parameter Parameter)[] parameters = [.. network.NamedParameters()];
        foreach (string path in new[] { "0.weight", "1.running_mean", "1.weight", "4.weight" })
        {
            int start = parameters.TakeWhile(named => named.Path != path).Sum(named => named.Parameter.Value.Span.Length);
            after[start].Should().NotBe(before[start], path);
        }
    }

    [Fact]
    public void A_thawed_trunk_can_learn_slower_than_the_head()
    {
        Sequential trunk = Networks.Mixed(3).Take(4);
        trunk.Freeze();
        Sequential network = trunk.Append(new Linear(16, 2, new Random(5)));
        network.Unfreeze();
        var optimizer = new SGD(network, learningRate: 0.1);
        for (int i = 0; i < 4; i++)
        {
            if (network.Children[i].Parameters.Count > 0)
            {
                optimizer.SetRate(network.Children[i], 0.1);
            }
        }

        float[] before = network.Children[0].Parameters[0].Value.Span.ToArray();
        Train(network, optimizer, 1, seed: 3);
        network.Children[0].Parameters[0].Value.Span.ToArray().Should().NotEqual(before);
    }

    [Fact]
    public void What_is_taken_predicts_as_the_beginning_did_and_has_memory_of_its_own()
    {
        Sequential network = Networks.Mixed(3);
        Matrix inputs = Networks.Inputs(6);
        Sequential trunk = network.Take(3);
        trunk.Children.Should().HaveCount(3);
        trunk.Append(network.Children[3].Clone(), network.Children[4].Clone()).Predict(inputs).Span.ToArray()
            .Should().Equal(network.Predict(inputs).Span.ToArray());
        trunk.Children[0].Parameters[0].Value.Span.Clear();
        network.Children[0].Parameters[0].Value.Span.ToArray().Should().NotContain(0);
    }

    [Fact]
    public void Trained_weights_are_not_drawn_anew_by_the_activation_that_now_follows()
    {
        var network = new Sequential(new Linear(4, 4, new Random(1)), new Sigmoid());
        float[] weights = network.Children[0].Parameters[0].Value.Span.ToArray();
        network.Take(1).Append(new ReLU(), new Linear(4, 1, new Random(2))).Children[0].Parameters[0].Value.Span.ToArray().Should().Equal(weights);
    }

    [Fact]
    public void Too_many_or_no_layers_and_heads_that_do_not_fit_are_refused()
    {
        Sequential network = Networks.Mixed(3);
        network.Invoking(n => n.Take(0)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*5 layers*1 to 5*");
        network.Invoking(n => n.Take(6)).Should().Throw<ArgumentOutOfRangeException>();
        network.Invoking(n => n.Take(^5)).Should().Throw<ArgumentOutOfRangeException>();
        network.Invoking(n => n.Append()).Should().Throw<ArgumentException>().WithMessage("*at least one*Clone*");
        network.Invoking(n => n.Append(new Linear(16, 2, new Random(1)))).Should().Throw<ArgumentException>().WithMessage("*expects 16 columns, received 3*");
    }

    private static (double First, double Last) Train(Sequential network, Optimizer optimizer, int steps, int seed = 11)
    {
        Matrix inputs = Networks.Inputs(64, seed);
        int[] labels = [.. Enumerable.Range(0, 64).Select(row => inputs[row, 0] + inputs[row, 1] > 0 ? 1 : 0)];
        Matrix targets = OneHot.Encode(labels, 2);
        var loss = new SoftmaxCrossEntropy();
        var gradient = new Matrix(64, 2);
        var losses = new List<double>();
        for (int step = 0; step < steps; step++)
        {
            losses.Add(loss.Evaluate(network.Forward(inputs), targets, gradient));
            network.Backward(gradient);
            optimizer.Step();
        }

        return (losses[0], losses[^1]);
    }
}
