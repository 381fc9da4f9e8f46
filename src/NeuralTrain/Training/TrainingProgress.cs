namespace NeuralTrain;

/// <summary>How far a training has come: what <see cref="Trainer.Progress"/> is told.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>The present epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of the last epoch that is planned; null if the training has a time budget.</summary>
    public int? Epochs { get; init; }

    /// <summary>Steps done in this epoch.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of an epoch; null if the data do not know their count and no epoch is finished yet.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>The training loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The name of the first metric; null if there is none.</summary>
    public string? MetricName { get; init; }

    /// <summary>The value of the first metric in the epoch so far; NaN if there is none.</summary>
    public double MetricValue { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Rows trained on per second in this epoch.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>The time since this call of <c>Fit</c>.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The time that is probably left; null as long as nobody can tell.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The epoch that has just been finished, validation included; null within an epoch.</summary>
    public Epoch? Finished { get; init; }

    /// <summary>Whether an epoch has just been finished: there is one such report for each.</summary>
    public bool IsEpochEnd => Finished is not null;

    /// <summary>Whether the training ends with this epoch, as far as is known when it is reported: all are done, the time is spent, early stopping or a cancellation ends it.</summary>
    public bool IsLast { get; init; }
}
