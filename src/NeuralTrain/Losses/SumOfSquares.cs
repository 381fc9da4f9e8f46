namespace NeuralTrain;

/// <summary>Half the sum of squared errors over the whole batch, so that the gradient is simply the error.</summary>
/// <remarks>
/// <code>
/// L = ½·Σ (y − q)²     sum over all rows and columns, no 1/N
/// q̄ = q − y
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>. The loss of the lecture's XOR network (L1.3). For a mean, which keeps the
/// learning rate independent of the batch size, use <see cref="MeanSquaredError"/>. PyTorch: <c>0.5 * MSELoss(reduction='sum')</c>.
/// Sample weights give the plain weighted sum.
/// </remarks>
public sealed class SumOfSquares() : ElementwiseLoss(Of(default(SquaredError)))
{
    /// <inheritdoc/>
    protected internal override double? Divisor(Matrix target, ReadOnlySpan<float> sampleWeights) => null;
}
