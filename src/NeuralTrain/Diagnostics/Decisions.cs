using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Which outputs decide right.</summary>
internal static class Decisions
{
    /// <summary>The share of right decisions, 0 to 1; null if the outputs are values, which decide nothing.</summary>
    public static double? Accuracy(OutputKind kind, Matrix outputs, Matrix targets) => kind switch
    {
        OutputKind.Values => null,
        OutputKind.BinaryScores => BySign(outputs, targets),
        OutputKind.Margins when outputs.Columns == 1 => BySign(outputs, targets),
        _ => ByLargest(outputs, targets),
    };

    // Yes is a score above 0, and a target above a half: 1 against 0 or −1.
    private static double BySign(Matrix outputs, Matrix targets)
    {
        int right = 0;
        for (int i = 0; i < outputs.Span.Length; i++)
        {
            right += (outputs.Span[i] > 0) == (targets.Span[i] > 0.5) ? 1 : 0;
        }

        return (double)right / outputs.Span.Length;
    }

    private static double ByLargest(Matrix outputs, Matrix targets)
    {
        int right = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            right += TensorPrimitives.IndexOfMax<float>(outputs.Row(row)) == TensorPrimitives.IndexOfMax<float>(targets.Row(row)) ? 1 : 0;
        }

        return (double)right / outputs.Rows;
    }
}
