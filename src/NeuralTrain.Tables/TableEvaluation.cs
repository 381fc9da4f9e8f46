using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>How good a table model is on some rows: of classes accuracy, log-loss and how often which was taken for which; of numbers the errors in their own units.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class TableEvaluation
{
    /// <summary>Puts an evaluation together, as when it is read from JSON.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="targets">What was measured of each target, by its name.</param>
    /// <param name="confusion">How often which class was taken for which; null for numbers.</param>
    [JsonConstructor]
    public TableEvaluation(int rows, IReadOnlyDictionary<string, IReadOnlyList<MetricValue>> targets, ConfusionMatrix? confusion = null) =>
        (Rows, Targets, Confusion) = (rows, targets ?? throw new ArgumentNullException(nameof(targets)), confusion);

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>What was measured of each target, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricValue>> Targets { get; }

    /// <summary>How often which class was taken for which; null for numbers.</summary>
    public ConfusionMatrix? Confusion { get; }

    /// <summary>What was measured of the first target, by the name of the metric, such as <c>accuracy</c> or <c>MAE</c>.</summary>
    /// <param name="metric">The name, without regard to case.</param>
    /// <exception cref="ArgumentException">It was not measured; the message names what was.</exception>
    public double this[string metric]
    {
        get
        {
            IReadOnlyList<MetricValue> values = Targets.First().Value;
            return values.FirstOrDefault(value => string.Equals(value.Name, metric, StringComparison.OrdinalIgnoreCase))?.Value
                ?? throw new ArgumentException($"There is no metric '{metric}'. Measured were {Table.Names(values.Select(value => value.Name))}.", nameof(metric));
        }
    }

    /// <summary>A line for each target, and of classes a table of precision, recall and F1.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((string target, IReadOnlyList<MetricValue> values) in Targets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{target}, {Rows} rows: {string.Join(", ", values)}\n");
        }

        if (Confusion is not null) text.Append(ClassificationReport.Of(Confusion));
        return text.ToString().TrimEnd();
    }
}
