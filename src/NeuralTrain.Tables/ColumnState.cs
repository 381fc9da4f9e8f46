using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What a column is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnRole>))]
public enum ColumnRole
{
    /// <summary>It is given to the network.</summary>
    Input,

    /// <summary>It is what the network predicts.</summary>
    Target,

    /// <summary>It is the weight of each row in training and evaluation.</summary>
    Weight,

    /// <summary>It is left out, and need not be there.</summary>
    Ignored,
}

/// <summary>How columns of numbers are scaled.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NumberScaling>))]
public enum NumberScaling
{
    /// <summary>
    /// z = (x − median)/(interquartile range), then z/√(1 + (z/3)²), which bends outliers smoothly into ±3. If the quartiles are equal, as in a column of mostly zeros, the standard
    /// deviation is used instead. The source uses half the range there, which leaves all but the largest values close to 0.
    /// Source: Holzmüller, Grinsztajn and Steinwart, "Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data", 2024.
    /// </summary>
    Robust,

    /// <summary>(x − mean)/(standard deviation).</summary>
    Standard,

    /// <summary>As they are, for a network that begins with a layer for it, such as <see cref="Standardization"/>.</summary>
    None,
}

/// <summary>Everything a schema knows of one column, as files keep it.</summary>
internal sealed record ColumnState
{
    public required string Name { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<ColumnKind>))]
    public required ColumnKind Kind { get; init; }

    public required ColumnRole Role { get; init; }

    /// <summary>Why it was taken for this.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How dates are written.</summary>
    public string? DateForm { get; init; }

    /// <summary>Whether dates have times of day.</summary>
    public bool HasTimes { get; init; }

    /// <summary>What separates the decimals of numbers in texts; null for a point, as in files of earlier versions.</summary>
    public char? DecimalPoint { get; init; }

    /// <summary>What separates thousands in texts; null if nothing.</summary>
    public char? Thousands { get; init; }

    /// <summary>Whether the logarithm of a target is predicted.</summary>
    public bool IsLog { get; init; }

    /// <summary>What is subtracted from numbers.</summary>
    public double Center { get; init; }

    /// <summary>What numbers are divided by; 0 if all are the same.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether a row of the training data had no value.</summary>
    public bool HasMissing { get; init; }

    /// <summary>Whether a row to predict may have no value although the training data always had one.</summary>
    public bool AllowsMissing { get; init; }

    /// <summary>The minimum in the training data, of dates in days; null if it is not an input of numbers or dates, or in files of earlier versions.</summary>
    public double? Least { get; init; }

    /// <summary>The maximum in the training data.</summary>
    public double? Most { get; init; }

    /// <summary>The categories or classes, in their order.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The number of values learnt for each category; 0 for one-hot inputs.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>What is wrong with it if it comes from a file; null if nothing.</summary>
    [JsonIgnore]
    public string? Damage =>
        !Enum.IsDefined(Kind) || !Enum.IsDefined(Role) ? "a kind or a role that does not exist"
        : !double.IsFinite(Center) || !double.IsFinite(Scale) || Scale < 0 ? "a scale that is not a finite number"
        : Least.HasValue != Most.HasValue || !(double.IsFinite(Least ?? 0) && double.IsFinite(Most ?? 0)) || Least > Most ? "a range that is none"
        : DecimalPoint is not (null or '.' or ',') || Thousands == (DecimalPoint ?? '.') || (Thousands is char sign && (!char.IsAscii(sign) || char.IsAsciiLetterOrDigit(sign))) ? "a form of numbers that does not exist"
        : EmbeddingSize is < 0 or > 4096 || (EmbeddingSize > 0 && Kind != ColumnKind.Category) ? $"vectors of {EmbeddingSize} numbers"
        : Categories.Any(category => category is null) || Categories.Distinct(StringComparer.Ordinal).Count() != Categories.Count ? "two categories of the same name"
        : Kind == ColumnKind.Category && Role == ColumnRole.Target && Categories.Count < 2 ? "fewer than two classes"
        : null;
}
