using NeuralTrain.Tests.Diagnostics;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/gradient-check.md.</summary>
public sealed class GradientCheckPageTests
{
    [Fact]
    public void The_layer_of_the_page_passes()
    {
        // <snippet gradient-check-run>
        GradientCheck.Run(new Swish(), inputSize: 5).ThrowIfWrong();
        // </snippet>
    }

    [Fact]
    public void The_wrong_layer_of_the_page_gives_the_table_of_the_page()
    {
        var layer = new FormulaLayer(x => x * x, x => x);
        // <snippet gradient-check-input>
        Matrix input = new float[,] { { 1, 2 }, { 4, 8 } };
        GradientCheckResult result = GradientCheck.Run(layer, input);
        // </snippet>
        result.ToString().Should().Be(MarkdownPages.Output("gradient-check-wrong"));
    }

    [Fact]
    public void The_network_of_the_page_passes()
    {
        var random = new Random(1);
        // <snippet gradient-check-network>
        var network = new Sequential(new Linear(3, 4, random), new Swish(), new Linear(4, 1, random));
        Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };

        GradientCheck.Run(network, inputs, targets, new MeanSquaredError()).ThrowIfWrong();
        GradientCheck.Run(new MeanSquaredError(), targets).ThrowIfWrong();
        // </snippet>
    }

    [Fact]
    public void The_options_of_the_page_pass()
    {
        // <snippet gradient-check-options>
        var options = new GradientCheckOptions { Seed = 7, BatchSize = 8, ValuesPerArray = 20 };
        GradientCheckResult result = GradientCheck.Run(new Linear(100, 50, new Random(1)), inputSize: 100, options);
        foreach (GradientCheckRow row in result.Rows)
        {
            Console.WriteLine($"{row.Name}: {row.Agreeing} of {row.Checked} agree, the worst error is {row.WorstError:e1}");
        }
        // </snippet>
        result.ThrowIfWrong();
    }

    // <snippet gradient-check-layer>
    public sealed class Swish : Layer
    {
        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                output.Span[i] = input.Span[i] * Sigmoid(input.Span[i]);
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            for (int i = 0; i < inputGradient.Span.Length; i++)
            {
                float x = input.Span[i], s = Sigmoid(x);
                inputGradient.Span[i] = (s + (x * s * (1 - s))) * outputGradient.Span[i];
            }
        }

        private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
    }
    // </snippet>
}
