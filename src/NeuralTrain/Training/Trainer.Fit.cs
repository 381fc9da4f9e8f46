namespace NeuralTrain;

/// <content>Training and evaluation.</content>
public sealed partial class Trainer
{
    private bool _isRunning;

    /// <summary>Trains for a number of epochs.</summary>
    /// <param name="train">The data to learn from.</param>
    /// <param name="validation">Data to evaluate on after each epoch; null (the default) for none.</param>
    /// <param name="epochs">The number of epochs, 1 or more; after a resume, the total since the interrupted run began. Default 100.</param>
    /// <param name="cancellationToken">
    /// Ends the training after the current step, or the current 512 rows of a validation, without an exception: <see cref="History.StopReason"/> says so, and the best weights are
    /// kept. An epoch that was cut short, in training or in its validation, does not count.
    /// </param>
    /// <returns>The history of the training: <see cref="History"/>.</returns>
    /// <exception cref="ArgumentException">Data, network, loss and settings do not fit together; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs is less than 1.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or watches a metric that is not measured.</exception>
    /// <exception cref="NonFiniteException">
    /// Something became NaN or infinite, and no <see cref="Recovery"/> was left. The weights are those of that moment (or the last finite ones, with a recovery), and
    /// <see cref="History"/> has the epochs before.
    /// </exception>
    public History Fit(BatchSource train, BatchSource? validation = null, int epochs = 100, CancellationToken cancellationToken = default) =>
        Begin(train, validation, LengthOf(epochs), cancellationToken).ToEnd();

    /// <summary>Trains for a given time. The last step is finished, and the last epoch, perhaps a part of one, is measured; this may take a little longer.</summary>
    /// <param name="train">The data to learn from.</param>
    /// <param name="budget">The time to train for, more than 0; after a resume, the total since the interrupted run began.</param>
    /// <param name="validation">Data to evaluate on after each epoch; null (the default) for none.</param>
    /// <param name="cancellationToken">Ends the training after the current step, without an exception.</param>
    /// <returns>The history of the training: <see cref="History"/>.</returns>
    /// <inheritdoc cref="Fit(BatchSource, BatchSource, int, CancellationToken)" path="/exception"/>
    public History Fit(BatchSource train, TimeSpan budget, BatchSource? validation = null, CancellationToken cancellationToken = default) =>
        Begin(train, validation, LengthOf(budget), cancellationToken).ToEnd();

    /// <summary>Trains for a number of epochs on another thread, so that the caller's thread stays free.</summary>
    /// <remarks>
    /// Meanwhile, do nothing with the network except call <c>Infer</c>, whose results then change from step to step. <see cref="Progress"/> and observers are called on the thread
    /// that trains; an <see cref="Progress{T}"/> created by a user interface passes its reports on to that.
    /// </remarks>
    /// <param name="train">The data to learn from.</param>
    /// <param name="validation">Data to evaluate on after each epoch; null (the default) for none.</param>
    /// <param name="epochs">The number of epochs, 1 or more. Default 100.</param>
    /// <param name="cancellationToken">Ends the training after the current step: the task then ends with the history as <c>Fit</c> does, not as cancelled.</param>
    /// <returns>A task that ends with the training, with the same result or exception as <c>Fit</c>.</returns>
    /// <inheritdoc cref="Fit(BatchSource, BatchSource, int, CancellationToken)" path="/exception"/>
    public Task<History> FitAsync(
        BatchSource train, BatchSource? validation = null, int epochs = 100, CancellationToken cancellationToken = default) =>
        OnThread(Begin(train, validation, LengthOf(epochs), cancellationToken));

    /// <summary>Trains for a given time on another thread, so that the caller's thread stays free.</summary>
    /// <param name="train">The data to learn from.</param>
    /// <param name="budget">The time to train for, more than 0.</param>
    /// <param name="validation">Data to evaluate on after each epoch; null (the default) for none.</param>
    /// <param name="cancellationToken">Ends the training after the current step: the task then ends with the history as <c>Fit</c> does, not as cancelled.</param>
    /// <returns>A task that ends with the training, with the same result or exception as <c>Fit</c>.</returns>
    /// <inheritdoc cref="Fit(BatchSource, BatchSource, int, CancellationToken)" path="/exception"/>
    public Task<History> FitAsync(
        BatchSource train, TimeSpan budget, BatchSource? validation = null, CancellationToken cancellationToken = default) =>
        OnThread(Begin(train, validation, LengthOf(budget), cancellationToken));

