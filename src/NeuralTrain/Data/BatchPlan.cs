namespace NeuralTrain;

/// <summary>How the rows of a source make batches in one pass.</summary>
/// <param name="BatchSize">Rows of a batch, 1 or more. The last one has what is left.</param>
/// <param name="ShuffleSeed">What the order of the rows is drawn from, together with the epoch; null for the order they have.</param>
/// <param name="Epoch">Which pass this is, from 0: the same seed and epoch give the same order.</param>
/// <param name="MergeLastRow">Whether a single row that is left over joins the batch before it, as a batch normalisation needs; else it is a batch of its own.</param>
public readonly record struct BatchPlan(int BatchSize, ulong? ShuffleSeed = null, int Epoch = 0, bool MergeLastRow = false);
