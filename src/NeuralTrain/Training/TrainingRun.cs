namespace NeuralTrain;

/// <summary>One call of <c>Fit</c>: epoch after epoch until a reason to stop.</summary>
internal sealed partial class TrainingRun
{
    private readonly Trainer _trainer;
    private readonly TrainingMemory _memory;
    private readonly Sequential _network;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly History _history;
    private readonly TimeProvider _clock;
    private readonly BatchSource _train;
    private readonly BatchSource? _validation;
    private readonly RunLength _length;
    private readonly CancellationToken _cancellation;
    private readonly BatchPlan _plan;
    private readonly Measure _measure;
    private readonly Evaluator _evaluator;
    private readonly EarlyStopping? _earlyStopping;
    private readonly bool _earlyHigherIsBetter;
    private readonly bool _isResumed;
    private readonly TimeSpan _elapsedBefore;
    private readonly TimeSpan _historyBefore;
    private readonly long _began;
    private StopReason _reason = StopReason.LeftByCaller;

    public TrainingRun(Trainer trainer, TrainingMemory memory, BatchSource train, BatchSource? validation, RunLength length, CancellationToken cancellation)
    {
        (_trainer, _memory, _network, _loss, _optimizer) = (trainer, memory, trainer.Network, trainer.Loss, trainer.Optimizer);
        (_train, _validation, _length, _cancellation) = (train, validation, length, cancellation);
        (_history, _clock, _progress) = (trainer.History, trainer.Clock, trainer.Progress);
        (_schedule, _accumulation, _earlyStopping) = (trainer.Schedule, trainer.AccumulationSteps, trainer.EarlyStopping);
        _augmentation = trainer.Augmentation;
        _observers = [.. trainer.Observers];
        _plan = new BatchPlan(
            trainer.BatchSize, trainer.Shuffle ? trainer.Seed : null, Epoch: 0, MergeLastRow: DataCheck.NormalizesBatches(_network),
            Writable: _augmentation is not null);
        _measure = new Measure(trainer.Metrics);
        _evaluator = new Evaluator(_network, _loss, _measure);
        _earlyHigherIsBetter = DataCheck.HigherIsBetter(trainer, _earlyStopping?.Metric);
        foreach (Metric metric in trainer.Metrics)
        {
            metric.Begin(_loss.OutputKind, train.TargetSize);
        }

        ClearGradients();
        _isResumed = memory.IsResumed;
        BeginMemory();
        _elapsedBefore = memory.RunElapsed;
        _historyBefore = _history.Duration;
        _epochsAtBegin = memory.EpochsDone;
        _stepsPerEpoch = CountSteps();
        if (trainer.Recovery is not null)
        {
            _lastFinite = new FiniteState(_network, _optimizer, memory);
        }

        _history.SetMetricNames(trainer.Metrics.Select(metric => metric.Name));
        _history.StopReason = StopReason.None;
        _began = _clock.GetTimestamp();
    }

    /// <summary>Whether a pass over the data is under way, so that nobody else may use the metrics or take the state.</summary>
    public bool IsInEpoch { get; private set; }

    private TimeSpan Elapsed => _clock.GetElapsedTime(_began);

    private TimeSpan RunElapsed => _elapsedBefore + Elapsed;

    private int LastEpoch => (int)Math.Min((long)_memory.RunStartEpoch + (_length.Epochs ?? 0), int.MaxValue);

    public void Begin()
    {
        if (_trainer.Logger is { } logger)
        {
            TrainingLog.Begins(logger, _memory.TrainableValues(), _trainer.BatchSize, _optimizer, _loss);
        }

        try
        {
            foreach (TrainingObserver observer in _observers)
            {
                observer.OnBegin(_trainer);
            }
        }
        catch
        {
            // Nothing was trained: what was to be resumed can be still.
            (_reason, _memory.IsResumed) = (StopReason.Failed, _isResumed);
            throw;
        }
    }

    /// <summary>Trains one epoch; null if there is a reason to stop.</summary>
    public Epoch? Next()
    {
        try
        {
            while (ReasonToStop() is null)
            {
                if (TryEpoch() is Epoch epoch)
                {
                    return epoch;
                }
            }

            return null;
        }
        catch (Exception error)
        {
            _reason = error is NonFiniteException && !_isCallingOut ? StopReason.NotFinite : StopReason.Failed;
            throw;
        }
    }

    /// <summary>Puts the best weights and the learning rate in place, however the run ended.</summary>
    public void End()
    {
        IsInEpoch = false;
        if (_earlyStopping is { RestoreBest: true } && _reason is not (StopReason.NotFinite or StopReason.Failed))
        {
            // After an error the weights stay as they were, to be looked at. A resumed training may have brought best weights along that nobody asks for any more.
            _memory.Best.Restore();
        }

        if (_schedule is not null)
        {
            _optimizer.LearningRate = _memory.BaseRate * _memory.RateFactor;
            (_memory.BaseRate, _memory.RateFactor) = (_optimizer.LearningRate, 1);
        }

        _history.StopReason = _reason;
        _history.Duration = _historyBefore + Elapsed;
        if (_trainer.Logger is { } logger)
        {
            TrainingLog.Ends(logger, _history);
        }

        foreach (TrainingObserver observer in _observers)
        {
            observer.OnEnd(_history);
        }
    }

