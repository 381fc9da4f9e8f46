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
        float[]? rented = sampleWeights.IsEmpty ? null : RentForValues(sampleWeights, prediction.Columns);
        double sum = Reduce.SumLoss(prediction.Span, target.Span, rented.AsSpan(0, rented is null ? 0 : prediction.Span.Length), gradient.Span, (float)scale, formula);
        if (rented is not null) ArrayPool<float>.Shared.Return(rented);
        return scale * sum;
    }

    // The weight of each row at each of its values.
    [MethodImpl(Jit.Cold)]
    private static float[] RentForValues(ReadOnlySpan<float> sampleWeights, int columns)
    {
        float[] weights = ArrayPool<float>.Shared.Rent(sampleWeights.Length * columns);
        for (int row = 0; row < sampleWeights.Length; row++) weights.AsSpan(row * columns, columns).Fill(sampleWeights[row]);
        return weights;
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
