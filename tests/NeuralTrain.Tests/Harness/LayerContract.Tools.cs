namespace NeuralTrain.Tests.Harness;

/// <content>What the checks are written with.</content>
public static partial class LayerContract
{
    private readonly record struct Pass(Matrix Input, Matrix Output, Matrix OutputGradient, Matrix InputGradient);

    private static Pass Run(Layer layer, Matrix input)
    {
        Matrix output = Output(layer, input);
        Matrix outputGradient = RandomLike(output, seed: 3);
        var inputGradient = new Matrix(input.Rows, input.Columns);
        layer.Forward(input, output);
        layer.Backward(input, output, outputGradient, inputGradient);
        return new Pass(input, output, outputGradient, inputGradient);
    }

    private static float[] InferOnce(Layer layer, Matrix input)
    {
        Matrix output = Output(layer, input);
        layer.Infer(input, output);
        return output.Span.ToArray();
    }

    private static Matrix Output(Layer layer, Matrix input) => new(input.Rows, layer.OutputSize(input.Columns));

    private static Matrix RandomLike(Matrix shape, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix(shape.Rows, shape.Columns);
        foreach (ref float value in matrix.Span)
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        return matrix;
    }

    private static float[][] Gradients(Layer layer) =>
        [.. layer.NamedParameters().Select(named => named.Parameter.Gradient.Span.ToArray())];

    private static float[][] AllValues(Layer layer) =>
        [.. layer.NamedParameters().Select(named => named.Parameter.Value.Span.ToArray())];

    private static Dictionary<string, double[]> Values(Layer layer) => layer.NamedParameters().ToDictionary(
        named => named.Path, named => Array.ConvertAll(named.Parameter.Value.Span.ToArray(), value => (double)value));

    private static void ClearGradients(Layer layer)
    {
        foreach ((_, Parameter parameter) in layer.NamedParameters())
        {
            parameter.Gradient.Span.Clear();
        }
    }

    private static double[,] ToDouble(Matrix matrix)
    {
        var values = new double[matrix.Rows, matrix.Columns];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++)
            {
                values[row, column] = matrix[row, column];
            }
        }

        return values;
    }

    private static void RequireClose(Matrix actual, double[,] expected, double tolerance, string what)
    {
        Require(
            expected.GetLength(0) == actual.Rows && expected.GetLength(1) == actual.Columns,
            $"{what}: shape {actual.Shape}, the formula gives {expected.GetLength(0)}×{expected.GetLength(1)}.");
        for (int row = 0; row < actual.Rows; row++)
        {
            for (int column = 0; column < actual.Columns; column++)
            {
                double error = Math.Abs(actual[row, column] - expected[row, column]) / Math.Max(1, Math.Abs(expected[row, column]));
                Require(error <= tolerance, $"{what}: [{row}, {column}] is {actual[row, column]}, the formula gives {expected[row, column]:g9}.");
            }
        }
    }

    private static void RequireNoNaN(Matrix matrix, string what)
    {
        foreach (float value in matrix.Span)
        {
            Require(!float.IsNaN(value), $"{what} was not overwritten everywhere.");
        }
    }

    private static void RequireSameBits(float[][] expected, float[][] actual, string what)
    {
        for (int p = 0; p < expected.Length; p++)
        {
            for (int i = 0; i < expected[p].Length; i++)
            {
                Require(
                    BitConverter.SingleToInt32Bits(expected[p][i]) == BitConverter.SingleToInt32Bits(actual[p][i]),
                    $"{what} differ: {p}[{i}] is {expected[p][i]:g9} and {actual[p][i]:g9}.");
            }
        }
    }

    // NaN fails every comparison, so it fails every requirement too.
    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ContractViolationException(otherwise);
        }
    }
}
