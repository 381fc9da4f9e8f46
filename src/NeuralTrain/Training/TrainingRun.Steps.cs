using System.Numerics.Tensors;

namespace NeuralTrain;

/// <content>The steps of an epoch: the inner loop, in which nothing is allocated.</content>
internal sealed partial class TrainingRun
{
    // As fine as a schedule is asked where it follows the part of the time that is spent.
    private const long Resolution = 1 << 20;

    private readonly TrainingObserver[] _observers;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly int _accumulation;
    private readonly GrowingMatrix _gradients = new();
    private readonly Augmentation? _augmentation;
    private readonly StepRandom _random = new();
    private readonly int? _stepsPerEpoch;
    private readonly int _epochsAtBegin;

    // The epoch so far.
    private int _steps;
    private int _batchesInEpoch;
    private long _rows;
    private double _normSum;
    private int _norms;
    private bool _isValidating;
    private long _budgetOfEpoch;
    private TimeSpan _lastReport;
    private TimeSpan _epochBegan;

    // The step so far.
    private int _batchesInStep;
    private int _rowsInStep;
    private double _stepDivisor;
    private double _stepUnit;

    // The batch at hand.
    private long _rowsBefore;
    private Matrix _inputs;
    private Matrix _targets;
    private Matrix _outputs;
    private Matrix _gradient;
    private double _batchLoss;

    private long StepsDone => _state.StepsDone + _steps;

    private int? KnownStepsPerEpoch => _stepsPerEpoch ?? (_state.StepsInLastEpoch > 0 ? _state.StepsInLastEpoch : null);

    private void BeginEpoch()
    {
        _evaluator.Reset();
        (_steps, _rows, _normSum, _norms, _isValidating, _isCallingOut) = (0, 0, 0, 0, false, false);
        (_batchesInStep, _rowsInStep, _batchesInEpoch, _rowsBefore) = (0, 0, 0, 0);
        (_inputs, _targets) = (default, default);
        if (_progress is not null) _epochBegan = _lastReport = Elapsed;

        if (_schedule is null) return;
        _budgetOfEpoch = _schedule.Unit == ScheduleUnit.Epoch ? EpochBudget() : StepBudget();
        if (_schedule.Unit == ScheduleUnit.Epoch) SetRateAt(EpochsDone - Origin(_state.RunStartEpoch));
    }

    // False where it was cancelled before its end. At the end of the time it is measured as far as it came.
    private bool Pass(BatchReader reader)
    {
        while (reader.Read())
        {
            if (_batchesInStep == 0) SetRate();
            TakeBatch(reader);
            if (_batchesInStep < _accumulation) continue;
            TakeStep();

            // Cancelled at its last step, the epoch is whole and counts.
            if (_cancellation.IsCancellationRequested) return !reader.Read();
            if (_length.Budget is TimeSpan budget && RunElapsed >= budget) return true;
        }

        if (_batchesInStep > 0) TakeStep();
        return true;
    }

    private void TakeBatch(BatchReader reader)
    {
        _inputs = reader.Inputs;
        _targets = reader.Targets;
        _rowsBefore = _rows;
        if (_augmentation is not null)
        {
            _random.Begin(_trainer.Seed, EpochsDone, _batchesInEpoch++);
            _augmentation.Apply(_inputs, _random);
        }

        ReadOnlySpan<float> weights = reader.SampleWeights;
        _outputs = _network.Forward(_inputs);
        if (_gradient.Rows != _outputs.Rows || _gradient.Columns != _outputs.Columns)
        {
            _gradient = _gradients.View(_outputs.Rows, _outputs.Columns);
        }

        Matrix gradient = _gradient;
        _batchLoss = _loss.Evaluate(_outputs, _targets, gradient, weights);
        double? divisor = _loss.Divisor(_targets, weights);
        if (_accumulation > 1) Weigh(gradient, divisor);
        _network.Backward(gradient);
        _evaluator.Add(_batchLoss, divisor, _outputs, _targets, weights);
        _batchesInStep++;
        _rowsInStep += _inputs.Rows;
        _rows += _inputs.Rows;
    }

    // The gradient of all rows of the step at once is Σ dᵢ·gᵢ / Σ dᵢ over its batches, dᵢ what the loss divided by. The sum in the divisor is known at the end only:
    // until then it is taken for k·d₁, which is right where all batches count the same.
    private void Weigh(Matrix gradient, double? divisor)
    {
        if (divisor is not double weight)
        {
            _stepDivisor = _stepUnit = 1;
            return;
        }

        if (_batchesInStep == 0)
        {
            _stepDivisor = 0;
            _stepUnit = _accumulation * (weight > 0 ? weight : 1);
        }

        _stepDivisor += weight;
        TensorPrimitives.Multiply(gradient.Span, (float)(weight / _stepUnit), gradient.Span);
    }

