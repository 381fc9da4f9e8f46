namespace NeuralTrain;

/// <content>What happens when something becomes NaN or infinite.</content>
internal sealed partial class TrainingRun
{
    private readonly FiniteState? _lastFinite;

    /// <summary>A last step can leave what no loss will ever see, if there is no validation.</summary>
    private void CheckParameters()
    {
        if (NonFiniteSearch.FindParameter(_memory.Parameters, _network) is NonFinite found)
        {
            throw new NonFiniteException(Dated(found), innerException: null);
        }
    }

    private NonFiniteException Locate(NotFiniteNumberException error)
    {
        (Matrix inputs, Matrix targets) = _isValidating ? _evaluator.Batch : (_inputs, _targets);
        NonFinite found = NonFiniteSearch.Find(_network, inputs, targets, inPrediction: _isValidating)
            ?? new NonFinite { Kind = NonFiniteKind.Loss, Value = error.OffendingNumber };
        return new NonFiniteException(Dated(found), error);
    }

    private NonFinite Dated(NonFinite found) => found with
    {
        Epoch = _memory.EpochsDone + 1,
        Step = _isValidating ? 0 : _memory.StepsDone + 1,
        IsInValidation = _isValidating,
        Samples = _isValidating ? [] : SamplesOf(found.Rows),
    };

    private int[] SamplesOf(IReadOnlyList<int> rows)
    {
        if (_train is not Dataset { Count: int count })
        {
            return [];
        }

        int[]? order = _plan.ShuffleSeed is ulong seed ? Shuffle.Order(count, seed, _memory.EpochsDone) : null;
        return [.. rows.Select(row => (int)_rowsBefore + row).Select(place => order is null ? place : order[place])];
    }

    private bool TryRecover(NonFinite place)
    {
        // Data that are not finite would be met again; after the last return it is time to say so.
        if (_trainer.Recovery is not Recovery recovery || place.Kind is NonFiniteKind.Input or NonFiniteKind.Target
            || _memory.RecoveriesUsed >= recovery.Limit)
        {
            _lastFinite?.Restore();
            return false;
        }

        _lastFinite!.Restore();
        _memory.RecoveriesUsed++;
        _memory.RateFactor *= recovery.Factor;
        if (_schedule is null)
        {
            _optimizer.LearningRate *= recovery.Factor;
        }

        string cause = place.ToString();
        _history.Add(new RecoveryNote(cause, place.Epoch, place.Step, _memory.RateFactor));
        if (_trainer.Logger is { } logger)
        {
            TrainingLog.Recovers(logger, cause, place.Epoch, _memory.RateFactor);
        }

        return true;
    }
}
