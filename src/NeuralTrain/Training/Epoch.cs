using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The results of one pass over the training data.</summary>
/// <param name="number">The number of the epoch, from 1.</param>
/// <param name="training">Loss and metrics on the training data.</param>
/// <param name="learningRate">The learning rate of the last step.</param>
/// <param name="validation">Loss and metrics on the validation data; null (the default) if there are none.</param>
/// <param name="gradientNorm">The mean of the global gradient norm; null (the default) if it was not measured.</param>
/// <param name="regularizationLoss">The regularisation loss. Default 0.</param>
/// <param name="duration">The duration of the epoch.</param>
/// <param name="samplesPerSecond">Rows trained on per second.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class Epoch(
    int number, Evaluation training, double learningRate, Evaluation? validation = null, double? gradientNorm = null, double regularizationLoss = 0, TimeSpan duration = default,
    double samplesPerSecond = 0)
{
    /// <summary>The number of the epoch, from 1, over all calls of <c>Fit</c> on its trainer.</summary>
    public int Number { get; } = number;

    /// <summary>
    /// Loss and metrics on the training data, computed during training: each batch before its own update, with dropout active. They average over the
    /// changing network of the epoch, and may be worse than <see cref="Validation"/>.
    /// </summary>
    public Evaluation Training { get; } = training ?? throw new ArgumentNullException(nameof(training));

    /// <summary>Loss and metrics on the validation data after the epoch, as in prediction; null without validation data.</summary>
    public Evaluation? Validation { get; } = validation;

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; } = learningRate;

    /// <summary>The mean over the steps of the global gradient norm, before clipping; null unless <see cref="Optimizer.ClipNorm"/> is set.</summary>
    public double? GradientNorm { get; } = gradientNorm;

    /// <summary>The regularisation loss λ·Σw² after the epoch, separate from the losses; 0 without L2.</summary>
    public double RegularizationLoss { get; } = regularizationLoss;

    /// <summary>The duration of the epoch, validation included.</summary>
    public TimeSpan Duration { get; } = duration;

    /// <summary>Rows trained on per second, validation not counted.</summary>
    public double SamplesPerSecond { get; } = samplesPerSecond;

    /// <summary>The decisive evaluation: on the validation data if there are any, otherwise on the training data.</summary>
    internal Evaluation Decisive => Validation ?? Training;

    /// <summary>The number, and loss and metrics on the validation data if there are any: <c>epoch 37: validation loss 0.041, accuracy 98.6 %</c>.</summary>
    public override string ToString() => $"epoch {Number}: {(Validation is null ? "training" : "validation")} {Decisive}";
}
