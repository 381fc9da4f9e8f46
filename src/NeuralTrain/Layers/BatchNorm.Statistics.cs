using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <content>How the statistics of a batch are measured and averaged.</content>
public sealed partial class BatchNorm
{
    private void CheckEnoughRows(Matrix input)
    {
        if (input.Rows == 1)
        {
            throw new ArgumentException(
                $"{this} expects training batches of 2 or more rows, received 1: the variance of a single row is 0, so every output would " +
                "be the shift alone. Use larger batches (leave out a last batch of one row), freeze the layer to use its running " +
                "statistics, or use LayerNorm; predictions by Infer take a single row.",
                nameof(input));
        }
    }

    // The mean of each feature into _mean and _meanRest, the biased variance into _products.
    private void Measure(Matrix input)
    {
        Array.Clear(_sums);
        Reduce.AddColumnSums(input.Span, _sums.AsSpan(), default(Itself));
        for (int i = 0; i < _size; i++)
        {
            double mean = _sums[i] / input.Rows;
            _mean[i] = (float)mean;
            _meanRest[i] = mean - _mean[i];
        }

        // Around the float next to the mean instead of the mean: Σ(x − μ)² = Σ(x − m)² − N·(μ − m)².
        Array.Clear(_products);
        Reduce.AddColumnSums(input.Span, new PerColumn(_mean), _products.AsSpan(), default(Moments.SquaredDeviation));
        for (int i = 0; i < _size; i++)
        {
            _products[i] = Math.Max(0, (_products[i] / input.Rows) - (_meanRest[i] * _meanRest[i]));
        }
    }

    private void UpdateRunning(int rows, double rate)
    {
        Span<float> runningMean = RunningMean.Value.Span;
        Span<float> runningVariance = RunningVariance.Value.Span;
        double unbiased = rows / (rows - 1.0);
        for (int i = 0; i < _size; i++)
        {
            double mean = _mean[i] + _meanRest[i];
            double variance = _products[i] * unbiased;

            // A diverged batch is reported by the loss, which promises that nothing was changed: it must not spoil the statistics.
            if (double.IsFinite(mean) && double.IsFinite(variance))
            {
                runningMean[i] = (float)(((1 - rate) * runningMean[i]) + (rate * mean));
                runningVariance[i] = (float)(((1 - rate) * runningVariance[i]) + (rate * variance));
            }
        }
    }
}
