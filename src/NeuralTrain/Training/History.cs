using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The course of a training run: every epoch, which one was the best, and why it ended.</summary>
public sealed class History
{
    internal History(TrainingState state) => State = state;

    /// <summary>Holds the course of a training run, as read from JSON.</summary>
    /// <param name="epochs">All finished epochs, in order.</param>
    /// <param name="bestEpoch">The number of the best one, from 1; null if there is none.</param>
    /// <param name="stopReason">Why the training ended.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="metricNames">The names of the metrics.</param>
    /// <param name="recoveries">The returns to finite weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">The best epoch is not one of them.</exception>
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
            throw new ArgumentOutOfRangeException(nameof(bestEpoch), $"bestEpoch must be the number of one of the {Epochs.Count} epochs, received {bestEpoch}.");
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

    /// <summary>Why the training ended; <see cref="StopReason.None"/> while it is running.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>How long the training took, all calls of <c>Fit</c> together.</summary>
    public TimeSpan Duration => State.Duration;

    /// <summary>The names of the metrics that were measured, in their order.</summary>
    public IReadOnlyList<string> MetricNames => State.MetricNames;

    /// <summary>Each return to finite weights that <see cref="Trainer.Recovery"/> made, in order.</summary>
    public IReadOnlyList<RecoveryNote> Recoveries => State.Recoveries;

    /// <summary>The loss or a metric, epoch by epoch: <c>history.Curve("accuracy", validation: true)</c>.</summary>
    /// <param name="metric">One of <see cref="MetricNames"/>. Default: the loss.</param>
    /// <param name="validation">Whether on the validation data instead of the training data. Default false.</param>
    /// <returns>A value for each of <see cref="Epochs"/>; NaN where there was no validation data, or another call of <c>Fit</c> measured other metrics.</returns>
    /// <exception cref="ArgumentException">No such metric was measured.</exception>
    public double[] Curve(string metric = EarlyStopping.LossName, bool validation = false) =>
        [.. Epochs.Select(epoch => Value(validation ? epoch.Validation : epoch.Training, metric) ?? double.NaN)];

    /// <summary>All epochs as a table for a spreadsheet or a data frame: a line of names, then a line for each epoch, its values with all digits and separated by commas.</summary>
    /// <remarks>Empty is what was not measured, such as the gradient norm without clipping. Metrics are named for the data, as <c>training accuracy</c> and <c>validation accuracy</c>.</remarks>
    public string ToCsv()
    {
        string[] metrics = [EarlyStopping.LossName, .. MetricNames];
        return string.Concat(Epochs.Select(Line).Prepend(Joined(
            ["epoch", .. metrics.Select(metric => $"training {metric}"), .. metrics.Select(metric => $"validation {metric}"), "learning rate", "gradient norm", "regularization loss", "seconds", "samples per second"])));

        string Line(Epoch epoch) => Joined([
            $"{epoch.Number}", .. metrics.Select(metric => $"{Value(epoch.Training, metric):r}"), .. metrics.Select(metric => $"{Value(epoch.Validation, metric):r}"),
            $"{epoch.LearningRate:r}", $"{epoch.GradientNorm:r}", $"{epoch.RegularizationLoss:r}", $"{epoch.Duration.TotalSeconds:r}", $"{epoch.SamplesPerSecond:r}"]);

        static string Joined(IEnumerable<string> values) => string.Join(',', values.Select(value => value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"")}\"" : value)) + "\n";
    }

    /// <summary>The number of epochs, why it stopped, and the best epoch, as <c>50 epochs (EarlyStopping); best epoch 37: validation loss 0.041</c>.</summary>
    public override string ToString() => $"{Epochs.Count} epochs ({StopReason})" + (Best is null ? "" : $"; best {Best}");

    // Another call of Fit may have measured other metrics.
    private double? Value(Evaluation? measured, string metric) =>
        measured is null || (!measured.TryGet(metric, out _) && MetricNames.Contains(metric, StringComparer.OrdinalIgnoreCase)) ? null : measured[metric];

    /// <summary>What the course is read from; another one after a resume.</summary>
    internal TrainingState State { get; set; }
}

/// <summary>Why training ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    /// <summary>It has not ended: it is still running, or never began.</summary>
    None,

    /// <summary>All requested epochs are done.</summary>
    EpochsDone,

    /// <summary>The time is up.</summary>
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
