namespace NeuralTrain;

/// <summary>How long a run is to last: a number of epochs, or a time.</summary>
/// <param name="Epochs">Epochs of the run; null if it has a budget.</param>
/// <param name="Budget">The time; null if it has a number of epochs.</param>
internal readonly record struct RunLength(int? Epochs, TimeSpan? Budget);
