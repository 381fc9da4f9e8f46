using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The quality of a network on some data: the loss and the metrics.</summary>
/// <param name="loss">The loss.</param>
/// <param name="values">The values of the metrics.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class Evaluation(double loss, params IReadOnlyList<MetricValue> values)
{
    /// <summary>
    /// The loss of all rows as if they were one batch: for a loss that is a mean, the mean over the rows, with sample and class weights the weighted
    /// mean; for one that is a sum (<see cref="SumOfSquares"/>), the sum. Without regularisation. NaN if it is a mean and all weights are 0.
    /// </summary>
    public double Loss { get; } = loss;

    /// <summary>The values of the metrics, in the order of <see cref="Trainer.Metrics"/>.</summary>
    public IReadOnlyList<MetricValue> Values { get; } = values;

    /// <summary>The value of one metric, by name, case-insensitive; <c>loss</c> for the loss.</summary>
    /// <exception cref="ArgumentException">No metric of this name was measured; the message names those that were.</exception>
    public double this[string metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            return TryGet(metric, out double value) ? value : throw new ArgumentException(
                $"There is no metric '{metric}'. Measured were {Guard.Names(["loss", .. Values.Select(known => known.Name)])}; " +
                $"add others to {nameof(Trainer)}.{nameof(Trainer.Metrics)} before training.", nameof(metric));
        }
    }

    /// <summary>The fraction of correct decisions, in [0, 1], as measured by <see cref="NeuralTrain.Accuracy"/>; null if it was not measured, as in regression.</summary>
    [JsonIgnore]
    public double? Accuracy => TryGet(NeuralTrain.Accuracy.MetricName, out double value) ? value : null;

    /// <summary>Loss and metrics, as <c>loss 0.041, accuracy 98.6 %</c>.</summary>
    public override string ToString() => string.Join(", ", Values.Select(value => value.ToString()).Prepend($"loss {Loss:g3}"));

    internal bool TryGet(string metric, out double value)
    {
        MetricValue? known = Values.FirstOrDefault(known => string.Equals(known.Name, metric, StringComparison.OrdinalIgnoreCase));
        value = known?.Value ?? Loss;
        return known is not null || string.Equals(metric, EarlyStopping.LossName, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>The value of a <see cref="Metric"/>.</summary>
/// <param name="name">The metric's name.</param>
/// <param name="value">The value.</param>
/// <param name="isRatio">Whether the value is a ratio between 0 and 1, shown as a percentage.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class MetricValue(string name, double value, bool isRatio)
{
    /// <summary>The metric's name, as <c>accuracy</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The value; NaN if there was nothing to measure, as when all weights are 0.</summary>
    public double Value { get; } = value;

    /// <summary>Whether the value is a ratio between 0 and 1, shown as a percentage.</summary>
    public bool IsRatio { get; } = isRatio;

    /// <summary>Name and value, as <c>accuracy 98.6 %</c> or <c>MAE 0.0312</c>.</summary>
    public override string ToString() => IsRatio ? $"{Name} {100 * Value:0.0} %" : $"{Name} {Value:g4}";
}
