namespace NeuralTrain.Kernels;

/// <summary>Sums that decide something, accumulated in double. Plain loops.</summary>
internal static class Reductions
{
    /// <summary>Σ(q − y)²; writes scale·(q − y) into the gradient unless that is empty.</summary>
    public static double SquaredError(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient, float scale)
    {
        double sum = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            float error = prediction[i] - target[i];
            sum += (double)error * error;
            if (!gradient.IsEmpty)
            {
                gradient[i] = scale * error;
            }
        }

        return sum;
    }

    /// <summary>Σx².</summary>
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
