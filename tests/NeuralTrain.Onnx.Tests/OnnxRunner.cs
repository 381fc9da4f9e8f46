using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NeuralTrain.Tests;

/// <summary>Runs ONNX files in ONNX Runtime.</summary>
internal static class OnnxRunner
{
    // What goes wrong comes as an exception; it need not be on the console as well.
    private static readonly SessionOptions Quiet = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    public static Matrix Run(byte[] model, Matrix input)
    {
        using var session = new InferenceSession(model, Quiet);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([Value(session, input)]);
        Tensor<float> output = results[0].AsTensor<float>();
        return new Matrix([.. output], output.Dimensions[0], output.Dimensions[1]);
    }

    public static string[] Labels(byte[] model, Matrix input)
    {
        using var session = new InferenceSession(model, Quiet);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([Value(session, input)]);
        return [.. results.Single(result => result.Name == "label").AsTensor<string>()];
    }

    private static NamedOnnxValue Value(InferenceSession session, Matrix input) =>
        NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(input.Span.ToArray(), [input.Rows, input.Columns]));
}

/// <summary>Networks that the tests share.</summary>
internal static class Networks
{
    /// <summary>Standardization, both normalisations, branches, a residual, dropout; statistics other than 0 and 1.</summary>
    public static Sequential Large()
    {
        var random = new Random(1);
        var norm = new BatchNorm(16);
        norm.RunningMean.Value.Span.Fill(0.25f);
        norm.RunningVariance.Value.Span.Fill(1.5f);
        return new Sequential(
            Standardization.Fit(Rows(50, 6)),
            new Linear(6, 16, random), norm, new GELU(), new Dropout(0.2, random),
            new Residual(new Linear(16, 16, random), new LayerNorm(16), new SiLU()),
            new Concatenate(new Sequential(new Linear(16, 4, random), new Tanh()), new Linear(16, 3, random), new Identity()),
            new Linear(23, 3, random), new Softmax());
    }

    public static Matrix Rows(int rows, int columns)
    {
        var random = new Random(2);
        var input = new Matrix(rows, columns);
        foreach (ref float value in input.Span) value = (float)((random.NextDouble() * 4) - 2);
        return input;
    }
}