    /// <summary>Trains epoch by epoch, as a sequence that you may leave at any time: the best weights and <see cref="History"/> are then as after <c>Fit</c>.</summary>
    /// <remarks>Training starts when the first epoch is requested, and enumerating the sequence again continues it.</remarks>
    /// <param name="train">The data to learn from.</param>
    /// <param name="validation">Data to evaluate on after each epoch; null (the default) for none.</param>
    /// <param name="epochs">The maximum number of epochs, 1 or more. Default 100.</param>
    /// <param name="cancellationToken">Ends the training after the current step, without an exception.</param>
    /// <returns>Each epoch as soon as it is finished.</returns>
    /// <inheritdoc cref="Fit(BatchSource, BatchSource, int, CancellationToken)" path="/exception"/>
    public IEnumerable<Epoch> Epochs(
        BatchSource train, BatchSource? validation = null, int epochs = 100, CancellationToken cancellationToken = default) =>
        Sequence(train, validation, LengthOf(epochs), cancellationToken);

    /// <summary>Trains for a given time, epoch by epoch, as a sequence that you may leave at any time.</summary>
    /// <param name="train">The data to learn from.</param>
    /// <param name="budget">The time to train for, more than 0. The time that your code takes between epochs counts too.</param>
    /// <param name="validation">Data to evaluate on after each epoch; null (the default) for none.</param>
    /// <param name="cancellationToken">Ends the training after the current step, without an exception.</param>
    /// <returns>Each epoch as soon as it is finished.</returns>
    /// <inheritdoc cref="Fit(BatchSource, BatchSource, int, CancellationToken)" path="/exception"/>
    public IEnumerable<Epoch> Epochs(
        BatchSource train, TimeSpan budget, BatchSource? validation = null, CancellationToken cancellationToken = default) =>
        Sequence(train, validation, LengthOf(budget), cancellationToken);

    /// <summary>Evaluates the network on some data, as in prediction: nothing is dropped, nothing changes.</summary>
    /// <param name="data">The data.</param>
    /// <returns>Loss and metrics.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, have no rows, or have other columns or classes than the data trained on.</exception>
    /// <exception cref="InvalidOperationException">This trainer is in the middle of an epoch, and its metrics are in use.</exception>
    public Evaluation Evaluate(BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (IsInEpoch)
        {
            throw new InvalidOperationException(
                "The trainer is in the middle of an epoch, which uses its metrics. Measure between epochs (in a loop over Epochs, or in OnEpoch), or with network.Evaluate.");
        }

        if (History.State.Columns is Settings train) DataCheck.SameColumns(train, data, "given", nameof(data));
        return Evaluator.Evaluate(Network, data, Loss, Metrics);
    }

    // A sequence is checked when it is made, so that the error comes from the line with the mistake, and again when it begins.
    private IEnumerable<Epoch> Sequence(BatchSource train, BatchSource? validation, RunLength length, CancellationToken cancellation)
    {
        if (_isRunning) throw IsTraining();
        DataCheck.All(this, train, validation);
        return Begun();

        IEnumerable<Epoch> Begun()
        {
            using TrainingRun run = Begin(train, validation, length, cancellation);
            while (run.Next() is Epoch epoch) yield return epoch;
        }
    }

    // The caller must end the run, which calls Leave.
    private TrainingRun Begin(BatchSource train, BatchSource? validation, RunLength length, CancellationToken cancellation)
    {
        Enter();
        try
        {
            DataCheck.All(this, train, validation);
            return new TrainingRun(this, train, validation, length, cancellation).Prepared();
        }
        catch
        {
            Leave();
            throw;
        }
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _isRunning, true)) throw IsTraining();
    }

    /// <summary>Another run may begin.</summary>
    internal void Leave() => Volatile.Write(ref _isRunning, false);

    private static InvalidOperationException IsTraining() => new(
        "This trainer is already training. Wait for the end (await FitAsync, leave the loop over Epochs), or use a second trainer with another network.");

    // On a new thread rather than on the pool, because it may take hours. The task ends as the training does: with its history or its exception.
    private static Task<History> OnThread(TrainingRun run) => Task.Factory.StartNew(
        run.ToEnd, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static RunLength LengthOf(int epochs) => new(Guard.AtLeast(epochs, 1, nameof(epochs), "training goes over the data at least once"), Budget: null);

    private static RunLength LengthOf(TimeSpan budget) => budget > TimeSpan.Zero
        ? new RunLength(Epochs: null, budget)
        : throw new ArgumentOutOfRangeException(nameof(budget), $"budget must be more than 0, received {budget}. It is the time to train for.");
}
