namespace NeuralTrain.Tests.Activations;

/// <summary>Values and derivatives of an activation at given points, each point a row of its own.</summary>
internal static class Evaluate
{
    public static float[] Values(Layer activation, params float[] points)
    {
        var input = new Matrix(points, points.Length, 1);
        var output = new Matrix(points.Length, 1);
        activation.Infer(input, output);
        return output.Span.ToArray();
    }

    public static float[] Derivatives(Layer activation, params float[] points)
    {
        var input = new Matrix(points, points.Length, 1);
        var output = new Matrix(points.Length, 1);
        var ones = new Matrix(points.Length, 1);
        var derivatives = new Matrix(points.Length, 1);
        ones.Span.Fill(1);
        activation.Forward(input, output);
        activation.Backward(input, output, ones, derivatives);
        return derivatives.Span.ToArray();
    }

    /// <summary>The rows that a layer gives for the given rows.</summary>
    public static float[,] Rows(Layer layer, float[,] rows)
    {
        Matrix input = rows;
        var output = new Matrix(input.Rows, layer.OutputSize(input.Columns));
        layer.Infer(input, output);
        return output.ToArray();
    }
}
