using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>How good a table model is on some rows: for classes, accuracy, log-loss and a confusion matrix; for numbers, the errors in their own units.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class TableEvaluation
{
    /// <summary>Creates an evaluation from its parts, as when it is read from JSON.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="targets">The metrics of each target, by its name.</param>
    /// <param name="confusion">The confusion matrix; null for numbers.</param>
    /// <param name="refused">In how many rows a column had no value and was refused; none by default.</param>
    /// <param name="unknownCategories">In how many rows a column had an unknown category; none by default.</param>
    /// <param name="unfamiliar">In how many rows a column had a value far from the training data; none by default.</param>
    [JsonConstructor]
    public TableEvaluation(
        int rows, IReadOnlyDictionary<string, IReadOnlyList<MetricValue>> targets, ConfusionMatrix? confusion = null, IReadOnlyDictionary<string, int>? refused = null,
        IReadOnlyDictionary<string, int>? unknownCategories = null, IReadOnlyDictionary<string, int>? unfamiliar = null)
    {
        (Rows, Targets, Confusion) = (rows, targets ?? throw new ArgumentNullException(nameof(targets)), confusion);
        (Refused, UnknownCategories, Unfamiliar) = (refused ?? new Dictionary<string, int>(), unknownCategories ?? new Dictionary<string, int>(), unfamiliar ?? new Dictionary<string, int>());
    }

    /// <summary>The number of rows that were measured.</summary>
    public int Rows { get; }

    /// <summary>Columns without a value in rows of the table, although the training data always had one, and in how many: such rows are not measured, because a <see cref="TablePredictor"/> refuses them too.</summary>
    public IReadOnlyDictionary<string, int> Refused { get; }

    /// <summary>Columns with a category that the training data did not have, and in how many rows.</summary>
    public IReadOnlyDictionary<string, int> UnknownCategories { get; }

    /// <summary>Columns with a value far from the training data, and in how many rows, see <see cref="TablePrediction.Unfamiliar"/>.</summary>
    public IReadOnlyDictionary<string, int> Unfamiliar { get; }

    /// <summary>The metrics of each target, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricValue>> Targets { get; }

    /// <summary>The confusion matrix; null for numbers.</summary>
    public ConfusionMatrix? Confusion { get; }

    /// <summary>A metric of the first target, by its name, such as <c>accuracy</c> or <c>MAE</c>.</summary>
    /// <param name="metric">The name, case-insensitive.</param>
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

    /// <summary>A line for each target, and one for whatever was unlike the training data; of classes also a table of precision, recall and F1.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((string target, IReadOnlyList<MetricValue> values) in Targets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Guard.Shorten(target)}, {Rows} rows: {string.Join(", ", values)}\n");
        }

        Say("not measured, as they have no value", Refused);
        Say("unknown categories", UnknownCategories);
        Say("unfamiliar values", Unfamiliar);
        if (Confusion is not null) text.Append(ClassificationReport.Of(Confusion));
        return text.ToString().TrimEnd();

        void Say(string what, IReadOnlyDictionary<string, int> columns)
        {
            if (columns.Count > 0) text.Append(CultureInfo.InvariantCulture, $"{what}: {string.Join(", ", columns.Select(column => string.Create(CultureInfo.InvariantCulture, $"'{Guard.Shorten(column.Key)}' in {column.Value} row{(column.Value == 1 ? "" : "s")}")))}\n");
        }
    }
}
