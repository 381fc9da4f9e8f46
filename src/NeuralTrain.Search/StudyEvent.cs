using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>One thing that happened in a study: a line of its journal. What a kind of event does not need is left out.</summary>
internal sealed record StudyEvent
{
    public required string Kind { get; init; }

    public int? Trial { get; init; }

    public int? Attempt { get; init; }

    public int? Epoch { get; init; }

    public double? Value { get; init; }

    public string? Name { get; init; }

    public SearchRange? Range { get; init; }

    public Dictionary<string, double>? Values { get; init; }

    public string? Stop { get; init; }

    public TrialStatus? Status { get; init; }

    public string? Message { get; init; }

    public double? Seconds { get; init; }

    public DateTimeOffset? Until { get; init; }

    public SortedDictionary<string, string>? Settings { get; init; }
}

/// <summary>Events as lines of text: JSON with a checksum over the line and all before it, so that a line that is damaged, missing or out of place is found.</summary>
internal sealed class StudyJournal
{
    private const string Begin = "{\"event\":", Middle = ",\"sum\":\"", End = "\"}";
    private const int SumLength = 16;

    private string _sum = "";

    /// <summary>The line of the next event. It counts when <see cref="Advance"/> is called with it.</summary>
    public string Line(StudyEvent next)
    {
        string json = JsonSerializer.Serialize(next, StudyEventJson.Default.StudyEvent);
        return $"{Begin}{json}{Middle}{Sum(json)}{End}";
    }

    /// <summary>The event of the next line; null if the line is not whole or not the next one.</summary>
    public StudyEvent? Read(string line)
    {
        int length = line.Length - Begin.Length - Middle.Length - SumLength - End.Length;
        if (length <= 0 || !line.StartsWith(Begin, StringComparison.Ordinal)) return null;
        string json = line.Substring(Begin.Length, length);
        if (line != $"{Begin}{json}{Middle}{Sum(json)}{End}") return null;
        Advance(line);
        return JsonSerializer.Deserialize(json, StudyEventJson.Default.StudyEvent);
    }

    /// <summary>Takes a line as written.</summary>
    public void Advance(string line) => _sum = line.Substring(line.Length - End.Length - SumLength, SumLength);

    private string Sum(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_sum + json)))[..SumLength];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StudyEvent))]
internal sealed partial class StudyEventJson : JsonSerializerContext;
