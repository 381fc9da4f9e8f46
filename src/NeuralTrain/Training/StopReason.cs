namespace NeuralTrain;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>It has not ended: it is going on, or was never begun.</summary>
    None,

    /// <summary>All the epochs that were asked for are done.</summary>
    EpochsDone,

    /// <summary>The time that was given is spent.</summary>
    BudgetSpent,

    /// <summary>There was no improvement for as long as <see cref="NeuralTrain.EarlyStopping"/> waits.</summary>
    EarlyStopping,

    /// <summary>The cancellation token asked for it.</summary>
    Cancelled,

    /// <summary>The loop over <see cref="Trainer.Epochs(BatchSource, BatchSource, int, CancellationToken)"/> was left before its end.</summary>
    LeftByCaller,

    /// <summary>A value became NaN or infinite, and there was no <see cref="Recovery"/> left; <see cref="NonFiniteException"/> says where.</summary>
    NotFinite,

    /// <summary>An exception of another kind came through: from the data, an observer, or a layer of one's own.</summary>
    Failed,
}
