namespace NeuralTrain.Tests.Losses;

/// <summary>What losses refuse at the end of a network is asked of its layers, so that custom ones are refused too.</summary>
public sealed class LossCompatibilityTests
{
    public static TheoryData<string, Func<Layer[]>> Ends { get; } = new()
    {
        { "Softmax", () => [new Softmax()] },
        { "AlphaDropout after Softmax", () => [new Softmax(), new AlphaDropout(0.1, new Random(1))] },
        { "custom layers that pass values through after LogSoftmax", () => [new LogSoftmax(), new Harness.RandomScale(0.1f, new Random(1))] },
        { "a custom layer of probabilities", () => [new HardSigmoid()] },
        { "a custom layer of probabilities in a branch", () => [new Concatenate(new Identity(), new HardSigmoid())] },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Probabilities_at_the_end_are_refused_whoever_wrote_the_layer(string what, Func<Layer[]> end)
    {
        var network = new Sequential([new Linear(2, 3, new Random(1)), .. end()]);
        ((Action)(() => new SoftmaxCrossEntropy().CheckNetwork(network))).Should().Throw<ArgumentException>(what).WithMessage("*raw scores*");
    }

    [Fact]
    public void Only_a_layer_that_is_constant_over_one_column_is_refused_by_every_loss()
    {
        foreach (Layer constant in new Layer[] { new Softmax(), new LogSoftmax() })
        {
            ((Action)(() => new MeanSquaredError().CheckNetwork(new Sequential(new Linear(2, 1, new Random(1)), constant)))).Should()
                .Throw<ArgumentException>().WithMessage("*over a single column*");
        }

        foreach (Layer sound in new Layer[] { new Sigmoid(), new HardSigmoid() })
        {
            new MeanSquaredError().CheckNetwork(new Sequential(new Linear(2, 1, new Random(1)), sound));
        }
    }

    private sealed class HardSigmoid : Layer
    {
        public override (double Low, double High)? OutputRange => (0, 1);

        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                output.Span[i] = Math.Clamp((0.2f * input.Span[i]) + 0.5f, 0, 1);
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
