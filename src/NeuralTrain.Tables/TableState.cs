using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What a model file says of the table: the schema, and what was found out about the predictions.</summary>
internal sealed record TableState
{
    /// <summary>The name of the text in a model file.</summary>
    public const string Key = "neuraltrain.table";

    private const int ReadVersion = 1;

    public int Version { get; init; } = ReadVersion;

    public required NumberScaling Scaling { get; init; }

    public required IReadOnlyList<ColumnState> Columns { get; init; }

    /// <summary>What was chosen and why, a line each.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The decision threshold for the positive class.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>The probability of the predicted class below which it is rejected.</summary>
    public double RejectBelow { get; init; }

    /// <summary>The coverage that intervals are meant to have; 0 without intervals.</summary>
    public double IntervalLevel { get; init; }

    /// <summary>Whether the network gives the ends of the intervals too.</summary>
    public bool HasQuantiles { get; init; }

    /// <summary>Half the width of the interval of each target, as a standard score; with quantiles, what both ends are moved outwards by.</summary>
    public IReadOnlyList<double> IntervalWidths { get; init; } = [];

    /// <summary>The ends of the interval of a target, as standard scores. It holds the number itself.</summary>
    public (double Low, double High) Interval(ReadOnlySpan<float> outputs, int target)
    {
        double score = outputs[target], width = IntervalWidths[target];
        if (!HasQuantiles) return (score - width, score + width);
        int targets = IntervalWidths.Count;
        return (Math.Min(score, outputs[targets + target] - width), Math.Max(score, outputs[(2 * targets) + target] + width));
    }

    public string ToJson() => JsonSerializer.Serialize(this, TableJson.Relaxed.TableState);

    /// <summary>Reads and checks what a file says.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public static TableState Of(SavedModel model, string file)
    {
        if (!model.Texts.TryGetValue(Key, out string? json))
        {
            throw new InvalidDataException($"{file} is a model without a table: it was not written by TableModel.Save. Load it with ModelFile.Load or Predictor.Load.");
        }

        TableState state;
        try
        {
            state = JsonSerializer.Deserialize(json, TableJson.Default.TableState) ?? throw new JsonException("it is null.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{file}: the schema of the table is damaged: {Guard.Shorten(problem.Message, 200)}", problem);
        }

        return state.Damage() is string damage ? throw new InvalidDataException($"{file}: the schema of the table is damaged: {damage}.") : state;
    }

    private string? Damage()
    {
        if (Version != ReadVersion) return $"it is of version {Version}, and this library reads version {ReadVersion}; use the version of the library that wrote it";
        if (!Enum.IsDefined(Scaling) || Columns is null || Choices is null || IntervalWidths is null || Columns.Any(column => column is null)) return "a part is missing";
        if (Columns.FirstOrDefault(column => column.Name is null || column.Reason is null || column.Categories is null) is not null) return "a column has no name, reason or list of categories";
        if (Columns.GroupBy(column => column.Name, StringComparer.Ordinal).Any(group => group.Count() > 1)) return "two columns have the same name";
        if (Columns.FirstOrDefault(column => column.Damage is not null) is ColumnState wrong) return $"column '{Guard.Shorten(wrong.Name)}' has {wrong.Damage}";
        int targets = Columns.Count(column => column.Role == ColumnRole.Target);
        return !(Threshold is > 0 and < 1 && RejectBelow is >= 0 and < 1 && IntervalLevel is >= 0 and < 1) ? "a probability lies outside [0, 1]"
            : IntervalWidths.Count != (IntervalLevel > 0 ? targets : 0) || IntervalWidths.Any(width => !double.IsFinite(width) || (width < 0 && !HasQuantiles)) || (HasQuantiles && IntervalLevel == 0) ? "its intervals do not fit its targets"
            : null;
    }
}

/// <summary>How it is written as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 8)]
[JsonSerializable(typeof(TableState))]
internal sealed partial class TableJson : JsonSerializerContext
{
    /// <summary>Writes letters beyond ASCII as they are.</summary>
    public static TableJson Relaxed => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
