using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>One call of <c>Fit</c>: epoch after epoch until there is a reason to stop. This part has the epochs, the other one the steps within them.</summary>
internal sealed partial class TrainingRun : IDisposable
{
    private readonly Trainer _trainer;
    private readonly TrainingState _state;
    private readonly Sequential _network;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly Schedule? _schedule;
    private readonly History _history;
    private readonly ILogger? _logger;
    private readonly BatchSource _train;
    private readonly BatchSource? _validation;
    private readonly RunLength _length;
    private readonly CancellationToken _cancellation;
    private readonly BatchPlan _plan;
    private readonly Evaluator _evaluator;
    private readonly EarlyStopping? _earlyStopping;
    private readonly bool _watchedIsBetterHigher;
    private readonly TimeSpan _elapsedBefore;
    private readonly TimeSpan _durationBefore;
    private readonly long _began;
    private bool _hasBegun;
    private bool _isWritten = true;
    private bool _canReturn;
    private StopReason _reason = StopReason.LeftByCaller;

    // What observers, progress and logs throw is others' business, of whatever kind it is: no recovery follows.
    private bool _isCallingOut;

    public TrainingRun(Trainer trainer, BatchSource train, BatchSource? validation, RunLength length, CancellationToken cancellation)
    {
        (_trainer, _network, _loss, _optimizer, _schedule) = (trainer, trainer.Network, trainer.Loss, trainer.Optimizer, trainer.Schedule);
        (_train, _validation, _length, _cancellation) = (train, validation, length, cancellation);
        (_history, _state, _logger) = (trainer.History, trainer.History.State, trainer.Logger);
        (_accumulation, _earlyStopping, _augmentation, _progress) = (trainer.AccumulationSteps, trainer.EarlyStopping, trainer.Augmentation, trainer.Progress);
        _observers = [.. trainer.Observers];
        _plan = new BatchPlan(trainer.BatchSize, trainer.Shuffle ? trainer.Seed : null)
        {
            MergeLastRow = DataCheck.NormalizesBatches(_network), Writable = _augmentation is not null,
        };
        _evaluator = new Evaluator(_network, _loss, trainer.Metrics, train.TargetSize);
        _watchedIsBetterHigher = DataCheck.HigherIsBetter(trainer, _earlyStopping?.Metric);
        trainer.ClearGradients();
        if (!_state.IsResumed) _state.BeginRun(_optimizer.LearningRate);
        (_elapsedBefore, _durationBefore, _epochsAtBegin) = (_state.RunElapsed, _state.Duration, _state.Epochs.Count);
        _stepsPerEpoch = CountSteps();
        _state.MetricNames = [.. trainer.Metrics.Select(metric => metric.Name)];
        _state.Data = DataCheck.Describe(train, validation);
        _history.StopReason = StopReason.None;
        _began = trainer.Clock.GetTimestamp();
    }

    private TimeSpan Elapsed => _trainer.Clock.GetElapsedTime(_began);

    private TimeSpan RunElapsed => _elapsedBefore + Elapsed;

    private int EpochsDone => _state.Epochs.Count;

    private int LastEpoch => (int)Math.Min((long)_state.RunStartEpoch + (_length.Epochs ?? 0), int.MaxValue);

    /// <summary>Trains to the end, and ends the run.</summary>
    public History ToEnd()
    {
        using (this)
        {
            while (Next() is not null)
            {
                // All that is to be done with an epoch was done.
            }
        }

        return _history;
    }

    /// <summary>Trains one epoch; null if there is a reason to stop.</summary>
    public Epoch? Next()
    {
        try
        {
            Begin();
            StopReason? pending;
            while ((pending = Pending()) is null)
            {
                Epoch? epoch = null;
                try
                {
                    epoch = RunEpoch();
                }
                catch (NotFiniteNumberException error) when (!_isCallingOut)
                {
                    Recover(error as NonFiniteException ?? Locate(error));
                }
                finally
                {
                    _trainer.IsInEpoch = false;
                }

                if (epoch is null) continue;
                KeepForCheckpoint(epoch);
                return epoch;
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
                // Not before the best weights are in place and the last observer was told: another training may begin now.
                _trainer.Leave();
            }
        }
    }

