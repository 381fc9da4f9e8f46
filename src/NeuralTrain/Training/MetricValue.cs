using System.Globalization;

namespace NeuralTrain;

/// <summary>What a <see cref="Metric"/> measured.</summary>
/// <param name="Name">The metric's name, as <c>accuracy</c>.</param>
/// <param name="Value">The number; NaN if there was nothing to measure, as when all weights are 0.</param>
public readonly record struct MetricValue(string Name, double Value)
{
    /// <summary>Whether the value is a part of 1, to be shown in percent.</summary>
    public bool IsShare { get; init; }

    /// <summary>Name and value, as <c>accuracy 98.6 %</c> or <c>MAE 0.0312</c>.</summary>
    public override string ToString() => IsShare
        ? string.Create(CultureInfo.InvariantCulture, $"{Name} {100 * Value:0.0} %")
        : string.Create(CultureInfo.InvariantCulture, $"{Name} {Value:g4}");
}
