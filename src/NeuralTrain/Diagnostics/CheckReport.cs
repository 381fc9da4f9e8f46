using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What <c>network.Check(train, loss)</c> found, the most serious first.</summary>
[JsonConverter(typeof(CheckReportJsonConverter))]
public sealed class CheckReport : IReadOnlyList<Finding>
{
    private readonly Finding[] _findings;

    internal CheckReport(IEnumerable<Finding> findings) =>
        _findings = [.. findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Code, StringComparer.Ordinal)];

    /// <summary>How many findings there are.</summary>
    public int Count => _findings.Length;

    /// <summary>Whether one of them is an error: the network cannot be trained like this.</summary>
    public bool HasErrors => Array.Exists(_findings, finding => finding.Severity == FindingSeverity.Error);

    /// <summary>One finding.</summary>
    /// <param name="index">Its place, from 0.</param>
    public Finding this[int index] => _findings[index];

    /// <inheritdoc/>
    public IEnumerator<Finding> GetEnumerator() => ((IEnumerable<Finding>)_findings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A line for each finding, or <c>Nothing was found.</c></summary>
    public override string ToString() => _findings.Length == 0 ? "Nothing was found." : string.Join('\n', (object[])_findings);
}

/// <summary>Writes a <see cref="CheckReport"/> as JSON and reads it: an array of findings. A generated context must know <see cref="Finding"/> too.</summary>
public sealed class CheckReportJsonConverter : JsonConverter<CheckReport>
{
    /// <inheritdoc/>
    public override CheckReport Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A report is an array of findings.");
        var findings = new List<Finding>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            findings.Add((Finding?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(Finding))) ?? throw new JsonException("A finding is missing."));
        }

        return new CheckReport(findings);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CheckReport value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        writer.WriteStartArray();
        foreach (Finding finding in value) JsonSerializer.Serialize(writer, finding, options.GetTypeInfo(typeof(Finding)));
        writer.WriteEndArray();
    }
}

/// <summary>One problem that <c>network.Check(train, loss)</c> found.</summary>
public sealed class Finding
{
    /// <summary>The kind of problem, as <c>NT004</c>: the same in every version, see docs/checks.md.</summary>
    public string Code { get; init; } = "";

    /// <summary>How serious it is.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>What was found, with names and numbers, as <c>column 'proline' has standard deviation 315</c>.</summary>
    public string Message { get; init; } = "";

    /// <summary>What to do, as <c>put Standardization first</c>.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>Where: <c>inputs</c>, <c>targets</c>, <c>loss</c>, <c>batches</c>, <c>network</c>, or the path of a layer or parameter, as <c>2.weight</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>As <c>NT004 warning: column 'proline' has standard deviation 315; put Standardization first</c>.</summary>
    public override string ToString()
    {
        string severity = Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "hint" };
        return $"{Code} {severity}: {Message}; {Remedy}";
    }
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
