namespace NeuralTrain;

/// <summary>The mean of squared errors over the outputs and the batch: the usual loss for regression.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ (q − y)²     N rows, K outputs
/// q̄ = 2/(N·K)·(q − y)
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>. Without the ½ of <see cref="SumOfSquares"/>. The same as PyTorch's
/// <c>MSELoss</c> and Keras' <c>MeanSquaredError</c>.
/// </remarks>
public sealed class MeanSquaredError() : ElementwiseLoss(Of(default(SquaredError)), factor: 2);
