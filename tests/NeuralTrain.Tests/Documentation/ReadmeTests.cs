using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Documentation;

public sealed class ReadmeTests
{
    static ReadmeTests() => LayerKinds.Register("Swish of the README", () => new Swish());

    [Fact]
    public void The_whole_loop_learns_XOR()
    {
        // <snippet xor>
        Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
        var random = new Random(1);
        var network = new Sequential(
            new Linear(3, 4, random), new Sigmoid(),
            new Linear(4, 1, random), new Sigmoid());
        var optimizer = new SGD(network, learningRate: 1);
        var (loss, gradient) = (new SumOfSquares(), new Matrix(4, 1));
        for (int i = 0; i < 10_000; i++)
        {
            loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }
        Matrix outputs = network.Predict(inputs);
        Console.WriteLine(outputs);     // near 0, 1, 1, 0
        // </snippet>

        for (int row = 0; row < 4; row++)
        {
            outputs[row, 0].Should().BeApproximately(targets[row, 0], 0.1f);
        }
    }

    [Fact]
    public void The_custom_layer_keeps_the_promises_of_a_layer_and_trains_in_a_network()
    {
        var swish = new LayerCase("Swish", () => new Swish(), 5, References.Elementwise(x => x * References.Sigmoid(x)));

        // Shapes and shared memory are checked by the container, so this one refuses nothing itself.
        foreach ((string promise, Action<LayerCase> check) in LayerContract.Checks
            .Where(check => check.Key is not (nameof(LayerContract.WrongShapesAreRefused) or nameof(LayerContract.SharedMemoryIsRefused))))
        {
            check.Invoking(c => c(swish)).Should().NotThrow(promise);
        }

        var random = new Random(1);
        var network = new Sequential(new Linear(3, 4, random), new Swish(), new Linear(4, 1, random));
        network.Invoking(n => n.Forward(new Matrix(2, 5))).Should().Throw<ArgumentException>();
    }

    // <snippet swish>
    /// <summary>y = x·σ(x), so that dy/dx = σ(x)·(1 + x·(1 − σ(x))).</summary>
    public sealed class Swish : Layer
    {
        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                float x = input.Span[i];
                output.Span[i] = x * Sigmoid(x);
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            for (int i = 0; i < inputGradient.Span.Length; i++)
            {
                float x = input.Span[i], sigmoid = Sigmoid(x);
                inputGradient.Span[i] = outputGradient.Span[i] * sigmoid * (1 + (x * (1 - sigmoid)));
            }
        }

        private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
    }
    // </snippet>
}
