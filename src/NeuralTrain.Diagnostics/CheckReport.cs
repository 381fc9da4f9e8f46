using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What <c>network.Check(train, loss)</c> found, the most serious first; as JSON an array of findings.</summary>
public sealed class CheckReport : Collection<Finding>
{
    /// <summary>Whether one of them is an error: the network cannot be trained like this.</summary>
    public bool HasErrors => this.Any(finding => finding.Severity == FindingSeverity.Error);

    /// <inheritdoc/>
    protected override void InsertItem(int index, Finding item) => base.InsertItem(index, item ?? throw new JsonException("A finding is missing."));

    /// <summary>A line for each finding, or <c>Nothing was found.</c></summary>
    public override string ToString() => Count == 0 ? "Nothing was found." : string.Join('\n', this);
}

/// <summary>One problem that <c>network.Check(train, loss)</c> found.</summary>
/// <param name="code">The kind of problem.</param>
/// <param name="severity">How serious it is.</param>
/// <param name="message">What was found.</param>
/// <param name="remedy">What to do.</param>
/// <param name="place">Where.</param>
public sealed class Finding(string code, FindingSeverity severity, string message, string remedy, string place)
{
    /// <summary>The kind of problem, as <c>NT004</c>: the same in every version, see docs/checks.md.</summary>
    public string Code { get; } = code;

    /// <summary>How serious it is.</summary>
    public FindingSeverity Severity { get; } = severity;

    /// <summary>What was found, with names and numbers, as <c>column 'proline' has standard deviation 315</c>.</summary>
    public string Message { get; } = message;

    /// <summary>What to do, as <c>put Standardization first</c>.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>Where: <c>inputs</c>, <c>targets</c>, <c>loss</c>, <c>batches</c>, <c>network</c>, or the path of a layer or parameter, as <c>2.weight</c>.</summary>
    public string Place { get; } = place;

    /// <summary>As <c>NT004 warning: column 'proline' has standard deviation 315; put Standardization first</c>.</summary>
    public override string ToString() => $"{Code} {$"{Severity}".ToLowerInvariant()}: {Message}; {Remedy}";
}

/// <summary>How serious a <see cref="Finding"/> is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>Worth knowing, but often harmless.</summary>
    Hint,

    /// <summary>Training will probably be slow or its result poor.</summary>
    Warning,

    /// <summary>The network cannot be trained like this.</summary>
    Error,
}
