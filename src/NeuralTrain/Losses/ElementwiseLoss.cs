using System.Buffers;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A loss that treats each value separately, the mean (or sum) of a formula of one prediction and its target.</summary>
public abstract class ElementwiseLoss : Loss
{
    private readonly Function _function;
    private readonly double _factor;

    private protected ElementwiseLoss(Function function, double factor = 1) => (_function, _factor) = (function, factor);

    /// <inheritdoc/>
    protected sealed override double Compute(Matrix prediction, Matrix target, Matrix gradient) => Compute(prediction, target, gradient, sampleWeights: default);

    /// <summary>factor/(K·Σw)·Σ w·formula: the mean over the columns, the weighted mean over the rows; 0 if all weights are 0. A loss without a divisor is factor·Σ w·formula.</summary>
    [MethodImpl(Jit.Full)]
    protected sealed override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        CheckValues(prediction, target);
        double scale = Divisor(target, sampleWeights) is not double rows ? _factor : rows > 0 ? _factor / (rows * prediction.Columns) : 0;
        float[]? rented = sampleWeights.IsEmpty ? null : RentForValues(sampleWeights, prediction.Columns);
        double sum = _function.Sum(prediction.Span, target.Span, rented.AsSpan(0, rented is null ? 0 : prediction.Span.Length), gradient.Span, (float)scale);
        if (rented is not null) ArrayPool<float>.Shared.Return(rented);
        return scale * sum;
    }

    /// <summary>Refuses values outside the domain of the formula.</summary>
    private protected virtual void CheckValues(Matrix prediction, Matrix target)
    {
    }

    /// <summary>The loop of a formula.</summary>
    private protected static Function Of<TFormula>(TFormula formula)
        where TFormula : unmanaged, ILossMap => new Function<TFormula>(formula);

    // The weight of each row at each of its values.
    [MethodImpl(Jit.Cold)]
    private static float[] RentForValues(ReadOnlySpan<float> sampleWeights, int columns)
    {
        float[] weights = ArrayPool<float>.Shared.Rent(sampleWeights.Length * columns);
        for (int row = 0; row < sampleWeights.Length; row++) weights.AsSpan(row * columns, columns).Fill(sampleWeights[row]);
        return weights;
    }

    private protected abstract class Function
    {
        public abstract double Sum(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, ReadOnlySpan<float> weights, Span<float> gradient, float scale);
    }

    private sealed class Function<TFormula>(TFormula formula) : Function
        where TFormula : unmanaged, ILossMap
    {
        [MethodImpl(Jit.Entry)]
        public override double Sum(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, ReadOnlySpan<float> weights, Span<float> gradient, float scale) =>
            Reduce.SumLoss(prediction, target, weights, gradient, scale, formula);
    }
}

/// <summary>½(q − y)², whose derivative is the error itself: the formula of all squared-error losses.</summary>
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
