namespace NeuralTrain;

/// <summary>One parameter in one epoch, as <see cref="LayerWatch"/> saw it.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Path">The parameter, as <c>0.weight</c>.</param>
/// <param name="GradientNorm">‖g‖, the mean over the steps of the epoch, before clipping and without the gradient of L2.</param>
/// <param name="WeightNorm">‖w‖ after the epoch's last step.</param>
/// <param name="UpdateRatio">
/// ‖w′ − w‖ / ‖w‖, the mean over the steps of the epoch: about 0.001 is usual (Karpathy, CS231n). Null if w was 0 before each of them.
/// </param>
public sealed record LayerWatchRow(int Epoch, string Path, double GradientNorm, double WeightNorm, double? UpdateRatio);
