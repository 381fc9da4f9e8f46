namespace NeuralTrain;

/// <summary>One of the k parts of a cross-validation: <c>foreach (var (train, validation) in data.Folds(5, random))</c>.</summary>
/// <param name="Train">All other parts.</param>
/// <param name="Validation">The part that is held out.</param>
public sealed record Fold(Dataset Train, Dataset Validation);
