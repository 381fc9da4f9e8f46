using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>One call of <c>Fit</c>: epoch after epoch until there is a reason to stop. This file has the epochs, the other one the steps within them.</summary>
internal sealed partial class TrainingRun(Trainer trainer, BatchSource train, BatchSource? validation, RunLength length, CancellationToken cancellation) : IDisposable
{
    private readonly TrainingState _state = trainer.History.State;
    private readonly Trainer _begun = trainer.Copy();
    private readonly Schedule? _schedule = trainer.Schedule;
    private readonly EarlyStopping? _earlyStopping = trainer.EarlyStopping;
    private readonly TrainingObserver[] _observers = [.. trainer.Observers];
    private readonly bool _higherIsBetter = DataCheck.HigherIsBetter(trainer, trainer.EarlyStopping?.Metric);
    private readonly Evaluator _evaluator = new(trainer.Network, trainer.Loss, trainer.Metrics, train.TargetSize);
    private readonly TimeSpan _elapsedBefore = trainer.History.State.IsResumed ? trainer.History.State.RunElapsed : TimeSpan.Zero;
    private readonly TimeSpan _durationBefore = trainer.History.State.Duration;
    private readonly int _epochsAtBegin = trainer.History.State.Epochs.Count;
    private readonly long _began = trainer.Clock.GetTimestamp();
    private readonly BatchPlan _plan = new(trainer.BatchSize, trainer.Shuffle ? trainer.Seed : null)
    {
        MergeLastRow = !trainer.DropLast && DataCheck.NormalizesBatches(trainer.Network), Writable = trainer.Augmentation is not null,
    };

    // Enough for the mean and variance of a unit, and bounded for any amount of data.
    private const int CalibrationRows = 10_000;

    private Matrix? _calibration;
    private bool _hasBegun, _isWritten = true, _isValidating;
    private StopReason _reason = StopReason.LeftByCaller;

    // Exceptions of observers, progress and logs never cause a recovery, whatever their type.
    private bool _isCallingOut;

    private TimeSpan Elapsed => trainer.Clock.GetElapsedTime(_began);

    private TimeSpan RunElapsed => _elapsedBefore + Elapsed;

    private int EpochsDone => _state.Epochs.Count;

    private int LastEpoch => (int)Math.Min((long)_state.RunStartEpoch + (length.Epochs ?? 0), int.MaxValue);

    /// <summary>Gets the trainer ready, where nothing refused.</summary>
    public TrainingRun Prepared()
    {
        trainer.ClearGradients();
        if (!_state.IsResumed) _state.BeginRun(trainer.Optimizer.LearningRate);
        _state.MetricNames = [.. trainer.Metrics.Select(metric => metric.Name)];
        _state.Data = DataCheck.Describe(train, validation);
        (_state.Columns, _state.Trainer) = (DataCheck.Columns(train, _state.Columns), _begun);
        trainer.History.StopReason = StopReason.None;
        return this;
    }

    /// <summary>Trains to the end, and ends the run.</summary>
    public History ToEnd()
    {
        using (this)
        {
            // Next does everything there is to do with an epoch.
            while (Next() is not null) { }
        }

        return trainer.History;
    }

    /// <summary>Trains one epoch; null if there is a reason to stop.</summary>
    public Epoch? Next()
    {
        try
        {
            if (!_hasBegun) Begin();
            StopReason? pending;
            while ((pending = Pending()) is null)
            {
                try
                {
                    if (RunEpoch() is Epoch epoch)
                    {
                        KeepForCheckpoint(epoch);
                        return epoch;
                    }
                }
                catch (Exception error) when (!_isCallingOut && trainer.IsInEpoch && NonFiniteSearch.IsCause(error, _isValidating ? _evaluator.Batch.Targets : _targets))
                {
                    Recover(error as NonFiniteException ?? Locate(error));
                }
                catch (ArgumentException error) when (!_isCallingOut && trainer.IsInEpoch && DataCheck.WrongTarget(trainer.Loss, _isValidating ? validation : train, error) is ArgumentException named)
                {
                    throw named;
                }
                finally
                {
                    trainer.IsInEpoch = false;
                }
            }

            _reason = pending.Value;
            return null;
        }
        catch (Exception error)
        {
            _reason = error is NonFiniteException && !_isCallingOut ? StopReason.NotFinite : StopReason.Failed;
            throw;
        }
    }

    /// <summary>Writes the last epoch if it is not written, and puts the best weights and the learning rate in place, however the run ended.</summary>
    public void Dispose()
    {
        try
        {
            if (!_isWritten && _reason != StopReason.Failed) WriteCheckpoint();
        }
        finally
        {
            try
            {
                End();
            }
            finally
            {
                // Only after the best weights are in place and the last observer was called: another run may begin now.
                trainer.Leave();
            }
        }
    }

