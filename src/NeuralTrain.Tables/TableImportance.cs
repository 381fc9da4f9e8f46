using System.Globalization;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>How much a model relies on each column: how much worse it gets when the values of the column are shuffled among the rows. From <see cref="TableModel.PermutationImportance"/>.</summary>
/// <remarks>Redundant columns share their importance, since each can stand in for the other. Source: Breiman, "Random Forests", 2001.</remarks>
public sealed class TableImportance
{
    /// <summary>Creates it from its parts, as when it is read from JSON.</summary>
    /// <param name="metric">The metric that got worse, such as <c>log-loss</c>.</param>
    /// <param name="baseline">Its value without shuffling.</param>
    /// <param name="columns">The columns, the most important first.</param>
    [JsonConstructor]
    public TableImportance(string metric, double baseline, IReadOnlyList<ColumnImportance> columns) => (Metric, Baseline, Columns) = (metric, baseline, columns);

    /// <summary>The metric that got worse: the log-loss of classes, or the root mean square error of numbers, in standard deviations of their targets.</summary>
    public string Metric { get; }

    /// <summary>Its value without shuffling.</summary>
    public double Baseline { get; }

    /// <summary>The columns, the most important first.</summary>
    public IReadOnlyList<ColumnImportance> Columns { get; }

    /// <summary>A line for each column.</summary>
    public override string ToString()
    {
        var table = new TextTable("column", $">rise of {Metric}", ">±");
        foreach (ColumnImportance column in Columns) table.Add(Guard.Shorten(column.Name), Show(column.Rise), Show(column.Deviation));
        return table.ToString();

        static string Show(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
    }
}

/// <summary>How much a model relies on one column.</summary>
public sealed class ColumnImportance
{
    /// <summary>Creates it from its parts, as when it is read from JSON.</summary>
    /// <param name="name">The column.</param>
    /// <param name="rise">How much the metric rises, on average.</param>
    /// <param name="deviation">The standard deviation between the repeats.</param>
    [JsonConstructor]
    public ColumnImportance(string name, double rise, double deviation) => (Name, Rise, Deviation) = (name, rise, deviation);

    /// <summary>The column.</summary>
    public string Name { get; }

    /// <summary>How much the metric rises when it is shuffled, on average over the repeats; about 0 or less for a column that does not help.</summary>
    public double Rise { get; }

    /// <summary>The standard deviation between the repeats.</summary>
    public double Deviation { get; }

    /// <summary>As <c>age 0.0312 ± 0.0011</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Guard.Shorten(Name)} {Rise:0.0000} ± {Deviation:0.0000}");
}
