namespace NeuralTrain.Kernels;

/// <summary>Formulas applied to each element. Plain loops.</summary>
internal static class Elementwise
{
    /// <summary>y = 1 / (1 + e^−x).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = 1 / (1 + MathF.Exp(-x[i]));
        }
    }

    /// <summary>x̄ = y(1 − y)·ȳ.</summary>
    public static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        for (int i = 0; i < y.Length; i++)
        {
            dx[i] = y[i] * (1 - y[i]) * dy[i];
        }
    }

    /// <summary>θ := θ − γ(g + 2λθ), and g := 0.</summary>
    public static void DescendAndClear(Span<float> value, Span<float> gradient, float learningRate, float l2)
    {
        for (int i = 0; i < value.Length; i++)
        {
            value[i] -= learningRate * (gradient[i] + (2 * l2 * value[i]));
            gradient[i] = 0;
        }
    }
}