    private void Begin()
    {
        if (_begun.Logger is ILogger logger) TrainingLog.Begins(logger, trainer.TrainableValues(), _begun.BatchSize, trainer.Optimizer, trainer.Loss);
        foreach (TrainingObserver observer in _observers) observer.OnBegin(trainer);

        // Only now: if an observer threw before, the interrupted run can still be resumed.
        (_hasBegun, _state.IsResumed) = (true, false);
    }

    private void End()
    {
        // Steps of an epoch that was cut short are no part of the checkpoint, but they were taken.
        _state.StepsDone += _now.Steps;

        // After an error the weights stay as they were, to be looked at. A resumed training may have brought best weights along that are no longer asked for.
        bool isSound = _reason is not (StopReason.NotFinite or StopReason.Failed);
        if (isSound && _earlyStopping is { RestoreBest: true } && _state.HasBestWeights) TrainingState.Fill(trainer.Parameters, _state.BestWeights);
        else if (isSound && trainer.Optimizer.HasAverage) ApplyAverage();
        if (_schedule is not null)
        {
            trainer.Optimizer.LearningRate = _state.BaseRate * _state.RateFactor;
            (_state.BaseRate, _state.RateFactor) = (trainer.Optimizer.LearningRate, 1);
        }

        trainer.History.StopReason = _reason;
        _state.Duration = _durationBefore + Elapsed;
        if (_begun.Logger is ILogger logger) TrainingLog.Ends(logger, trainer.History);
        foreach (TrainingObserver observer in _observers) observer.OnEnd(trainer.History);
    }

    // What would end the run now.
    private StopReason? Pending() =>
        _earlyStopping is not null && _state.EpochsWithoutImprovement >= _earlyStopping.Patience ? StopReason.EarlyStopping
        : length.Epochs is not null && EpochsDone >= LastEpoch ? StopReason.EpochsDone
        : length.Budget is TimeSpan budget && RunElapsed >= budget ? StopReason.BudgetSpent
        : cancellation.IsCancellationRequested ? StopReason.Cancelled
        : null;

    // Null where it was cancelled.
    private Epoch? RunEpoch()
    {
        if (_begun.Recovery is not null) _state.Capture();
        trainer.IsInEpoch = true;
        BeginEpoch();
        bool isWhole;
        using (BatchReader reader = train.Read(_plan with { Epoch = EpochsDone }))
        {
            isWhole = Pass(reader);
        }

        if (_now.Rows == 0) throw _begun.DropLast ? DataCheck.NoBatch(train, _plan.BatchSize) : DataShape.NoRows("training data");
        double seconds = (Elapsed - _now.Began).TotalSeconds;

        // Without validation, no loss would ever see what the last step left.
        if (NonFiniteSearch.FindParameter(trainer.Parameters, trainer.Network) is NonFinite found) throw new NonFiniteException(Dated(found), innerException: null);
        if (!isWhole) return null;
        Evaluation training = _evaluator.Result();
        float[][]? trained = trainer.Optimizer.HasAverage ? TrainingState.CopyOf(trainer.Parameters, []) : null;
        if (trained is not null) ApplyAverage();
        try
        {
            return Measured(training, seconds);
        }
        finally
        {
            if (trained is not null) TrainingState.Fill(trainer.Parameters, trained);
        }
    }

    // The averaged weights, and the statistics that belong to them.
    private void ApplyAverage()
    {
        trainer.Optimizer.ApplyAverage();
        if (!DataCheck.NormalizesBatches(trainer.Network) || train is not Dataset data) return;
        trainer.Network.Recalibrate(_calibration ??= data.Spread(CalibrationRows).Inputs);
    }

    private Epoch? Measured(Evaluation training, double seconds)
    {
        Evaluation? measured = null;
        if (validation is not null)
        {
            _isValidating = true;
            measured = _evaluator.Measure(validation, cancellation);
            _isValidating = false;
            if (measured is null) return null;
        }

        var epoch = new Epoch(
            EpochsDone + 1, training, trainer.Optimizer.LearningRate, measured, gradientNorm: _now.Norms > 0 ? _now.NormSum / _now.Norms : null,
            trainer.Optimizer.RegularizationLoss(), duration: Elapsed - _now.Began, samplesPerSecond: seconds > 0 ? _now.Rows / seconds : 0);
        Conclude(epoch);
        return epoch;
    }

