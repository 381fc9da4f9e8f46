namespace NeuralTrain;

/// <summary>One return to finite weights during a training.</summary>
/// <param name="Cause">What became NaN or infinite, and where, as a sentence.</param>
/// <param name="Epoch">The epoch that was begun anew, from 1.</param>
/// <param name="Step">The step, from 1 over the whole training, at which it was found.</param>
/// <param name="RateFactor">What all learning rates are multiplied by from then on, compared with what they would have been.</param>
public sealed record RecoveryNote(string Cause, int Epoch, long Step, double RateFactor);
