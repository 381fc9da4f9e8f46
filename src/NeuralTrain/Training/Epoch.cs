using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The results of one pass over the training data.</summary>
/// <param name="number">Which epoch it is, from 1.</param>
/// <param name="training">Loss and metrics on the training data.</param>
/// <param name="learningRate">The learning rate of the last step.</param>
/// <param name="validation">Loss and metrics on the validation data; null (the default) without any.</param>
/// <param name="gradientNorm">The mean norm of all gradients together; null (the default) if it was not measured.</param>
/// <param name="regularizationLoss">The regularisation loss. Default 0.</param>
/// <param name="duration">How long the epoch took.</param>
/// <param name="samplesPerSecond">Rows trained on per second.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class Epoch(
    int number, Evaluation training, double learningRate, Evaluation? validation = null, double? gradientNorm = null, double regularizationLoss = 0, TimeSpan duration = default,
    double samplesPerSecond = 0)
{
    /// <summary>Which epoch this is, from 1, over all calls of <c>Fit</c> on its trainer.</summary>
    public int Number { get; } = number;

    /// <summary>
    /// Loss and metrics on the training data, measured in passing: each batch before its own step, with dropout active. They describe the network
    /// on its way through the epoch, and may be worse than <see cref="Validation"/>.
    /// </summary>
    public Evaluation Training { get; } = training ?? throw new ArgumentNullException(nameof(training));

    /// <summary>Loss and metrics on the validation data after the epoch, as in prediction; null without validation data.</summary>
    public Evaluation? Validation { get; } = validation;

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; } = learningRate;

    /// <summary>The mean over the steps of the norm of all gradients together, before clipping; null unless <see cref="Optimizer.ClipNorm"/> is set.</summary>
    public double? GradientNorm { get; } = gradientNorm;

    /// <summary>The regularisation loss λ·Σw² after the epoch, separate from the losses; 0 without L2.</summary>
    public double RegularizationLoss { get; } = regularizationLoss;

    /// <summary>How long the epoch took, validation included.</summary>
    public TimeSpan Duration { get; } = duration;

    /// <summary>Rows trained on per second, validation not counted.</summary>
    public double SamplesPerSecond { get; } = samplesPerSecond;

    /// <summary>The evaluation that counts: that of the validation data if there is any, otherwise of the training data.</summary>
    internal Evaluation Decisive => Validation ?? Training;

    /// <summary>Number, loss and metrics, of the validation data if there is any: <c>epoch 37: validation loss 0.041, accuracy 98.6 %</c>.</summary>
    public override string ToString() => $"epoch {Number}: {(Validation is null ? "training" : "validation")} {Decisive}";
}
