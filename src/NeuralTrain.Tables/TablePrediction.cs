using System.Globalization;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The prediction of a <see cref="TablePredictor"/> for a row: a class with its probability, or numbers in their own units. Can be written as JSON and read.</summary>
public sealed class TablePrediction
{
    /// <summary>Creates a prediction from its parts, as when it is read from JSON.</summary>
    /// <param name="label">The class; null if numbers are predicted.</param>
    /// <param name="probability">Its probability.</param>
    /// <param name="probabilities">The probability of each class.</param>
    /// <param name="values">The numbers by target.</param>
    /// <param name="unknownCategories">The columns with a category that the training data did not have.</param>
    /// <param name="isRejected">Whether the probability is too low to decide.</param>
    /// <param name="unfamiliar">The columns with a value far from all of the training data.</param>
    [JsonConstructor]
    public TablePrediction(
        string? label, double? probability, IReadOnlyDictionary<string, double>? probabilities, IReadOnlyDictionary<string, TableValue>? values,
        IReadOnlyList<string>? unknownCategories = null, bool isRejected = false, IReadOnlyList<string>? unfamiliar = null)
    {
        (Label, Probability, Probabilities, Values) = (label, probability, probabilities ?? new Dictionary<string, double>(), values ?? new Dictionary<string, TableValue>());
        (UnknownCategories, IsRejected, Unfamiliar) = (unknownCategories ?? [], isRejected, unfamiliar ?? []);
    }

    /// <summary>The class that is predicted; null if numbers are.</summary>
    public string? Label { get; }

    /// <summary>The probability of <see cref="Label"/>; null if numbers are predicted.</summary>
    public double? Probability { get; }

    /// <summary>The probability of each class; empty if numbers are predicted.</summary>
    public IReadOnlyDictionary<string, double> Probabilities { get; }

    /// <summary>The predicted numbers by the name of their target, in its own units; empty if a class is predicted.</summary>
    public IReadOnlyDictionary<string, TableValue> Values { get; }

    /// <summary>The number of the only target; null if a class or several numbers are predicted.</summary>
    [JsonIgnore]
    public double? Value => Values.Count == 1 ? Values.First().Value.Value : null;

    /// <summary>The columns with a category that the training data did not have; the prediction was made without them.</summary>
    public IReadOnlyList<string> UnknownCategories { get; }

    /// <summary>
    /// The columns with a number or a date outside the range of the training data by more than its width, so that the model only guesses; or without a value although the training
    /// data always had one (<see cref="ColumnSchema.AllowMissing"/>).
    /// </summary>
    public IReadOnlyList<string> Unfamiliar { get; }

    /// <summary>Whether the probability is below <see cref="TableFitOptions.RejectBelow"/>, so that the answer should not be relied on.</summary>
    public bool IsRejected { get; }

    /// <summary>As <c>&gt;50K (81.2 %)</c>, or <c>strength 41.3 (33.2 to 49.4)</c>.</summary>
    public override string ToString()
    {
        string text = Label is not null ? string.Create(CultureInfo.InvariantCulture, $"{Label} ({100 * Probability:0.0} %)") : string.Join(", ", Values.Select(pair => $"{pair.Key} {pair.Value}"));
        return (IsRejected ? "unsure: " : "") + text + (UnknownCategories.Count > 0 ? $", unknown category in {string.Join(", ", UnknownCategories)}" : "")
            + (Unfamiliar.Count > 0 ? $", unfamiliar value in {string.Join(", ", Unfamiliar)}" : "");
    }
}

/// <summary>A predicted number, and the interval in which the true one is expected.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public readonly struct TableValue
{
    /// <summary>Creates it from its parts, as when it is read from JSON.</summary>
    /// <param name="value">The number.</param>
    /// <param name="low">The lower end of the interval; null without one.</param>
    /// <param name="high">The upper end.</param>
    [JsonConstructor]
    public TableValue(double value, double? low = null, double? high = null) => (Value, Low, High) = (value, low, high);

    /// <summary>The number, in the units of its target.</summary>
    public double Value { get; }

    /// <summary>The lower end of the interval; null if the model has none, or a value of the row is an unknown category or unfamiliar.</summary>
    public double? Low { get; }

    /// <summary>The upper end of the interval; null if the model has none, or a value of the row is an unknown category or unfamiliar.</summary>
    public double? High { get; }

    /// <summary>As <c>41.3 (33.2 to 49.4)</c>.</summary>
    public override string ToString() => Low is null
        ? Value.ToString("g4", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Value:g4} ({Low:g4} to {High:g4})");
}

/// <summary>The fields of a row do not fit the model. The sender can correct it: <see cref="Problems"/> names each field.</summary>
public sealed class TableRowException : ArgumentException
{
    /// <summary>Reports problems.</summary>
    /// <param name="problems">What is wrong, by the name of the field.</param>
    public TableRowException(IReadOnlyDictionary<string, string> problems)
        : base(string.Join(" ", (problems ?? throw new ArgumentNullException(nameof(problems))).Take(10).Select(pair => $"Field '{Guard.Shorten(pair.Key)}' {pair.Value}."))) => Problems = problems;

    /// <summary>Reports something that concerns the row as a whole.</summary>
    /// <param name="message">What is wrong.</param>
    public TableRowException(string message)
        : base(message) => Problems = new Dictionary<string, string>();

    /// <summary>Reports something that concerns the row as a whole.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Why.</param>
    public TableRowException(string message, Exception? innerException)
        : base(message, innerException) => Problems = new Dictionary<string, string>();

    /// <summary>Reports that something is wrong.</summary>
    public TableRowException()
        : this("The fields of a row do not fit the model.")
    {
    }

    /// <summary>What is wrong, by the name of the field, of the first 100 fields; empty if it concerns the row as a whole.</summary>
    public IReadOnlyDictionary<string, string> Problems { get; }
}
