namespace NeuralTrain;

/// <content>Checkpoints: what is written while training, and how to go on from it.</content>
public sealed partial class Trainer
{
    /// <summary>
    /// Goes on from a checkpoint that <see cref="Checkpoint"/> wrote: the next call of <c>Fit</c> finishes the run that was interrupted, and ends with the same bits as if it
    /// never had been.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Build network, optimizer and trainer as for the interrupted run, then resume, then call <c>Fit</c> with the same data and the same number of epochs; it trains those that are left.
    /// So the same program begins a run and goes on with it:
    /// </para>
    /// <code>
    /// trainer.Checkpoint = new CheckpointOptions("run.ckpt");
    /// if (File.Exists("run.ckpt")) trainer.Resume("run.ckpt");
    /// trainer.Fit(train, validation, epochs: 100);
    /// </code>
    /// <para>
    /// The checkpoint holds weights and statistics, the optimizer's moments, steps and rates, the schedule's memory, the place in the order of the rows and in the masks of dropout, the
    /// history with the best epoch and its weights, and the time spent. Frozen layers and the metrics that are
    /// watched are compared too: freeze, and choose what is watched, as at the moment the checkpoint was written. It does not hold the data. Of a checkpoint of a run that was finished the next <c>Fit</c> of as many epochs trains none.
    /// </para>
    /// </remarks>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, no checkpoint, or of another network; then every missing, unexpected and mismatched tensor is listed. Nothing was changed.
    /// </exception>
    /// <exception cref="ArgumentException">Optimizer, schedule or settings differ from those the run began with; all differences are listed. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The trainer is training.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public void Resume(string path) => RestoreState(CheckpointFile.Load(path, Network));

    partial void SaveCheckpoint(CheckpointOptions options) => CheckpointFile.Save(options.Path, CaptureState(), Network);
}
