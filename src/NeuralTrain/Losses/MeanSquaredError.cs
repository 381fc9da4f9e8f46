namespace NeuralTrain;

/// <summary>The mean of squared errors over the outputs and the batch: the usual loss of regression.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ (q − y)²     N rows, K outputs
/// q̄ = 2/(N·K)·(q − y)
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>. Without the ½ of <see cref="SumOfSquares"/>. The same as PyTorch's
/// <c>MSELoss</c> and Keras' <c>MeanSquaredError</c>.
/// </remarks>
public sealed class MeanSquaredError : Loss
{
    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient)
    {
        double count = (double)prediction.Rows * prediction.Columns;
        return ElementwiseLoss.Sum(prediction, target, gradient, 2 / count, default(SquaredError));
    }

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        double total = SampleWeights.Sum(sampleWeights) * prediction.Columns;
        return ElementwiseLoss.Sum(prediction, target, gradient, sampleWeights, total > 0 ? 2 / total : 0, default(SquaredError));
    }
}
