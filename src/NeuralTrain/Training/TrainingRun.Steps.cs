using System.Numerics.Tensors;

namespace NeuralTrain;

/// <content>The steps of an epoch: the inner loop, in which nothing is allocated.</content>
internal sealed partial class TrainingRun
{
    // The resolution of a schedule that follows the time spent.
    private const long Resolution = 1 << 20;

    private readonly StepRandom _random = new();
    private readonly GrowingMatrix _gradients = new(), _inputCopy = new(), _targetCopy = new();

    private SoFar _now;
    private long _budgetOfEpoch, _timeOfRate;

    // The step so far.
    private int _batchesInStep, _rowsInStep;
    private double _stepDivisor, _stepUnit;

    // The current batch.
    private Matrix _inputs, _targets, _outputs, _gradient;
    private double _batchLoss;

    private long StepsDone => _state.StepsDone + _now.Steps;

    // As in the last epoch if the number of rows is unknown.
    private int? KnownStepsPerEpoch
    {
        get
        {
            if (train.Count is not int rows) return _state.StepsInLastEpoch > 0 ? _state.StepsInLastEpoch : null;
            int batches = _begun.DropLast ? rows / _plan.BatchSize : ((rows - (_plan.MergeLastRow ? 2 : 1)) / _plan.BatchSize) + 1;
            return ((batches - 1) / _begun.AccumulationSteps) + 1;
        }
    }

    private void BeginEpoch()
    {
        _evaluator.Reset();
        TimeSpan now = Elapsed;
        _now = new SoFar { Began = now, LastReport = now };
        (_batchesInStep, _rowsInStep, _isValidating, _isCallingOut, _inputs, _targets) = (0, 0, false, false, default, default);
        if (_schedule is null) return;
        _budgetOfEpoch = _schedule.Unit == ScheduleUnit.Epoch ? EpochBudget() : StepBudget();
        if (_schedule.Unit == ScheduleUnit.Epoch) SetRateAt(EpochsDone - Origin(_state.RunStartEpoch));
    }

    // False if it was cancelled before its end. At the end of the time budget it is measured as far as it got.
    private bool Pass(BatchReader reader)
    {
        while (HasBatch(reader))
        {
            if (_batchesInStep == 0) SetRate();
            TakeBatch(reader);
            if (_batchesInStep < _begun.AccumulationSteps) continue;
            TakeStep();

            // Cancelled at its last step, the epoch is whole and counts.
            if (cancellation.IsCancellationRequested) return !HasBatch(reader);
            if (length.Budget is TimeSpan budget && RunElapsed >= budget) return true;
        }

        if (_batchesInStep > 0) TakeStep();
        return true;
    }

    // Only the last batch can have fewer rows.
    private bool HasBatch(BatchReader reader) => reader.Read() && (!_begun.DropLast || reader.Inputs.Rows >= _plan.BatchSize);

    private void TakeBatch(BatchReader reader)
    {
        _inputs = reader.Inputs;
        _targets = reader.Targets;
        _now.RowsBefore = _now.Rows;
        if (_begun.Augmentation is Augmentation augmentation)
        {
            // A custom source does not know that its batches, which may be views of its data, are written to.
            if (train is not (Dataset or StreamedData)) (_inputs, _targets) = (CopyOf(_inputs, _inputCopy), CopyOf(_targets, _targetCopy));
            _random.Begin(_begun.Seed, EpochsDone, _now.Batches++);
            augmentation.Apply(_inputs, _targets, _random);
        }

        ReadOnlySpan<float> weights = reader.SampleWeights;
        _outputs = trainer.Network.Forward(_inputs);
        int pass = trainer.Network.Passes;
        if (_gradient.Rows != _outputs.Rows) _gradient = _gradients.View(_outputs.Rows, _outputs.Columns);

        _batchLoss = trainer.Loss.Evaluate(_outputs, _targets, _gradient, weights);
        double? divisor = trainer.Loss.DivisorOf(_targets, weights);
        if (_begun.AccumulationSteps > 1) Weigh(_gradient, divisor);
        trainer.Network.Backward(_gradient);
        trainer.Network.CheckPasses(pass);
        _evaluator.Add(_batchLoss, divisor, _outputs, _targets, weights);
        _batchesInStep++;
        _rowsInStep += _inputs.Rows;
        _now.Rows += _inputs.Rows;
    }

    private static Matrix CopyOf(Matrix rows, GrowingMatrix memory)
    {
        Matrix copy = memory.View(rows.Rows, rows.Columns);
        rows.CopyTo(copy);
        return copy;
    }