    private void Conclude(Epoch epoch)
    {
        (_state.StepsInLastEpoch, _state.StepsDone, _now.Steps) = (_now.Steps, StepsDone, 0);
        (_state.RunElapsed, _state.Duration) = (RunElapsed, _durationBefore + Elapsed);
        _state.Epochs.Add(epoch);
        if (IsBest(Watched(epoch, _earlyStopping?.Metric)))
        {
            _state.BestIndex = EpochsDone - 1;
            if (_earlyStopping is { RestoreBest: true }) _state.SaveBest(trainer);
        }

        _schedule?.PlateauAt(_timeOfRate, Math.Max(_budgetOfEpoch, _timeOfRate + 1))?.Remember(Watched(epoch, _begun.ScheduleMetric));
        trainer.IsInEpoch = false;
        _isCallingOut = true;
        if (_begun.Logger is ILogger logger && logger.IsEnabled(LogLevel.Information))
        {
            string measured = epoch.Validation is Evaluation given ? $", validation {given}" : "";
            TrainingLog.EpochDone(logger, epoch.Number, epoch.Training, measured, epoch.LearningRate, (long)Math.Round(epoch.SamplesPerSecond));
        }

        _begun.Progress?.Report(ProgressNow(epoch));
        foreach (TrainingObserver observer in _observers) observer.OnEpoch(epoch);
        _isCallingOut = false;
    }

    // Whatever cuts the next epoch short, this one can be written.
    private void KeepForCheckpoint(Epoch epoch)
    {
        if (_begun.Checkpoint is not CheckpointOptions options) return;
        _state.Capture();
        _isWritten = false;
        if (epoch.Number % options.Every == 0 || Pending() is not null) WriteCheckpoint();
    }

    // The state is as it was captured, at the end of the last whole epoch.
    private void WriteCheckpoint()
    {
        if (_begun.Checkpoint is CheckpointOptions options) ReplacedFile.Write(options.Path, CheckpointFile.Writer(_state));
        _isWritten = true;
    }

    private bool IsBest(double value)
    {
        bool improves = ReduceOnPlateau.Improves(value, _state.BestValue, _earlyStopping?.MinDelta ?? 0, _higherIsBetter);
        (_state.BestValue, _state.EpochsWithoutImprovement) = improves ? (value, 0) : (_state.BestValue, _state.EpochsWithoutImprovement + 1);
        return improves;
    }

    private static double Watched(Epoch epoch, string? metric)
    {
        epoch.Decisive.TryGet(metric ?? EarlyStopping.LossName, out double value);
        return value;
    }

    private NonFiniteException Locate(Exception error)
    {
        (Matrix inputs, Matrix targets) = _isValidating ? _evaluator.Batch : (_inputs, _targets);
        return new NonFiniteException(Dated(NonFiniteSearch.Find(trainer.Network, inputs, targets, inPrediction: _isValidating) ?? NonFinite.LossOf(error)), error);
    }

    private NonFinite Dated(NonFinite found)
    {
        (found.Epoch, found.Step, found.IsInValidation) = (EpochsDone + 1, _isValidating ? 0 : StepsDone + 1, _isValidating);
        if (_isValidating) found.Samples = _evaluator.SamplesOf(found.Rows);
        else if (train is Dataset { Count: int count })
        {
            int[]? order = _plan.ShuffleSeed is ulong seed ? Shuffle.Order(count, seed, EpochsDone) : null;
            found.Samples = [.. found.Rows.Select(row => (int)_now.RowsBefore + row).Select(place => order is null ? place : order[place])];
        }

        return found;
    }

    // Back to the beginning of the epoch. Data that are not finite would be met again, and after the last return the exception has to come: then it is thrown from there.
    private void Recover(NonFiniteException found)
    {
        if (_begun.Recovery is not null)
        {
            _state.Restore();
            _now.Steps = 0;
        }

        NonFinite place = found.Place;
        if (_begun.Recovery is not Recovery recovery || place.Kind is NonFiniteKind.Input or NonFiniteKind.Target || _state.RecoveriesUsed >= recovery.Limit)
        {
            if (_begun.Logger is ILogger log) TrainingLog.Fails(log, place);
            throw found;
        }

        _state.RecoveriesUsed++;
        _state.RateFactor *= recovery.Factor;
        if (_schedule is null) trainer.Optimizer.LearningRate *= recovery.Factor;
        string cause = place.ToString();
        _state.Recoveries.Add(new RecoveryNote(cause, place.Epoch, place.Step, _state.RateFactor));
        if (_begun.Logger is ILogger logger) TrainingLog.Recovers(logger, cause, place.Epoch, _state.RateFactor);
    }
}

/// <summary>The length of a run: a number of epochs, or a time.</summary>
internal readonly record struct RunLength(int? Epochs, TimeSpan? Budget);
