namespace NeuralTrain.Kernels;

/// <summary>The three matrix products of a fully connected layer, and the sum over rows that its bias needs. Plain loops.</summary>
/// <remarks>All matrices are dense and row-major: m rows of the batch, n outputs, k inputs.</remarks>
internal static class Products
{
    /// <summary>y[m×n] = x[m×k]·w[n×k]ᵀ + bias[n] on each row; an empty bias adds nothing.</summary>
    public static void TimesTransposed(
        ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, Span<float> y, int m, int n, int k)
    {
        for (int row = 0; row < m; row++)
        {
            ReadOnlySpan<float> inputs = x.Slice(row * k, k);
            for (int unit = 0; unit < n; unit++)
            {
                ReadOnlySpan<float> weights = w.Slice(unit * k, k);
                float sum = bias.IsEmpty ? 0 : bias[unit];
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += weights[i] * inputs[i];
                }

                y[(row * n) + unit] = sum;
            }
        }
    }

    /// <summary>dx[m×k] = dy[m×n]·w[n×k], overwriting.</summary>
    public static void Times(ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, int m, int n, int k)
    {
        for (int row = 0; row < m; row++)
        {
            Span<float> sums = dx.Slice(row * k, k);
            sums.Clear();
            for (int unit = 0; unit < n; unit++)
            {
                AddScaled(dy[(row * n) + unit], w.Slice(unit * k, k), sums);
            }
        }
    }

    /// <summary>dw[n×k] += dy[m×n]ᵀ·x[m×k], accumulating.</summary>
    public static void AddTransposedTimes(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dw, int m, int n, int k)
    {
        for (int row = 0; row < m; row++)
        {
            ReadOnlySpan<float> inputs = x.Slice(row * k, k);
            for (int unit = 0; unit < n; unit++)
            {
                AddScaled(dy[(row * n) + unit], inputs, dw.Slice(unit * k, k));
            }
        }
    }

    /// <summary>sum[n] += the column sums of dy[m×n].</summary>
    public static void AddColumnSums(ReadOnlySpan<float> dy, Span<float> sum, int m, int n)
    {
        for (int row = 0; row < m; row++)
        {
            AddScaled(1, dy.Slice(row * n, n), sum);
        }
    }

    private static void AddScaled(float scale, ReadOnlySpan<float> values, Span<float> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += scale * values[i];
        }
    }
}
