using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The history of a training run: every epoch, the best one, and why training ended.</summary>
public sealed class History
{
    internal History(TrainingState state) => State = state;

    /// <summary>Creates the history of a training run, as read from JSON.</summary>
    /// <param name="epochs">All finished epochs, in order.</param>
    /// <param name="bestEpoch">The number of the best epoch, from 1; null if there is none.</param>
    /// <param name="stopReason">Why the training ended.</param>
    /// <param name="duration">The duration of the training.</param>
    /// <param name="metricNames">The names of the metrics.</param>
    /// <param name="recoveries">The recoveries, in order.</param>
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
    /// The best epoch of the last call of <c>Fit</c> that had one: the one with the lowest validation loss (or training loss, without validation data), or, with
    /// <see cref="Trainer.EarlyStopping"/>, the best by its metric and minimum improvement; null if no epoch was finished, or none had a finite value. Epochs of earlier calls are not considered: they may have been
    /// measured on other data.
    /// </summary>
    [JsonIgnore]
    public Epoch? Best => State.BestIndex is int index ? State.Epochs[index] : null;

    /// <summary>The number of the best epoch, from 1; null where there is none.</summary>
    public int? BestEpoch => State.BestIndex + 1;

    /// <summary>Why the training ended; <see cref="StopReason.None"/> while it is running.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>The duration of the training, all calls of <c>Fit</c> together.</summary>
    public TimeSpan Duration => State.Duration;

    /// <summary>The names of the metrics that were measured, in order.</summary>
    public IReadOnlyList<string> MetricNames => State.MetricNames;

    /// <summary>The recoveries that <see cref="Trainer.Recovery"/> made, in order.</summary>
    public IReadOnlyList<RecoveryNote> Recoveries => State.Recoveries;

    /// <summary>The loss or a metric, epoch by epoch: <c>history.Curve("accuracy", validation: true)</c>.</summary>
    /// <param name="metric">One of <see cref="MetricNames"/>. Default: the loss.</param>
    /// <param name="validation">Whether to return the values on the validation data instead of the training data. Default false.</param>
    /// <returns>A value for each of <see cref="Epochs"/>; NaN where there was no validation data, or another call of <c>Fit</c> measured other metrics.</returns>
    /// <exception cref="ArgumentException">No such metric was measured.</exception>
    public double[] Curve(string metric = EarlyStopping.LossName, bool validation = false) =>
        [.. Epochs.Select(epoch => Value(validation ? epoch.Validation : epoch.Training, metric) ?? double.NaN)];

    /// <summary>All epochs as a table for a spreadsheet or a data frame: a header line, then a line for each epoch, with values in full precision, separated by commas.</summary>
    /// <remarks>Cells of values that were not measured, such as the gradient norm without clipping, are empty. Metrics are named for the data, as <c>training accuracy</c> and <c>validation accuracy</c>.</remarks>
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

    /// <summary>The state that the history is read from; replaced on resuming.</summary>
    internal TrainingState State { get; set; }
}

/// <summary>Why training ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    /// <summary>Training has not ended: it is still running, or never started.</summary>
    None,

    /// <summary>All requested epochs are done.</summary>
    EpochsDone,

    /// <summary>The time budget is used up.</summary>
    BudgetSpent,

    /// <summary>There was no improvement within the patience of <see cref="NeuralTrain.EarlyStopping"/>.</summary>
    EarlyStopping,

    /// <summary>It was cancelled by the token.</summary>
    Cancelled,

    /// <summary>The loop over <see cref="Trainer.Epochs(BatchSource, BatchSource, int, CancellationToken)"/> was left before its end.</summary>
    LeftByCaller,

    /// <summary>A value became NaN or infinite, and no <see cref="Recovery"/> was left; <see cref="NonFiniteException"/> says where.</summary>
    NotFinite,

    /// <summary>Another exception was thrown: by the data, an observer, or a custom layer.</summary>
    Failed,
}
