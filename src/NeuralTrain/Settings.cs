using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The named values from which a layer, a loss, an optimizer or another object can be recreated, written by the object itself.</summary>
/// <remarks>
/// Files and checkpoints keep it as JSON. Values are whole numbers, numbers, flags, texts, seeds, lists of them, and lists of further settings, such as the
/// layers of a container.
/// </remarks>
[JsonConverter(typeof(SettingsConverter))]
public sealed class Settings
{
    /// <summary>The maximum nesting depth of the JSON: two levels for each of settings, themselves and the list of their parts.</summary>
    internal const int MaxJsonDepth = 2 * MaxDepth;

    /// <summary>The maximum number of values.</summary>
    internal const int MaxValues = 256;

    private const int MaxDepth = 32;

    // Each value is a long, double, bool, string, double[], string[] or Settings[].
    private readonly OrderedDictionary<string, object> _values = [];

    /// <summary>Creates empty settings.</summary>
    /// <param name="kind">The kind of object they describe, by the name used in files: <c>Linear</c>, <c>Adam</c>.</param>
    public Settings(string kind)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        Kind = kind;
    }

    /// <summary>The settings an object writes, under the name of its type.</summary>
    internal static Settings Of(object described, Action<Settings> describe)
    {
        var settings = new Settings(described.GetType().Name);
        describe(settings);
        return settings;
    }

    /// <summary>The kind of object they describe, such as <c>Linear</c>.</summary>
    public string Kind { get; }

    /// <summary>The nesting depth: 1 without parts.</summary>
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
    /// <exception cref="NotSupportedException">They nest more than 32 deep, the limit of files.</exception>
    public void Set(string name, IEnumerable<Settings> parts) => Add(name, parts.ToArray());

    /// <summary>Writes a seed: a whole number of 64 bits, kept as text because most JSON readers turn numbers into doubles.</summary>
    /// <param name="name">The name, used once.</param>
    /// <param name="value">The value.</param>
    public void SetSeed(string name, ulong value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether there is a value with this name.</summary>
    /// <param name="name">The name.</param>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Reads a whole number.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value, or it is of another kind; this holds for every kind of value.</exception>
    public int WholeNumber(string name) => Find(name) is long value && value == (int)value ? (int)value : throw Wrong(name, "a whole number of 32 bits");

    /// <summary>Reads a number.</summary>
    /// <param name="name">The name.</param>
    public double Number(string name) => Widened(Find(name)) is double number ? number : throw Wrong(name, "a finite number");

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
        _values.Add(name, value);
    }

    private static void Compare(Settings now, Settings before, string path, List<string> found)
    {
        string at = path.Length == 0 ? "" : $"{path}: ";
        if (now.Kind != before.Kind)
        {
            found.Add($"{at}{now}, was {before}");
            return;
        }

        foreach (string name in now._values.Keys.Union(before._values.Keys))
        {
            object? value = now.Find(name), old = before.Find(name);
            if (value is Settings[] parts && old is Settings[] oldParts && parts.Length == oldParts.Length)
            {
                for (int i = 0; i < parts.Length; i++) Compare(parts[i], oldParts[i], path.Length == 0 ? $"{i}" : $"{path}.{i}", found);
            }
            else if (!StructuralComparisons.StructuralEqualityComparer.Equals(Widened(value), Widened(old)))
            {
                found.Add($"{at}{now.Kind} {Guard.Shorten(name)} {Show(value)}, was {Show(old)}");
            }
        }
    }

    /// <summary>A value as text; whole numbers like other numbers: 2 is the same setting as 2.0.</summary>
    internal static object? Widened(object? value) => value is long whole ? (double)whole : value;

    private static string Show(object? value) => value switch
    {
        null => "nothing",
        string text => Guard.Shorten(text),
        bool flag => flag ? "true" : "false",
        Array items => $"[{string.Join(", ", items.Cast<object>().Select(Show))}]",
        _ => $"{value}",
    };

    private T[] List<T>(string name, string expected) => Find(name) switch
    {
        T[] values => values,
        Array { Length: 0 } => [],
        _ => throw Wrong(name, expected),
    };

    private object? Find(string name) => _values.GetValueOrDefault(name);

    private InvalidDataException Wrong(string name, string expected) =>
        new($"The setting '{name}' of {Guard.Shorten(Kind)} must be {expected}, found {Guard.Shorten(Show(Find(name)))}. The description is damaged.");
}

/// <summary>Settings as JSON: the kind first, then the values by name.</summary>
internal sealed class SettingsConverter : JsonConverter<Settings>
{
    public override Settings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Settings value, JsonSerializerOptions options) => Write(writer, value);

    /// <summary>Writes settings, or one of their values.</summary>
    public static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case Settings settings:
                json.WriteStartObject();
                json.WriteString("kind", settings.Kind);
                foreach ((string name, object setting) in settings.Values)
                {
                    json.WritePropertyName(name);
                    Write(json, setting);
                }

                json.WriteEndObject();
                break;
            case Array items:
                json.WriteStartArray();
                foreach (object item in items) Write(json, item);
                json.WriteEndArray();
                break;
            case long whole: json.WriteNumberValue(whole); break;
            case double number: json.WriteNumberValue(number); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            default: json.WriteStringValue((string)value); break;
        }
    }

    /// <summary>Reads settings from their opening brace to the closing one. How deep they may nest is the reader's limit.</summary>
    /// <exception cref="JsonException">The JSON is damaged, or does not describe settings; the message says where.</exception>
    public static Settings Read(ref Utf8JsonReader json)
    {
        bool hasKind = json.TokenType == JsonTokenType.StartObject && json.Read() && json.TokenType == JsonTokenType.PropertyName && Text(json) == "kind" && json.Read() && json.TokenType == JsonTokenType.String;
        string kind = hasKind ? Text(json) : "";
        if (string.IsNullOrWhiteSpace(kind)) throw Wrong(json, "the kind as the first value of an object, a text");
        var settings = new Settings(kind);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = Text(json);
            json.Read();
            if (string.IsNullOrWhiteSpace(name) || name == "kind" || settings.Values.Count == Settings.MaxValues || settings.Has(name)) throw Wrong(json, $"each name once, and at most {Settings.MaxValues}");
            settings.Add(name, json.TokenType == JsonTokenType.StartArray ? ReadList(ref json) : ReadValue(json));
        }

        return settings;
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
            items.Add(json.TokenType == JsonTokenType.StartObject ? Read(ref json) : Settings.Widened(ReadValue(json))!);
        }

        return Of<double>() ?? Of<string>() ?? Of<Settings>() ?? throw Wrong(json, "a list of numbers, of texts or of descriptions");

        Array? Of<T>() => items.All(item => item is T) ? items.Cast<T>().ToArray() : null;
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
