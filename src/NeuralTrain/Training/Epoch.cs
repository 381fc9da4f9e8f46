using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The results of one pass over the training data.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class Epoch
{
    /// <summary>Which epoch this is, from 1, over all calls of <c>Fit</c> on its trainer.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// Loss and metrics on the training data, measured in passing: each batch before its own step, with dropout active. They describe the network
    /// on its way through the epoch, and may be worse than <see cref="Validation"/>.
    /// </summary>
    public required Evaluation Training { get; init; }

    /// <summary>Loss and metrics on the validation data after the epoch, as in prediction; null without validation data.</summary>
    public Evaluation? Validation { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The mean over the steps of the norm of all gradients together, before clipping; null unless <see cref="Optimizer.ClipNorm"/> is set.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>The regularisation loss λ·Σw² after the epoch, separate from the losses; 0 without L2.</summary>
    public double RegularizationLoss { get; init; }

    /// <summary>How long the epoch took, validation included.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Rows trained on per second, validation not counted.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>The evaluation that counts: that of the validation data if there is any, otherwise of the training data.</summary>
    internal Evaluation Decisive => Validation ?? Training;

    /// <summary>Number, loss and metrics, of the validation data if there is any: <c>epoch 37: loss 0.041, accuracy 98.6 %</c>.</summary>
    public override string ToString() => $"epoch {Number}: {Decisive}";
}
