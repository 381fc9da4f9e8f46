namespace NeuralTrain;

/// <summary>The course of a training: every epoch, which one was the best, and why it ended.</summary>
public sealed class History
{
    private readonly List<Epoch> _epochs = [];
    private readonly List<RecoveryNote> _recoveries = [];
    private string[] _metricNames = [];
    private int? _best;

    internal History()
    {
    }

    /// <summary>All finished epochs, in order; those of earlier calls of <c>Fit</c> on the same trainer included.</summary>
    public IReadOnlyList<Epoch> Epochs => _epochs;

    /// <summary>
    /// The best epoch of the last call of <c>Fit</c> that had one: the one with the lowest validation loss (or training loss, without validation data), or the best by the metric and the least difference of
    /// <see cref="Trainer.EarlyStopping"/> where that is set. Epochs of earlier calls do not compete: they may have been measured on other data.
    /// </summary>
    /// <exception cref="InvalidOperationException">No epoch was finished, or none had a finite value.</exception>
    public Epoch Best => _best is int index
        ? _epochs[index]
        : throw new InvalidOperationException(
            $"There is no best epoch: {(_epochs.Count == 0 ? "no epoch was finished" : "none of the epochs had a finite value")}. " +
            $"Look at {nameof(Epochs)} and {nameof(StopReason)} ({StopReason}).");

    /// <summary>Why the training ended; <see cref="StopReason.None"/> while it goes on.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>How long the training took, all calls of <c>Fit</c> together.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>The names of the metrics that were measured, in their order.</summary>
    public IReadOnlyList<string> MetricNames => _metricNames;

    /// <summary>Each return to finite weights that <see cref="Trainer.Recovery"/> made, in order.</summary>
    public IReadOnlyList<RecoveryNote> Recoveries => _recoveries;

    /// <summary>The number of epochs, the reason of the stop and the best, as <c>50 epochs (EarlyStopping); best epoch 37: loss 0.041</c>.</summary>
    public override string ToString() =>
        $"{_epochs.Count} epochs ({StopReason})" + (_best is int index ? $"; best {_epochs[index]}" : "");

    /// <summary>The place of <see cref="Best"/> in <see cref="Epochs"/>; null if there is none.</summary>
    internal int? BestIndex => _best;

    internal void SetMetricNames(IEnumerable<string> names) => _metricNames = [.. names];

    internal void Add(Epoch epoch, bool isBest)
    {
        _epochs.Add(epoch);
        if (isBest)
        {
            _best = _epochs.Count - 1;
        }
    }

    internal void Add(RecoveryNote note) => _recoveries.Add(note);

    /// <summary>Takes over the course of an interrupted training.</summary>
    internal void Restore(TrainerState state)
    {
        _epochs.Clear();
        _epochs.AddRange(state.Epochs);
        _recoveries.Clear();
        _recoveries.AddRange(state.Recoveries);
        _best = state.BestIndex;
        _metricNames = [.. state.MetricNames];
        Duration = state.Duration;
        StopReason = StopReason.None;
    }
}
