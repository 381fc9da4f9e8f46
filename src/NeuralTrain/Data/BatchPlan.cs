namespace NeuralTrain;

/// <summary>How the rows of a source make batches in one pass.</summary>
/// <param name="BatchSize">Rows of a batch, 1 or more. The last one has what is left.</param>
/// <param name="ShuffleSeed">What the order of the rows is drawn from, together with the epoch; null for the order they have.</param>
/// <param name="Epoch">Which pass this is, from 0: the same seed and epoch give the same order.</param>
/// <param name="MergeLastRow">
/// Whether a single row that is left over joins the batch before it, as a batch normalisation needs; else it is a batch of its own. With a
/// batch size of 1 no row is left over: batches of one row are what was asked for, and it changes nothing.
/// </param>
/// <param name="Writable">
/// Whether the caller writes into the batches, as an <see cref="Augmentation"/> does: they are copies then. Without it they may be views of the data.
/// </param>
public readonly record struct BatchPlan(int BatchSize, ulong? ShuffleSeed = null, int Epoch = 0, bool MergeLastRow = false, bool Writable = false)
{
    /// <summary>Refuses what no source can follow.</summary>
    internal void Check()
    {
        Guard.AtLeast(BatchSize, 1, nameof(BatchSize), "a batch has at least one row");
        Guard.AtLeast(Epoch, 0, nameof(Epoch), "the first pass is epoch 0");
    }

    /// <summary>Whether a last batch of one row is to be avoided.</summary>
    internal bool MergesLastRow => MergeLastRow && BatchSize > 1;
}