    private void End()
    {
        // Steps of an epoch that was cut short are no part of the checkpoint, but they were taken.
        _state.StepsDone += _steps;

        // After an error the weights stay as they were, to be looked at. A resumed training may have brought best weights along that are no longer asked for.
        if (_earlyStopping is { RestoreBest: true } && _reason is not (StopReason.NotFinite or StopReason.Failed)) _state.RestoreBest(_trainer);
        if (_schedule is not null)
        {
            _optimizer.LearningRate = _state.BaseRate * _state.RateFactor;
            (_state.BaseRate, _state.RateFactor) = (_optimizer.LearningRate, 1);
        }

        _history.StopReason = _reason;
        _state.Duration = _durationBefore + Elapsed;
        if (_logger is not null) TrainingTelemetry.Ends(_logger, _history);
        foreach (TrainingObserver observer in _observers)
        {
            observer.OnEnd(_history);
        }
    }

    private void Begin()
    {
        if (_hasBegun) return;
        if (_logger is not null) TrainingTelemetry.Begins(_logger, _trainer.TrainableValues(), _trainer.BatchSize, _optimizer, _loss);
        foreach (TrainingObserver observer in _observers)
        {
            observer.OnBegin(_trainer);
        }

        // Only now: where an observer refused, what was to be resumed can be still.
        (_hasBegun, _state.IsResumed) = (true, false);
    }

    // What would end the run now.
    private StopReason? Pending() =>
        _earlyStopping is not null && _state.EpochsWithoutImprovement >= _earlyStopping.Patience ? StopReason.EarlyStopping
        : _length.Epochs is not null && EpochsDone >= LastEpoch ? StopReason.EpochsDone
        : _length.Budget is TimeSpan budget && RunElapsed >= budget ? StopReason.BudgetSpent
        : _cancellation.IsCancellationRequested ? StopReason.Cancelled
        : null;

    // Null where it was cancelled.
    private Epoch? RunEpoch()
    {
        _canReturn = _trainer.Recovery is not null;
        if (_canReturn) _state.Capture(_trainer);
        long began = _trainer.Clock.GetTimestamp();
        _trainer.IsInEpoch = true;
        BeginEpoch();
        bool isWhole;
        using (BatchReader reader = _train.Read(_plan with { Epoch = EpochsDone }))
        {
            isWhole = Pass(reader);
        }

        if (_rows == 0) throw DataCheck.NoRows("training data");
        TimeSpan trained = _trainer.Clock.GetElapsedTime(began);

        // A last step can leave what no loss will ever see, if there is no validation.
        if (NonFiniteSearch.FindParameter(_trainer.Parameters, _network) is NonFinite found) throw new NonFiniteException(Dated(found), innerException: null);
        if (!isWhole) return null;
        Evaluation training = _evaluator.Result();
        Evaluation? validation = null;
        if (_validation is not null)
        {
            _isValidating = true;
            validation = _evaluator.Measure(_validation, _cancellation);
            _isValidating = false;
            if (validation is null) return null;
        }

        var epoch = new Epoch
        {
            Number = EpochsDone + 1,
            Training = training,
            Validation = validation,
            LearningRate = _optimizer.LearningRate,
            GradientNorm = _norms > 0 ? _normSum / _norms : null,
            RegularizationLoss = _optimizer.RegularizationLoss(),
            Duration = _trainer.Clock.GetElapsedTime(began),
            SamplesPerSecond = trained > TimeSpan.Zero ? _rows / trained.TotalSeconds : 0,
        };
        Conclude(epoch);
        return epoch;
    }

    private void Conclude(Epoch epoch)
    {
        int steps = _steps;
        (_state.StepsInLastEpoch, _state.StepsDone, _steps) = (_steps, _state.StepsDone + _steps, 0);
        (_state.RunElapsed, _state.Duration) = (RunElapsed, _durationBefore + Elapsed);
        _state.Epochs.Add(epoch);
        if (IsBest(Watched(epoch, _earlyStopping?.Metric)))
        {
            _state.BestIndex = EpochsDone - 1;
            if (_earlyStopping is { RestoreBest: true }) _state.SaveBest(_trainer);
        }

        _schedule?.Observe(Watched(epoch, _trainer.ScheduleMetric));
        _trainer.IsInEpoch = false;
        _isCallingOut = true;
        if (_logger?.IsEnabled(LogLevel.Information) == true)
        {
            string validation = epoch.Validation is Evaluation measured ? $", validation {measured}" : "";
            TrainingTelemetry.EpochDone(_logger, epoch.Number, epoch.Training, validation, epoch.LearningRate, (long)epoch.SamplesPerSecond);
        }

        _progress?.Report(ProgressNow(epoch, steps));
        foreach (TrainingObserver observer in _observers)
        {
            observer.OnEpoch(epoch);
        }

        _isCallingOut = false;
    }