    // A step that an error cut short leaves gradients behind, which the next step must not meet.
    private void ClearGradients()
    {
        foreach ((string _, Parameter parameter) in _memory.Parameters)
        {
            parameter.Gradient.Span.Clear();
        }
    }

    // A resumed run goes on with its counters; a new one begins its own, and the best of an earlier one, perhaps on other data, is no measure for it.
    private void BeginMemory()
    {
        if (!_memory.IsResumed)
        {
            _memory.BeginRun(_optimizer.LearningRate);
        }

        _memory.IsResumed = false;
    }

    private StopReason? ReasonToStop()
    {
        StopReason? reason = Pending();
        _reason = reason ?? _reason;
        return reason;
    }

    // What would end the run now.
    private StopReason? Pending() =>
        _earlyStopping is not null && _memory.EpochsWithoutImprovement >= _earlyStopping.Patience ? StopReason.EarlyStopping
        : _length.Epochs is not null && _memory.EpochsDone >= LastEpoch ? StopReason.EpochsDone
        : _length.Budget is TimeSpan budget && RunElapsed >= budget ? StopReason.BudgetSpent
        : _cancellation.IsCancellationRequested ? StopReason.Cancelled
        : null;

    // Null where the epoch was cancelled, or has to begin anew.
    private Epoch? TryEpoch()
    {
        _lastFinite?.Save();
        try
        {
            IsInEpoch = true;
            return RunEpoch();
        }
        catch (NotFiniteNumberException error) when (!_isCallingOut)
        {
            NonFiniteException located = error as NonFiniteException ?? Locate(error);
            if (!TryRecover(located.Place))
            {
                if (_trainer.Logger is { } logger)
                {
                    TrainingLog.Fails(logger, located.Place);
                }

                throw located;
            }

            return null;
        }
        finally
        {
            IsInEpoch = false;
        }
    }

    private Epoch? RunEpoch()
    {
        long began = _clock.GetTimestamp();
        BeginEpoch();
        using (BatchReader reader = _train.Read(_plan with { Epoch = _memory.EpochsDone }))
        {
            Pass(reader);
        }

        if (_rows == 0)
        {
            throw DataCheck.NoRows("training data");
        }

        TimeSpan trained = _clock.GetElapsedTime(began);
        CheckParameters();
        if (_wasCancelled)
        {
            return null;
        }

        Evaluation training = _measure.ToEvaluation();
        Evaluation? validation = null;
        if (_validation is not null && (validation = Validate(_validation)) is null)
        {
            return null;
        }

        var epoch = new Epoch
        {
            Number = _memory.EpochsDone + 1,
            Training = training,
            Validation = validation,
            LearningRate = _optimizer.LearningRate,
            GradientNorm = _norms > 0 ? _normSum / _norms : null,
            RegularizationLoss = _optimizer.RegularizationLoss(),
            Duration = _clock.GetElapsedTime(began),
            SamplesPerSecond = trained > TimeSpan.Zero ? _rows / trained.TotalSeconds : 0,
        };
        Conclude(epoch);
        return epoch;
    }

    // Null where it was cancelled.
    private Evaluation? Validate(BatchSource validation)
    {
        _isValidating = true;
        Evaluation? result = _evaluator.Run(validation, _cancellation);
        _isValidating = false;
        return result;
    }

    private void Conclude(Epoch epoch)
    {
        _memory.EpochsDone++;
        _memory.StepsInLastEpoch = _steps;
        _memory.RunElapsed = RunElapsed;
        bool isBest = _memory.Observe(Watched(epoch, _earlyStopping?.Metric), _earlyStopping, _earlyHigherIsBetter);
        _history.Add(epoch, isBest);
        _history.Duration = _historyBefore + Elapsed;
        _schedule?.Observe(Watched(epoch, _trainer.ScheduleMetric));
        IsInEpoch = false;
        _isCallingOut = true;
        if (_trainer.Logger is { } logger)
        {
            TrainingLog.EpochDone(logger, epoch, epoch.Training, epoch.LearningRate, (long)epoch.SamplesPerSecond);
        }

        _progress?.Report(ProgressNow(epoch));
        foreach (TrainingObserver observer in _observers)
        {
            observer.OnEpoch(epoch);
        }

        _isCallingOut = false;
        if (_trainer.Checkpoint is CheckpointOptions options && (epoch.Number % options.Every == 0 || Pending() is not null))
        {
            _trainer.WriteCheckpoint(options);
        }
    }

    private static double Watched(Epoch epoch, string? metric)
    {
        epoch.Decisive.TryGet(metric ?? EarlyStopping.LossName, out double value);
        return value;
    }
}
