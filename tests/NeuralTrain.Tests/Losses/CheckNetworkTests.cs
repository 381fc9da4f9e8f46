namespace NeuralTrain.Tests.Losses;

[Trait("Lecture", "L7.2")]
public sealed class CheckNetworkTests
{
    [Fact]
    public void A_softmax_before_the_softmax_cross_entropy_is_refused_with_the_remedy()
    {
        foreach (Layer squashing in (Layer[])[new Softmax(), new LogSoftmax(), new Sigmoid()])
        {
            Action check = () => new SoftmaxCrossEntropy().CheckNetwork(Network(3, squashing));
            check.Should().Throw<ArgumentException>().WithMessage($"SoftmaxCrossEntropy takes raw scores, but the network ends in {squashing}*Remove the layer*");
        }
    }

    [Fact]
    public void A_sigmoid_before_the_binary_cross_entropy_or_the_hinge_is_refused_with_the_remedy()
    {
        foreach (Loss loss in (Loss[])[new BinaryCrossEntropy(), new Hinge()])
        {
            Action check = () => loss.CheckNetwork(Network(1, new Sigmoid()));
            check.Should().Throw<ArgumentException>().WithMessage($"{loss} takes raw scores, but the network ends in Sigmoid*Remove the layer*");
        }
    }

    [Fact]
    public void The_end_of_a_network_is_found_inside_its_containers()
    {
        Layer[] networks =
        [
            new Sequential(new Linear(2, 3, new Random(1)), new Sequential(new Linear(3, 3, new Random(1)), new Softmax())),
            new Sequential(new Linear(2, 3, new Random(1)), new Concatenate(new Identity(), new Sequential(new Linear(3, 2, new Random(1)), new Softmax()))),
            new Softmax(),
            new Sequential(new Linear(2, 3, new Random(1)), new Softmax(), new Identity()),
            new Sequential(new Linear(2, 3, new Random(1)), new Softmax(), new Dropout(0.1, new Random(1)), new GaussianNoise(0.1, new Random(1))),
            new Sequential(new Linear(2, 3, new Random(1)), new Softmax(), new AlphaDropout(0.1, new Random(1))),
        ];
        foreach (Layer network in networks)
        {
            ((Action)(() => new SoftmaxCrossEntropy().CheckNetwork(network))).Should().Throw<ArgumentException>().WithMessage("*ends in Softmax*");
        }
    }

    [Fact]
    public void A_custom_layer_that_says_it_gives_probabilities_is_refused_and_one_that_passes_values_through_is_looked_past()
    {
        var network = new Sequential(new Linear(2, 3, new Random(1)), new Squash(isLast: true), new Squash(isLast: false));
        foreach (Loss loss in new Loss[] { new SoftmaxCrossEntropy(), new BinaryCrossEntropy(), new Hinge() })
        {
            loss.Invoking(l => l.CheckNetwork(network)).Should().Throw<ArgumentException>().WithMessage($"{loss} takes raw scores, but the network ends in Squash*");
        }

        new MeanSquaredError().CheckNetwork(network);
        new MeanSquaredError().CheckNetwork(new Sequential(new Linear(2, 1, new Random(1)), new Squash(isLast: true)));
    }

    [Fact]
    public void A_softmax_cross_entropy_over_one_column_is_refused_with_the_remedy()
    {
        Action check = () => new SoftmaxCrossEntropy().CheckNetwork(Network(1));
        check.Should().Throw<ArgumentException>().WithMessage("*only one*BinaryCrossEntropy*");
    }

    [Fact]
    public void A_softmax_over_one_column_is_refused_whatever_the_loss()
    {
        foreach (Loss loss in (Loss[])[new MeanSquaredError(), new BinaryCrossEntropy(), new SoftmaxCrossEntropy()])
        {
            Action check = () => loss.CheckNetwork(Network(1, new Softmax()));
            check.Should().Throw<ArgumentException>().WithMessage("*Softmax over a single column*BinaryCrossEntropy*");
        }
    }

    [Fact]
    public void A_softmax_over_one_column_is_refused_wherever_it_stands()
    {
        Layer[] networks =
        [
            new Sequential(new Linear(2, 1, new Random(1)), new LogSoftmax(), new Linear(1, 3, new Random(1))),
            new Sequential(new Linear(2, 1, new Random(1)), new Residual(new Softmax())),
            new Sequential(new Linear(2, 4, new Random(1)), new Concatenate(new Identity(), new Sequential(new Linear(4, 1, new Random(1)), new Softmax()))),
        ];
        foreach (Layer network in networks)
        {
            Action check = () => new SumOfSquares().CheckNetwork(network);
            check.Should().Throw<ArgumentException>().WithMessage("*oftmax over a single column*Remove it*a column for each class*");
        }
    }

    [Fact]
    public void Networks_that_suit_their_loss_pass()
    {
        new SumOfSquares().CheckNetwork(new Sequential(new Linear(2, 4, new Random(1)), new Softmax(), new Linear(4, 1, new Random(1))));
        new SumOfSquares().CheckNetwork(new Softmax());
        new SoftmaxCrossEntropy().CheckNetwork(new Sequential(new Identity()));
        new SoftmaxCrossEntropy([1, 2, 3]).CheckNetwork(Network(3));
        new BinaryCrossEntropy().CheckNetwork(Network(1));
        new Hinge().CheckNetwork(Network(1));
        new MeanSquaredError().CheckNetwork(Network(1, new Sigmoid()));
        new SumOfSquares().CheckNetwork(Network(3, new Softmax()));
        new SoftmaxCrossEntropy().CheckNetwork(new Sequential(new Linear(2, 3, new Random(1)), new Sigmoid(), new Linear(3, 2, new Random(1))));
        new SoftmaxCrossEntropy().CheckNetwork(new Sequential(new Linear(2, 3, new Random(1)), new Residual(new Softmax())));
        new SoftmaxCrossEntropy().CheckNetwork(new ReLU());
    }

    [Fact]
    public void A_missing_network_is_refused() =>
        ((Action)(() => new SumOfSquares().CheckNetwork(null!))).Should().Throw<ArgumentNullException>();

    private static Sequential Network(int outputs, Layer? last = null) => last is null
        ? new Sequential(new Linear(2, outputs, new Random(1)))
        : new Sequential(new Linear(2, outputs, new Random(1)), last);

    /// <summary>A sigmoid in a user's words, or a layer that changes nothing.</summary>
    private sealed class Squash(bool isLast) : Layer
    {
        public override (double Low, double High)? OutputRange => isLast ? (0, 1) : null;

        public override bool PassesValuesThrough => !isLast;

        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                output.Span[i] = isLast ? 1 / (1 + MathF.Exp(-input.Span[i])) : input.Span[i];
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
