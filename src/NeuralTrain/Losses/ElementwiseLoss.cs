using System.Buffers;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// What losses that look at each value alone share: the formula is written once, as loss and derivative of one prediction,
/// and serves with and without gradient, with and without weights, in a single pass.
/// </summary>
internal static class ElementwiseLoss
{
    /// <summary>1/(N·K)·Σ formula over N rows and K columns.</summary>
    public static double Mean<TFormula>(in Matrix prediction, in Matrix target, in Matrix gradient, TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        double count = (double)prediction.Rows * prediction.Columns;
        return Sum(prediction, target, gradient, 1 / count, formula);
    }

    /// <summary>1/(K·Σw)·Σ w·formula: the mean over the columns, the weighted mean over the rows; 0 if all weights are 0.</summary>
    public static double Mean<TFormula>(
        Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights, TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        double total = SampleWeights.Sum(sampleWeights);
        return Sum(prediction, target, gradient, sampleWeights, total > 0 ? 1 / (total * prediction.Columns) : 0, formula);
    }

    /// <summary>scale·Σ formula; the gradient is scaled too.</summary>
    public static double Sum<TFormula>(in Matrix prediction, in Matrix target, in Matrix gradient, double scale, TFormula formula)
        where TFormula : unmanaged, ILossMap =>
        scale * Reduce.SumLoss(prediction.Span, target.Span, weights: default, gradient.Span, (float)scale, formula);

    /// <summary>scale·Σ w·formula; the gradient is weighted and scaled too.</summary>
    public static double Sum<TFormula>(
        Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights, double scale, TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        int columns = prediction.Columns;
        int count = prediction.Span.Length;
        float[] rented = ArrayPool<float>.Shared.Rent(count);
        Span<float> weights = rented.AsSpan(0, count);
        for (int row = 0; row < sampleWeights.Length; row++)
        {
            weights.Slice(row * columns, columns).Fill(sampleWeights[row]);
        }

        double sum = Reduce.SumLoss(prediction.Span, target.Span, weights, gradient.Span, (float)scale, formula);
        ArrayPool<float>.Shared.Return(rented);
        return scale * sum;
    }
}
