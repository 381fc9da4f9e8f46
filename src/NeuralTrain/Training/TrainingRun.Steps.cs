using System.Numerics.Tensors;

namespace NeuralTrain;

/// <content>The steps of an epoch: the inner loop, in which nothing is allocated.</content>
internal sealed partial class TrainingRun
{
    private readonly TrainingObserver[] _observers;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly int _accumulation;
    private readonly GrowingMatrix _gradients = new();
    private readonly Augmentation? _augmentation;
    private readonly StepRandom _random = new();

    // The epoch so far.
    private int _steps;
    private int _batchesInEpoch;
    private long _rows;
    private double _normSum;
    private int _norms;
    private bool _wasCancelled;
    private bool _isValidating;

    // Observers, progress and meters are others' code: what they throw says nothing of this training, of whatever kind it is.
    private bool _isCallingOut;
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

    private void BeginEpoch()
    {
        _measure.Reset();
        (_steps, _rows, _normSum, _norms, _wasCancelled, _isValidating, _isCallingOut) = (0, 0, 0, 0, false, false, false);
        (_batchesInStep, _rowsInStep, _batchesInEpoch, _rowsBefore) = (0, 0, 0, 0);
        (_inputs, _targets) = (default, default);
        if (_progress is not null)
        {
            _epochBegan = _lastReport = Elapsed;
        }

        BeginRates();
    }

    private void Pass(BatchReader reader)
    {
        while (reader.Read())
        {
            if (_batchesInStep == 0)
            {
                SetRate();
            }

            TakeBatch(reader);
            if (_batchesInStep == _accumulation)
            {
                TakeStep();
                if (_cancellation.IsCancellationRequested)
                {
                    // Cancelled at its last step, the epoch is whole and counts.
                    _wasCancelled = reader.Read();
                    return;
                }

                if (_length.Budget is TimeSpan budget && RunElapsed >= budget)
                {
                    return;
                }
            }
        }

        if (_batchesInStep > 0)
        {
            TakeStep();
        }
    }

    private void TakeBatch(BatchReader reader)
    {
        _inputs = reader.Inputs;
        _targets = reader.Targets;
        _rowsBefore = _rows;
        if (_augmentation is not null)
        {
            _random.Begin(_trainer.Seed, _memory.EpochsDone, _batchesInEpoch++);
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
        if (_accumulation > 1)
        {
            Weigh(gradient, divisor);
        }

        _network.Backward(gradient);
        _measure.Add(_batchLoss, divisor, _outputs, _targets, weights);
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
        _memory.StepsDone++;
        if (_optimizer.LastGradientNorm is double norm)
        {
            _normSum += norm;
            _norms++;
        }

        _isCallingOut = true;
        TrainingMeter.Record(_rowsInStep, _batchLoss, _optimizer.LearningRate);
        for (int i = 0; i < _observers.Length; i++)
        {
            _observers[i].OnStep(StepNow() with { Step = _memory.StepsDone });
        }

        (_batchesInStep, _rowsInStep) = (0, 0);
        if (_progress is not null)
        {
            ReportStep();
        }

        _isCallingOut = false;
    }

    private TrainingStep StepNow() => new()
    {
        Network = _network,
        Optimizer = _optimizer,
        Epoch = _memory.EpochsDone + 1,
        Step = _memory.StepsDone + 1,
        Inputs = _inputs,
        Targets = _targets,
        Predictions = _outputs,
        Loss = _batchLoss,
    };

    private void ReportStep()
    {
        TimeSpan now = Elapsed;
        if (now - _lastReport >= _trainer.ProgressInterval)
        {
            _lastReport = now;
            _progress!.Report(ProgressNow(finished: null));
        }
    }

    private TrainingProgress ProgressNow(Epoch? finished)
    {
        TimeSpan elapsed = Elapsed;
        TimeSpan inEpoch = elapsed - _epochBegan;
        Metric? metric = _measure.First;
        int? stepsPerEpoch = _stepsPerEpoch ?? (_memory.StepsInLastEpoch > 0 ? _memory.StepsInLastEpoch : null);
        return new TrainingProgress
        {
            Epoch = finished?.Number ?? _memory.EpochsDone + 1,
            Epochs = _length.Epochs is null ? null : LastEpoch,
            Step = _steps,
            StepsPerEpoch = stepsPerEpoch,
            Loss = finished?.Training.Loss ?? _measure.Loss,
            MetricName = metric?.Name,
            MetricValue = finished is not null && metric is not null ? finished.Training.Values[0].Value : metric?.Value ?? double.NaN,
            LearningRate = _optimizer.LearningRate,
            SamplesPerSecond = finished?.SamplesPerSecond ?? (inEpoch > TimeSpan.Zero ? _rows / inEpoch.TotalSeconds : 0),
            Elapsed = elapsed,
            Remaining = Remaining(elapsed, stepsPerEpoch, finished is not null),
            Finished = finished,
            IsLast = finished is not null && Pending() is not null,
        };
    }

    private TimeSpan? Remaining(TimeSpan elapsed, int? stepsPerEpoch, bool isEpochEnd)
    {
        if (_length.Budget is TimeSpan budget)
        {
            TimeSpan left = budget - RunElapsed;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        // Parts of an epoch count where its length is known.
        double part = isEpochEnd ? 0 : stepsPerEpoch is int steps ? Math.Min((double)_steps / steps, 1) : 0;
        double done = _memory.EpochsDone - _epochsAtBegin + part;
        double ticks = done > 0 ? elapsed.Ticks * ((LastEpoch - _memory.EpochsDone - part) / done) : double.PositiveInfinity;
        return ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }
}