    // Whatever cuts the next epoch short, this one can be written.
    private void KeepForCheckpoint(Epoch epoch)
    {
        if (_trainer.Checkpoint is not CheckpointOptions options) return;
        _state.Capture(_trainer);
        _isWritten = false;
        if (epoch.Number % options.Every == 0 || Pending() is not null) WriteCheckpoint();
    }

    // The state is as it was captured, at the end of the last whole epoch.
    private void WriteCheckpoint()
    {
        if (_trainer.Checkpoint is CheckpointOptions options) CheckpointFile.Write(options.Path, _trainer);
        _isWritten = true;
    }

    private bool IsBest(double value)
    {
        double margin = _earlyStopping?.MinDelta ?? 0;
        bool improves = double.IsFinite(value)
            && (_state.BestValue is not double best || (_watchedIsBetterHigher ? value > best + margin : value < best - margin));
        (_state.BestValue, _state.EpochsWithoutImprovement) = improves ? (value, 0) : (_state.BestValue, _state.EpochsWithoutImprovement + 1);
        return improves;
    }

    private static double Watched(Epoch epoch, string? metric)
    {
        epoch.Decisive.TryGet(metric ?? EarlyStopping.LossName, out double value);
        return value;
    }

    private NonFiniteException Locate(NotFiniteNumberException error)
    {
        (Matrix inputs, Matrix targets) = _isValidating ? _evaluator.Batch : (_inputs, _targets);
        NonFinite found = NonFiniteSearch.Find(_network, inputs, targets, inPrediction: _isValidating)
            ?? new NonFinite { Kind = NonFiniteKind.Loss, Value = error.OffendingNumber };
        return new NonFiniteException(Dated(found), error);
    }

    private NonFinite Dated(NonFinite found)
    {
        (found.Epoch, found.Step, found.IsInValidation) = (EpochsDone + 1, _isValidating ? 0 : StepsDone + 1, _isValidating);
        found.Samples = _isValidating ? [] : SamplesOf(found.Rows);
        return found;
    }

    private int[] SamplesOf(IReadOnlyList<int> rows)
    {
        if (_train is not Dataset { Count: int count }) return [];
        int[]? order = _plan.ShuffleSeed is ulong seed ? Shuffle.Order(count, seed, EpochsDone) : null;
        return [.. rows.Select(row => (int)_rowsBefore + row).Select(place => order is null ? place : order[place])];
    }

    // Back to the beginning of the epoch. Data that are not finite would be met again, and after the last return it is time to say so: then it is thrown from there.
    private void Recover(NonFiniteException found)
    {
        if (_canReturn)
        {
            _state.Restore(_trainer);
            _steps = 0;
        }

        NonFinite place = found.Place;
        if (!_canReturn || _trainer.Recovery is not Recovery recovery || place.Kind is NonFiniteKind.Input or NonFiniteKind.Target || _state.RecoveriesUsed >= recovery.Limit)
        {
            if (_logger is not null) TrainingTelemetry.Fails(_logger, place);
            throw found;
        }

        _state.RecoveriesUsed++;
        _state.RateFactor *= recovery.Factor;
        if (_schedule is null) _optimizer.LearningRate *= recovery.Factor;
        string cause = place.ToString();
        _state.Recoveries.Add(new RecoveryNote(cause, place.Epoch, place.Step, _state.RateFactor));
        if (_logger is not null) TrainingTelemetry.Recovers(_logger, cause, place.Epoch, _state.RateFactor);
    }
}

/// <summary>How long a run is to last: a number of epochs, or a time.</summary>
internal readonly record struct RunLength(int? Epochs, TimeSpan? Budget);
