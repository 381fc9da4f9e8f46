using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The course of a training: every epoch, which one was the best, and why it ended.</summary>
public sealed class History
{
    internal History(TrainingState state) => State = state;

    /// <summary>Holds the course of a training, as read from JSON.</summary>
    /// <param name="epochs">All finished epochs, in order.</param>
    /// <param name="bestEpoch">The number of the best one, from 1; null if there is none.</param>
    /// <param name="stopReason">Why the training ended.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="metricNames">The names of the metrics.</param>
    /// <param name="recoveries">The returns to finite weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">The best epoch is not one of them.</exception>
    [JsonConstructor]
    public History(
        IReadOnlyList<Epoch> epochs, int? bestEpoch, StopReason stopReason, TimeSpan duration, IReadOnlyList<string> metricNames, IReadOnlyList<RecoveryNote> recoveries)
    {
        State = new TrainingState
        {
            Epochs = [.. epochs ?? []], BestIndex = bestEpoch - 1, Duration = duration, MetricNames = [.. metricNames ?? []], Recoveries = [.. recoveries ?? []],
        };
        StopReason = stopReason;
        if (bestEpoch < 1 || bestEpoch > Epochs.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(bestEpoch), bestEpoch, $"bestEpoch must be the number of one of the {Epochs.Count} epochs, received {bestEpoch}.");
        }
    }

    /// <summary>All finished epochs in order, including those of earlier calls of <c>Fit</c> on the same trainer.</summary>
    public IReadOnlyList<Epoch> Epochs => State.Epochs;

    /// <summary>
    /// The best epoch of the last call of <c>Fit</c> that had one: the one with the lowest validation loss (or training loss, without validation data), or the best by the metric and the least difference of
    /// <see cref="Trainer.EarlyStopping"/> where that is set; null if no epoch was finished, or none had a finite value. Epochs of earlier calls do not compete: they may have been
    /// measured on other data.
    /// </summary>
    [JsonIgnore]
    public Epoch? Best => State.BestIndex is int index ? State.Epochs[index] : null;

    /// <summary>The number of the best epoch, from 1; null where there is none.</summary>
    public int? BestEpoch => State.BestIndex + 1;

    /// <summary>Why the training ended; <see cref="StopReason.None"/> while it goes on.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>How long the training took, all calls of <c>Fit</c> together.</summary>
    public TimeSpan Duration => State.Duration;

    /// <summary>The names of the metrics that were measured, in their order.</summary>
    public IReadOnlyList<string> MetricNames => State.MetricNames;

    /// <summary>Each return to finite weights that <see cref="Trainer.Recovery"/> made, in order.</summary>
    public IReadOnlyList<RecoveryNote> Recoveries => State.Recoveries;

    /// <summary>The number of epochs, why it stopped, and the best epoch, as <c>50 epochs (EarlyStopping); best epoch 37: loss 0.041</c>.</summary>
    public override string ToString() => $"{Epochs.Count} epochs ({StopReason})" + (Best is null ? "" : $"; best {Best}");

    /// <summary>What the course is read from; another one after a resume.</summary>
    internal TrainingState State { get; set; }
}

/// <summary>Why a training ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    /// <summary>It has not ended: it is going on, or was never begun.</summary>
    None,

    /// <summary>All requested epochs are done.</summary>
    EpochsDone,

    /// <summary>The time budget is spent.</summary>
    BudgetSpent,

    /// <summary>There was no improvement for as long as <see cref="NeuralTrain.EarlyStopping"/> waits.</summary>
    EarlyStopping,

    /// <summary>It was cancelled by the token.</summary>
    Cancelled,

    /// <summary>The loop over <see cref="Trainer.Epochs(BatchSource, BatchSource, int, CancellationToken)"/> was left before its end.</summary>
    LeftByCaller,

    /// <summary>A value became NaN or infinite, and there was no <see cref="Recovery"/> left; <see cref="NonFiniteException"/> says where.</summary>
    NotFinite,

    /// <summary>Another exception was thrown: by the data, an observer, or a custom layer.</summary>
    Failed,
}
