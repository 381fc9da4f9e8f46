namespace NeuralTrain;

/// <summary>One batch of a <see cref="LearningRateCurve"/>.</summary>
/// <param name="LearningRate">The rate γ the batch was learnt with.</param>
/// <param name="Loss">The loss of the batch, before its step.</param>
/// <param name="SmoothedLoss">The bias-corrected exponential average of the losses so far, which the suggestions are read from.</param>
public readonly record struct LearningRatePoint(double LearningRate, double Loss, double SmoothedLoss);
