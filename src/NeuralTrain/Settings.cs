using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The named values from which a layer, a loss, an optimizer or another object can be made again, written by the object itself.</summary>
/// <remarks>
/// Files and checkpoints keep it as JSON. Values are whole numbers, numbers, flags, texts, seeds, lists of them, and lists of further settings, such as the
/// layers of a container.
/// </remarks>
[JsonConverter(typeof(SettingsConverter))]
public sealed class Settings
{
    /// <summary>How deep the JSON of settings may nest: themselves and a list of their parts, so often.</summary>
    internal const int MaxJsonDepth = 2 * MaxDepth;

    /// <summary>How many values they may have; finding one looks at all.</summary>
    internal const int MaxValues = 256;

    private const int MaxDepth = 32;

    // Each value is a long, double, bool, string, double[], string[] or Settings[].
    private readonly List<KeyValuePair<string, object>> _values = [];

    /// <summary>Creates empty settings.</summary>
    /// <param name="kind">The kind of object they describe, by the name used in files: <c>Linear</c>, <c>Adam</c>.</param>
    public Settings(string kind)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        Kind = kind;
    }

    /// <summary>How an object describes itself, under the name of its type.</summary>
    internal static Settings Of(object described, Action<Settings> describe)
    {
        var settings = new Settings(described.GetType().Name);
        describe(settings);
        return settings;
    }

    /// <summary>The kind of object they describe, such as <c>Linear</c>.</summary>
    public string Kind { get; }

    /// <summary>How deep they nest: 1 without parts.</summary>
    private int Depth { get; set; } = 1;

    /// <summary>The values in the order they were set.</summary>
    internal IReadOnlyList<KeyValuePair<string, object>> Values => _values;

    /// <summary>Writes a whole number.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The name is empty or taken; this holds for every kind of value.</exception>
    public void Set(string name, long value) => Add(name, value);

    /// <summary>Writes a number, which is read back with the same bits.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="value">The value, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite, which JSON cannot hold.</exception>
    public void Set(string name, double value) => Add(name, Guard.Finite(value, name, "Write another one as a text."));

    /// <summary>Writes a flag.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="value">The value.</param>
    public void Set(string name, bool value) => Add(name, value);

    /// <summary>Writes a text.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="value">The value.</param>
    public void Set(string name, string value) => Add(name, value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Writes a list of numbers.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="values">The values, all finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is NaN or infinite, which JSON cannot hold.</exception>
    public void Set(string name, IEnumerable<double> values) => Add(name, values.Select(value => Guard.Finite(value, name, "Leave it out.")).ToArray());

    /// <summary>Writes a list of texts.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="values">The values.</param>
    public void Set(string name, IEnumerable<string> values) => Add(name, values.ToArray());

    /// <summary>Writes a list of settings, one for each part of the whole.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="parts">The settings of the parts.</param>
    /// <exception cref="NotSupportedException">They nest more than 32 deep, which no file is read to.</exception>
    public void Set(string name, IEnumerable<Settings> parts) => Add(name, parts.ToArray());

    /// <summary>Writes a seed: a whole number of 64 bits, kept as text because most JSON readers turn numbers into doubles.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="value">The value.</param>
    public void SetSeed(string name, ulong value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether there is a value with this name.</summary>
    /// <param name="name">The name.</param>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Reads a whole number.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value, or it is of another kind; this holds for every kind of value.</exception>
    public int WholeNumber(string name) => Find(name) is long value && value == (int)value ? (int)value : throw Wrong(name, "a whole number of 32 bits");

    /// <summary>Reads a number.</summary>
    /// <param name="name">The name.</param>
    public double Number(string name) => Find(name) is { } value && AsNumber(value) is double number ? number : throw Wrong(name, "a finite number");

    /// <summary>Reads a flag.</summary>
    /// <param name="name">The name.</param>
    public bool Flag(string name) => Find(name) is bool value ? value : throw Wrong(name, "true or false");

    /// <summary>Reads a text.</summary>
    /// <param name="name">The name.</param>
    public string Text(string name) => Find(name) as string ?? throw Wrong(name, "a text");

    /// <summary>Reads a seed.</summary>
    /// <param name="name">The name.</param>
    public ulong Seed(string name) => ulong.TryParse(Find(name) as string, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
        ? value
        : throw Wrong(name, "a whole number of 64 bits, as a text");

    /// <summary>Reads a list of numbers.</summary>
    /// <param name="name">The name.</param>
    public IReadOnlyList<double> Numbers(string name) => List<double>(name, "a list of finite numbers");

    /// <summary>Reads a list of texts.</summary>
    /// <param name="name">The name.</param>
    public IReadOnlyList<string> Texts(string name) => List<string>(name, "a list of texts");

    /// <summary>Reads a list of settings.</summary>
    /// <param name="name">The name.</param>
    public IReadOnlyList<Settings> Parts(string name) => List<Settings>(name, "a list of descriptions");

    /// <summary>Everything that differs from other settings, one line each, as <c>0: Dropout probability 0.2, was 0.9</c>; empty if they are equal.</summary>
    /// <param name="before">The settings to compare with.</param>
    internal IReadOnlyList<string> DifferencesFrom(Settings before)
    {
        var found = new List<string>();
        Compare(this, before, "", found);
        return found;
    }

    /// <summary>Kind and values, as <c>Dropout(probability 0.2, direct false)</c>.</summary>
    public override string ToString() => Guard.Shorten(Kind) + (_values.Count == 0 ? "" : $"({string.Join(", ", _values.Select(pair => $"{Guard.Shorten(pair.Key)} {Show(pair.Value)}"))})");

    /// <summary>Adds a value of one of the kinds that settings hold.</summary>
    internal void Add(string name, object value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name == "kind" || Has(name)) throw new ArgumentException($"The setting '{name}' of {Kind} is taken. Choose another name.", nameof(name));
        Depth = Math.Max(Depth, value is Settings[] parts ? 1 + (parts.Max(part => (int?)part.Depth) ?? 0) : 1);
        if (Depth > MaxDepth || _values.Count == MaxValues) throw new NotSupportedException($"Settings nest at most {MaxDepth} deep and have at most {MaxValues} values; those of {Kind} do not. Nest fewer containers.");
        _values.Add(new(name, value));
    }

    private static void Compare(Settings now, Settings before, string path, List<string> found)
    {
        string at = path.Length == 0 ? "" : $"{path}: ";
        if (now.Kind != before.Kind)
        {
            found.Add($"{at}{now}, was {before}");
            return;
        }

        foreach (string name in now._values.Concat(before._values).Select(pair => pair.Key).Distinct())
        {
            object? value = now.Find(name), old = before.Find(name);
            if (value is Settings[] parts && old is Settings[] oldParts && parts.Length == oldParts.Length)
            {
                for (int i = 0; i < parts.Length; i++) Compare(parts[i], oldParts[i], path.Length == 0 ? $"{i}" : $"{path}.{i}", found);
            }
            else if (!Same(value, old))
            {
                found.Add($"{at}{now.Kind} {Guard.Shorten(name)} {Show(value)}, was {Show(old)}");
            }
        }
    }

    private static bool Same(object? one, object? other) =>
        (one is Array { Length: 0 } && other is Array { Length: 0 }) || (
        one is double[] numbers && other is double[] others ? numbers.AsSpan().SequenceEqual(others)
        : one is string[] texts && other is string[] otherTexts ? texts.AsSpan().SequenceEqual(otherTexts)
        : one is not null && other is not null && AsNumber(one) is double number ? AsNumber(other) is double second && number.Equals(second)
        : Equals(one, other));

    private static double? AsNumber(object value) => value switch { double number => number, long whole => whole, _ => null };

    private static string Show(object? value) => value switch
    {
        null => "nothing",
        string text => Guard.Shorten(text),
        bool flag => flag ? "true" : "false",
        double[] numbers => $"[{string.Join(", ", numbers.Select(number => Show(number)))}]",
        string[] texts => $"[{string.Join(", ", texts.Select(text => Guard.Shorten(text)))}]",
        Settings[] parts => $"[{string.Join<Settings>(", ", parts)}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private T[] List<T>(string name, string expected) => Find(name) switch
    {
        T[] values => values,
        Array { Length: 0 } => [],
        _ => throw Wrong(name, expected),
    };

    private object? Find(string name)
    {
        foreach ((string key, object value) in _values)
        {
            if (key == name) return value;
        }

        return null;
    }

    private InvalidDataException Wrong(string name, string expected) =>
        new($"The setting '{name}' of {Guard.Shorten(Kind)} must be {expected}, found {Guard.Shorten(Show(Find(name)))}. The description is damaged.");
}

/// <summary>Settings as JSON: the kind first, then the values by name.</summary>
internal sealed class SettingsConverter : JsonConverter<Settings>
{
    public override Settings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Settings value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter json, Settings settings)
    {
        json.WriteStartObject();
        json.WriteString("kind", settings.Kind);
        foreach ((string name, object value) in settings.Values)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case long whole: json.WriteNumberValue(whole); break;
                case double number: json.WriteNumberValue(number); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                case string text: json.WriteStringValue(text); break;
                default:
                    json.WriteStartArray();
                    foreach (object item in (Array)value)
                    {
                        if (item is Settings part) Write(json, part);
                        else if (item is double number) json.WriteNumberValue(number);
                        else json.WriteStringValue((string)item);
                    }

                    json.WriteEndArray();
                    break;
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Reads settings from their opening brace to the closing one. How deep they may nest is the reader's limit.</summary>
    /// <exception cref="JsonException">The JSON is damaged, or does not describe settings; the message says where.</exception>
    public static Settings Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Wrong(json, "an object that begins with its kind");
        Settings? settings = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = Text(json);
            json.Read();
            if (settings is null)
            {
                string kind = name == "kind" && json.TokenType == JsonTokenType.String ? Text(json) : "";
                settings = string.IsNullOrWhiteSpace(kind) ? throw Wrong(json, "the kind as the first value, a text") : new Settings(kind);
            }
            else if (string.IsNullOrWhiteSpace(name) || name == "kind" || settings.Values.Count == Settings.MaxValues || settings.Has(name)) throw Wrong(json, $"each name once, and at most {Settings.MaxValues}");
            else settings.Add(name, json.TokenType == JsonTokenType.StartArray ? ReadList(ref json) : ReadValue(json));
        }

        return settings ?? throw Wrong(json, "the kind as the first value, a text");
    }

    private static object ReadValue(in Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => Text(json),
        JsonTokenType.Number when json.TryGetInt64(out long whole) => whole,
        JsonTokenType.Number when json.TryGetDouble(out double number) && double.IsFinite(number) => number,
        _ => throw Wrong(json, "a finite number, a text, true, false or a list"),
    };

    private static Array ReadList(ref Utf8JsonReader json)
    {
        var items = new List<object>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            items.Add(json.TokenType == JsonTokenType.StartObject ? Read(ref json) : ReadValue(json) is long whole ? (double)whole : ReadValue(json));
        }

        return items.All(item => item is double) ? items.Cast<double>().ToArray()
            : items.All(item => item is string) ? items.Cast<string>().ToArray()
            : items.All(item => item is Settings) ? items.Cast<Settings>().ToArray()
            : throw Wrong(json, "a list of numbers, of texts or of descriptions");
    }

    private static string Text(in Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(json, "whole characters");
        }
    }

    private static JsonException Wrong(in Utf8JsonReader json, string expected) => new($"expected {expected}, at byte {json.TokenStartIndex}");
}