    private void TakeStep()
    {
        if (_accumulation > 1 && _stepDivisor > 0 && _stepDivisor != _stepUnit)
        {
            float correction = (float)(_stepUnit / _stepDivisor);
            IReadOnlyList<NamedParameter> parameters = _optimizer.Trained;
            for (int i = 0; i < parameters.Count; i++)
            {
                Span<float> gradient = parameters[i].Parameter.Gradient.Span;
                TensorPrimitives.Multiply(gradient, correction, gradient);
            }
        }

        _isCallingOut = true;
        for (int i = 0; i < _observers.Length; i++)
        {
            _observers[i].OnGradients(StepNow());
        }

        _isCallingOut = false;
        _optimizer.Step();
        _steps++;
        if (_optimizer.LastGradientNorm is double norm)
        {
            _normSum += norm;
            _norms++;
        }

        _isCallingOut = true;
        TrainingTelemetry.Record(_rowsInStep, _batchLoss, _optimizer.LearningRate);
        for (int i = 0; i < _observers.Length; i++)
        {
            _observers[i].OnStep(StepNow() with { Step = StepsDone });
        }

        (_batchesInStep, _rowsInStep) = (0, 0);
        if (_progress is not null) ReportStep();
        _isCallingOut = false;
    }

    private TrainingStep StepNow() => new()
    {
        Network = _network,
        Optimizer = _optimizer,
        Epoch = EpochsDone + 1,
        Step = StepsDone + 1,
        Inputs = _inputs,
        Targets = _targets,
        Predictions = _outputs,
        Loss = _batchLoss,
    };

    private void ReportStep()
    {
        TimeSpan now = Elapsed;
        if (now - _lastReport < _trainer.ProgressInterval) return;
        _lastReport = now;
        _progress!.Report(ProgressNow(finished: null, _steps));
    }

    private TrainingProgress ProgressNow(Epoch? finished, int steps)
    {
        TimeSpan elapsed = Elapsed;
        TimeSpan inEpoch = elapsed - _epochBegan;
        Metric? metric = _evaluator.First;
        return new TrainingProgress
        {
            Epoch = finished?.Number ?? EpochsDone + 1,
            Epochs = _length.Epochs is null ? null : LastEpoch,
            Step = steps,
            StepsPerEpoch = KnownStepsPerEpoch,
            Loss = finished?.Training.Loss ?? _evaluator.Loss,
            MetricName = metric?.Name,
            MetricValue = finished is not null && metric is not null ? finished.Training.Values[0].Value : metric?.Value ?? double.NaN,
            LearningRate = _optimizer.LearningRate,
            SamplesPerSecond = finished?.SamplesPerSecond ?? (inEpoch > TimeSpan.Zero ? _rows / inEpoch.TotalSeconds : 0),
            Elapsed = elapsed,
            Remaining = Remaining(elapsed, finished is not null),
            Finished = finished,
            IsLast = finished is not null && Pending() is not null,
        };
    }

    private TimeSpan? Remaining(TimeSpan elapsed, bool isEpochEnd)
    {
        if (_length.Budget is TimeSpan budget)
        {
            TimeSpan left = budget - RunElapsed;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        // Parts of an epoch count where its length is known.
        double part = isEpochEnd ? 0 : KnownStepsPerEpoch is int steps ? Math.Min((double)_steps / steps, 1) : 0;
        double done = EpochsDone - _epochsAtBegin + part;
        double ticks = done > 0 ? elapsed.Ticks * ((LastEpoch - EpochsDone - part) / done) : double.PositiveInfinity;
        return ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    // Null where the data do not know their count.
    private int? CountSteps()
    {
        if (_train.Count is not int rows) return null;
        int batches = (rows / _plan.BatchSize) + (rows % _plan.BatchSize > 0 ? 1 : 0);
        if (_plan.MergeLastRow && batches > 1 && rows % _plan.BatchSize == 1) batches--;
        return ((batches - 1) / _accumulation) + 1;
    }

    private void SetRate()
    {
        if (_length.Budget is TimeSpan budget && _schedule is { FollowsBudget: true })
        {
            _budgetOfEpoch = Resolution;
            SetRateAt(Math.Min((long)(Math.Min(RunElapsed / budget, 1) * Resolution), Resolution - 1));
        }
        else if (_schedule is { Unit: ScheduleUnit.Step })
        {
            SetRateAt(StepsDone - Origin(_state.RunStartStep));
        }
    }

    private void SetRateAt(long time) =>
        _optimizer.LearningRate = _state.BaseRate * _state.RateFactor * _schedule!.At(time, Math.Max(_budgetOfEpoch, time + 1));

    // A schedule that spans the training spans each run by itself; one with lengths of its own goes on from run to run.
    private long Origin(long runStart) => _schedule!.FollowsBudget ? runStart : 0;

    private long EpochBudget() => _length.Epochs is int epochs
        ? (long)_state.RunStartEpoch + epochs - Origin(_state.RunStartEpoch)
        : Estimated(EpochsDone, _state.RunStartEpoch);

    private long StepBudget() =>
        _length.Epochs is null ? Estimated(StepsDone, _state.RunStartStep)
        : KnownStepsPerEpoch is int steps ? StepsDone + ((long)(LastEpoch - EpochsDone) * steps) - Origin(_state.RunStartStep)
        : Resolution;

    // With a time budget: as many as there would be at the pace so far; before the first, the beginning of a long training.
    private long Estimated(long done, long runStart)
    {
        double fraction = RunElapsed / _length.Budget!.Value;
        long inRun = done - runStart;
        return inRun > 0 && fraction > 0 ? runStart + (long)Math.Round(inRun / Math.Min(fraction, 1)) - Origin(runStart) : Resolution;
    }
}
