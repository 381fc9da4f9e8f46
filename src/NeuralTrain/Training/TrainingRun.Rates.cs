namespace NeuralTrain;

/// <content>The learning rate in the course of a run.</content>
internal sealed partial class TrainingRun
{
    // As fine as a schedule is asked where it runs by a part of the time.
    private const long Resolution = 1 << 20;

    private readonly Schedule? _schedule;
    private readonly int? _stepsPerEpoch;
    private readonly int _epochsAtBegin;
    private long _budgetOfEpoch;

    /// <summary>Steps of an epoch; null where the data do not know their count.</summary>
    private int? CountSteps()
    {
        if (_train.Count is not int rows)
        {
            return null;
        }

        int batches = (rows / _plan.BatchSize) + (rows % _plan.BatchSize > 0 ? 1 : 0);
        if (_plan.MergeLastRow && batches > 1 && rows % _plan.BatchSize == 1)
        {
            batches--;
        }

        return ((batches - 1) / _accumulation) + 1;
    }

    private void BeginRates()
    {
        if (_schedule is null)
        {
            return;
        }

        _budgetOfEpoch = _schedule.Unit == ScheduleUnit.Epoch ? EpochBudget() : StepBudget();
        if (_schedule.Unit == ScheduleUnit.Epoch)
        {
            SetRateAt(_memory.EpochsDone - Origin(_memory.RunStartEpoch));
        }
    }

    private void SetRate()
    {
        if (_schedule is null)
        {
            return;
        }

        if (_length.Budget is TimeSpan budget && _schedule.FollowsBudget)
        {
            double fraction = Math.Min(RunElapsed / budget, 1);
            _budgetOfEpoch = Resolution;
            SetRateAt(Math.Min((long)(fraction * Resolution), Resolution - 1));
        }
        else if (_schedule.Unit == ScheduleUnit.Step)
        {
            SetRateAt(_memory.StepsDone - Origin(_memory.RunStartStep));
        }
    }

    private void SetRateAt(long time) =>
        _optimizer.LearningRate = _memory.BaseRate * _memory.RateFactor * _schedule!.At(time, Math.Max(_budgetOfEpoch, time + 1));

    // A schedule that spans the training spans each run by itself; one with lengths of its own goes on from run to run.
    private long Origin(long runStart) => _schedule!.FollowsBudget ? runStart : 0;

    private long EpochBudget() => _length.Epochs is int epochs
        ? (long)_memory.RunStartEpoch + epochs - Origin(_memory.RunStartEpoch)
        : Estimated(_memory.EpochsDone, _memory.RunStartEpoch);

    private long StepBudget()
    {
        if (_length.Epochs is null)
        {
            return Estimated(_memory.StepsDone, _memory.RunStartStep);
        }

        int? perEpoch = _stepsPerEpoch ?? (_memory.StepsInLastEpoch > 0 ? _memory.StepsInLastEpoch : null);
        return perEpoch is int steps
            ? _memory.StepsDone + ((long)(LastEpoch - _memory.EpochsDone) * steps) - Origin(_memory.RunStartStep)
            : Resolution;
    }

    // With a time budget: as many as there would be at the pace so far; before the first, the beginning of a long training.
    private long Estimated(long done, long runStart)
    {
        double fraction = RunElapsed / _length.Budget!.Value;
        long inRun = done - runStart;
        return inRun > 0 && fraction > 0 ? runStart + (long)Math.Round(inRun / Math.Min(fraction, 1)) - Origin(runStart) : Resolution;
    }
}
