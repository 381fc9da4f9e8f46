using System.Buffers;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A loss that treats each value separately, the mean (or sum) of a formula of one prediction and its target.</summary>
public abstract class ElementwiseLoss : Loss
{
    private protected ElementwiseLoss()
    {
    }

    /// <inheritdoc/>
    protected sealed override double Compute(Matrix prediction, Matrix target, Matrix gradient) => Compute(prediction, target, gradient, sampleWeights: default);

    /// <summary>factor/(K·Σw)·Σ w·formula: the mean over the columns, the weighted mean over the rows; 0 if all weights are 0.</summary>
    [MethodImpl(Jit.Full)]
    private protected static double Mean<TFormula>(
        Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights, TFormula formula, double factor = 1)
        where TFormula : unmanaged, ILossMap
    {
        double total = Total(prediction.Rows, sampleWeights) * prediction.Columns;
        return Sum(prediction, target, gradient, sampleWeights, total > 0 ? factor / total : 0, formula);
    }

    /// <summary>scale·Σ w·formula; the gradient is weighted and scaled too.</summary>
    [MethodImpl(Jit.Full)]
    private protected static double Sum<TFormula>(
        Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights, double scale, TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        if (sampleWeights.IsEmpty) return scale * Reduce.SumLoss(prediction.Span, target.Span, weights: default, gradient.Span, (float)scale, formula);
        int columns = prediction.Columns;
        float[] rented = ArrayPool<float>.Shared.Rent(prediction.Span.Length);
        Span<float> weights = rented.AsSpan(0, prediction.Span.Length);
        for (int row = 0; row < sampleWeights.Length; row++) weights.Slice(row * columns, columns).Fill(sampleWeights[row]);
        double sum = Reduce.SumLoss(prediction.Span, target.Span, weights, gradient.Span, (float)scale, formula);
        ArrayPool<float>.Shared.Return(rented);
        return scale * sum;
    }
}

/// <summary>½(q − y)², whose derivative is the error itself: the formula of all losses of squared errors.</summary>
internal readonly struct SquaredError : ILossMap
{
    [MethodImpl(Jit.Inline)]
    TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
    {
        TLanes error = prediction - target;
        gradient = error;
        return 0.5f * error * error;
    }
}
