using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The progress of a training run, as reported to <see cref="Trainer.Progress"/>.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public readonly struct TrainingProgress
{
    /// <summary>The current epoch, from 1.</summary>
    public int Epoch { get; internal init; }

    /// <summary>The number of the last epoch that is planned; null if the training has a time budget.</summary>
    public int? Epochs { get; internal init; }

    /// <summary>The number of steps done in this epoch.</summary>
    public int Step { get; internal init; }

    /// <summary>The number of steps per epoch; null if the number of rows is unknown and no epoch is finished yet.</summary>
    public int? StepsPerEpoch { get; internal init; }

    /// <summary>The training loss of the epoch so far.</summary>
    public double Loss { get; internal init; }

    /// <summary>The name of the first metric; null if there is none.</summary>
    public string? MetricName { get; internal init; }

    /// <summary>The value of the first metric in the epoch so far; NaN if there is none.</summary>
    public double MetricValue { get; internal init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; internal init; }

    /// <summary>Rows trained on per second in this epoch.</summary>
    public double SamplesPerSecond { get; internal init; }

    /// <summary>The time since this call of <c>Fit</c>.</summary>
    public TimeSpan Elapsed { get; internal init; }

    /// <summary>The estimated time left; null while it cannot be estimated.</summary>
    public TimeSpan? Remaining { get; internal init; }

    /// <summary>The epoch that has just been finished, validation included: there is one such report for each; null within an epoch.</summary>
    public Epoch? Finished { get; internal init; }

    /// <summary>Whether training ends with this epoch, as far as is known when it is reported: all epochs are done, the time budget is used up, or early stopping or a cancellation ends it.</summary>
    public bool IsLast { get; internal init; }
}
