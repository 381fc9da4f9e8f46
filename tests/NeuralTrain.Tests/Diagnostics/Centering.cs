namespace NeuralTrain.Tests.Diagnostics;

/// <summary>Subtracts the mean of the batch, in prediction too: what a layer must not do, since large batches are predicted in blocks.</summary>
internal sealed class Centering : Layer
{
    public override void Infer(Matrix input, Matrix output) => Center(input, output);

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        if (!inputGradient.IsEmpty) Center(outputGradient, inputGradient);
    }

    private static void Center(Matrix from, Matrix to)
    {
        for (int column = 0; column < from.Columns; column++)
        {
            float mean = Enumerable.Range(0, from.Rows).Average(row => from[row, column]);
            for (int row = 0; row < from.Rows; row++)
            {
                to[row, column] = from[row, column] - mean;
            }
        }
    }
}
