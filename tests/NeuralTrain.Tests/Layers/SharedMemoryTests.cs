using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Layers;

/// <summary>Matrices that share memory where one is read and one is written. Layers of the library are in the contract: <see cref="LayerContract.SharedMemoryIsRefused"/>.</summary>
public sealed class SharedMemoryTests
{
    private static readonly Matrix Inputs = new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void A_network_of_custom_layers_refuses_an_output_in_the_memory_of_its_input(int start)
    {
        float[] memory = [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0];
        Matrix input = new(memory, 0, 3, 2), output = new(memory, start, 3, 2);
        foreach (Layer network in new Layer[] { new Sequential(new RowSwap()), new Sequential(new RowSwap(), new RowSwap()), new Residual(new RowSwap()), new Concatenate(new RowSwap()) })
        {
            network.Invoking(n => n.Infer(input, output)).Should().Throw<ArgumentException>().WithParameterName("output").WithMessage("*shares values with its input*Clone()*");
            network.Invoking(n => n.Forward(input, output)).Should().Throw<ArgumentException>().WithParameterName("output");
        }

        memory.Should().Equal(1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void A_predictor_refuses_outputs_in_the_memory_of_its_inputs(int start)
    {
        float[] memory = [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0];
        foreach (Layer network in new Layer[] { new Linear(2, 2, new Random(1)), new Sequential(new Linear(2, 2, new Random(1))), new RowSwap() })
        {
            var predictor = new Predictor(network, OutputKind.ClassScores, inputNames: ["a", "b"]);
            predictor.Invoking(p => p.Predict(new Matrix(memory, 0, 3, 2), new Matrix(memory, start, 3, 2))).Should().Throw<ArgumentException>().WithParameterName("outputs").WithMessage("*shares values with*");
        }

        memory.Should().Equal(1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0);
    }

    [Fact]
    public void A_predictor_copies_the_features_of_a_sample_so_its_outputs_may_take_their_place()
    {
        var predictor = new Predictor(new Linear(2, 2, new Random(1)), OutputKind.ClassScores);
        float[] sample = [1, 2];
        float[] expected = predictor.Predict(sample);
        predictor.Predict(sample, sample);
        sample.Should().Equal(expected);
    }

    [Fact]
    public void A_loss_refuses_a_gradient_in_the_memory_of_its_predictions_or_targets()
    {
        foreach (Loss loss in new Loss[] { new SumOfSquares(), new SoftmaxCrossEntropy(), new MeanSquaredError() })
        {
            float[] memory = [1, 0, 0, 1, 1, 0, 0, 0];
            Matrix shared = new(memory, 0, 3, 2), shifted = new(memory, 2, 3, 2), other = new float[,] { { 1, 0 }, { 0, 1 }, { 1, 0 } };
            foreach (Matrix gradient in new[] { shared, shifted })
            {
                loss.Invoking(l => l.Evaluate(shared, other, gradient)).Should().Throw<ArgumentException>().WithParameterName("gradient").WithMessage("*shares values with the predictions or the targets*");
                loss.Invoking(l => l.Evaluate(other, shared, gradient)).Should().Throw<ArgumentException>().WithParameterName("gradient");
            }

            memory.Should().Equal(1, 0, 0, 1, 1, 0, 0, 0);
        }
    }

    [Fact]
    public void A_network_refuses_its_own_output_as_the_gradient_to_go_back_with()
    {
        var network = new Sequential(new Linear(2, 2, new Random(1)), new Sigmoid());
        Matrix output = network.Forward(Inputs);
        output[0, 0] -= 1;
        network.Invoking(n => n.Backward(output)).Should().Throw<ArgumentException>().WithParameterName("outputGradient").WithMessage("*its own output*Clone()*");
        network.NamedParameters()[0].Parameter.Gradient.Span.ToArray().Should().AllBeEquivalentTo(0f);
    }

    // Right only where it may not write over what it reads: each value takes the place of its neighbour.
    private sealed class RowSwap : Layer
    {
        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++) output.Span[i ^ 1] = input.Span[i];
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => Infer(outputGradient, inputGradient);
    }
}
