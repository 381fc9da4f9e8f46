using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>What is fitted to the scores of held-out rows.</summary>
internal static class Calibration
{
    /// <summary>The temperature T that minimizes the cross-entropy of scores/T, searched between 1/20 and 20. Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.</summary>
    /// <remarks>
    /// A truth counts as (N + 1)/(N + K) of N rows and K classes instead of 1, as in Platt, "Probabilistic Outputs for Support Vector Machines", 1999: a few rows that are all
    /// right do not make the probabilities 0 and 1.
    /// </remarks>
    public static double Temperature(Matrix scores, Dataset truths, Loss loss)
    {
        // Rows that do not count tell nothing.
        if (!truths.SampleWeights.IsEmpty && !truths.SampleWeights.ContainsAnyExcept(0f)) return 1;
        int classes = Math.Max(2, scores.Columns);
        float other = 1f / (truths.Targets.Rows + classes), own = 1 - ((classes - 1) * other);
        var softened = new Matrix(scores.Rows, scores.Columns);
        for (int i = 0; i < softened.Span.Length; i++) softened.Span[i] = truths.Targets.Span[i] == 1 ? own : other;

        // The cross-entropy is convex in 1/T, so the golden section of ln T finds its only minimum.
        double low = -3, high = 3, ratio = (Math.Sqrt(5) - 1) / 2;
        double left = high - (ratio * (high - low)), right = low + (ratio * (high - low));
        double atLeft = At(left), atRight = At(right);
        while (high - low > 1e-3)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (ratio * (high - low));
                atLeft = At(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (ratio * (high - low));
                atRight = At(right);
            }
        }

        return Math.Exp((low + high) / 2);

        double At(double logarithm)
        {
            var scaled = new Matrix(scores.Rows, scores.Columns);
            TensorPrimitives.Divide(scores.Span, (float)Math.Exp(logarithm), scaled.Span);
            return loss.Evaluate(scaled, softened, gradient: default, truths.SampleWeights);
        }
    }

    /// <summary>The decision threshold at which the metric is best, among 99 percentages; of several, the one closest to ½.</summary>
    public static double Threshold(Matrix scores, Dataset truths, Metric metric)
    {
        metric.Begin(OutputKind.BinaryScores, 1);
        double best = 0.5, bestValue = double.NaN;
        foreach (int percent in Enumerable.Range(1, 99).OrderBy(percent => Math.Abs(percent - 50)))
        {
            double threshold = percent / 100.0;
            float score = (float)Math.Log(threshold / (1 - threshold));
            var moved = new Matrix(scores.Rows, 1);
            TensorPrimitives.Subtract(scores.Span, score, moved.Span);
            metric.Reset();
            metric.Add(moved, truths.Targets, truths.SampleWeights);
            double value = metric.HigherIsBetter ? metric.Value : -metric.Value;
            if (value > bestValue || double.IsNaN(bestValue)) (best, bestValue) = (threshold, value);
        }

        return best;
    }
}