    // The gradient of all rows of the step at once is Σ dᵢ·gᵢ / Σ dᵢ over its batches, dᵢ what the loss divided by. The sum in the divisor is only known at the end:
    // until then k·d₁ is used, which is right if all batches count the same.
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
            _stepUnit = _begun.AccumulationSteps * (weight > 0 ? weight : 1);
        }

        _stepDivisor += weight;
        TensorPrimitives.Multiply(gradient.Span, (float)(weight / _stepUnit), gradient.Span);
    }

    private void TakeStep()
    {
        if (_begun.AccumulationSteps > 1 && _stepDivisor > 0 && _stepDivisor != _stepUnit)
        {
            float correction = (float)(_stepUnit / _stepDivisor);
            foreach (NamedParameter named in trainer.Optimizer.Trained)
            {
                foreach (ref float gradient in named.Parameter.Gradient.Span) gradient *= correction;
            }
        }

        _isCallingOut = true;
        foreach (TrainingObserver observer in _observers) observer.OnGradients(StepNow(StepsDone + 1));
        _isCallingOut = false;
        trainer.Optimizer.Step();
        _now.Steps++;
        if (trainer.Optimizer.LastGradientNorm is double norm) (_now.NormSum, _now.Norms) = (_now.NormSum + norm, _now.Norms + 1);
        _isCallingOut = true;
        TrainingTelemetry.Record(_rowsInStep, _batchLoss, trainer.Optimizer.LearningRate);
        foreach (TrainingObserver observer in _observers) observer.OnStep(StepNow(StepsDone));
        (_batchesInStep, _rowsInStep) = (0, 0);
        if (_begun.Progress is not null) ReportStep(_begun.Progress);
        _isCallingOut = false;
    }

    private TrainingStep StepNow(long step) => new()
    {
        Network = trainer.Network,
        Optimizer = trainer.Optimizer,
        Epoch = EpochsDone + 1,
        Step = step,
        Inputs = _inputs,
        Targets = _targets,
        Predictions = _outputs,
        Loss = _batchLoss,
    };

    private void ReportStep(IProgress<TrainingProgress> progress)
    {
        TimeSpan now = Elapsed;
        if (now - _now.LastReport < _begun.ProgressInterval) return;
        _now.LastReport = now;
        progress.Report(ProgressNow(finished: null));
    }

    private TrainingProgress ProgressNow(Epoch? finished)
    {
        TimeSpan elapsed = Elapsed;
        TimeSpan inEpoch = elapsed - _now.Began;
        Metric? metric = _evaluator.First;
        return new TrainingProgress
        {
            Epoch = finished?.Number ?? EpochsDone + 1,
            Epochs = length.Epochs is null ? null : LastEpoch,
            Step = finished is null ? _now.Steps : _state.StepsInLastEpoch,
            StepsPerEpoch = KnownStepsPerEpoch,
            Loss = finished?.Training.Loss ?? _evaluator.Loss,
            MetricName = metric?.Name,
            MetricValue = (finished?.Training.Values is [MetricValue first, ..] ? first.Value : metric?.Value) ?? double.NaN,
            LearningRate = trainer.Optimizer.LearningRate,
            SamplesPerSecond = finished?.SamplesPerSecond ?? (inEpoch > TimeSpan.Zero ? _now.Rows / inEpoch.TotalSeconds : 0),
            Elapsed = elapsed,
            Remaining = Remaining(elapsed),
            Finished = finished,
            IsLast = finished is not null && Pending() is not null,
        };
    }

    private TimeSpan? Remaining(TimeSpan elapsed)
    {
        if (length.Budget is TimeSpan budget)
        {
            TimeSpan left = budget - RunElapsed;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        // Parts of an epoch count if its length is known.
        double part = KnownStepsPerEpoch is int steps ? Math.Min((double)_now.Steps / steps, 1) : 0;
        double done = EpochsDone - _epochsAtBegin + part;
        double ticks = done > 0 ? elapsed.Ticks * ((LastEpoch - EpochsDone - part) / done) : double.PositiveInfinity;
        return ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    private void SetRate()
    {
        if (length.Budget is TimeSpan budget && _schedule is { FollowsBudget: true })
        {
            _budgetOfEpoch = Resolution;
            SetRateAt(Math.Min((long)(Math.Min(RunElapsed / budget, 1) * Resolution), Resolution - 1));
        }
        else if (_schedule is { Unit: ScheduleUnit.Step })
        {
            SetRateAt(StepsDone - Origin(_state.RunStartStep));
        }
    }

    private void SetRateAt(long time)
    {
        _timeOfRate = time;
        trainer.Optimizer.LearningRate = _state.BaseRate * _state.RateFactor * _schedule!.At(time, Math.Max(_budgetOfEpoch, time + 1));
    }

    // A schedule that spans the training spans each run separately; one with fixed lengths continues from run to run.
    private long Origin(long runStart) => _schedule!.FollowsBudget ? runStart : 0;

    private long EpochBudget() => length.Epochs is int epochs
        ? (long)_state.RunStartEpoch + epochs - Origin(_state.RunStartEpoch)
        : Estimated(EpochsDone, _state.RunStartEpoch);

    private long StepBudget() =>
        length.Epochs is null ? Estimated(StepsDone, _state.RunStartStep)
        : KnownStepsPerEpoch is int steps ? StepsDone + ((long)(LastEpoch - EpochsDone) * steps) - Origin(_state.RunStartStep)
        : Resolution;

    // With a time budget: extrapolated from the pace so far; before the first, as at the start of a long run.
    private long Estimated(long done, long runStart)
    {
        double fraction = RunElapsed / length.Budget!.Value;
        long inRun = done - runStart;
        return inRun > 0 && fraction > 0 ? runStart + (long)Math.Round(inRun / fraction) - Origin(runStart) : Resolution;
    }

    // The current epoch so far.
    private struct SoFar
    {
        public int Steps, Batches, Norms;
        public long Rows, RowsBefore;
        public double NormSum;
        public TimeSpan Began, LastReport;
    }
}
