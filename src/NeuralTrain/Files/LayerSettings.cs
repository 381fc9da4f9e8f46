using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuralTrain;

/// <summary>What a model file keeps of a layer beside its parameters: named numbers, switches and texts, such as a width or a probability.</summary>
/// <remarks>A layer of one's own with settings writes and reads them in the two functions it registers, see <see cref="LayerKinds"/>.</remarks>
public sealed class LayerSettings
{
    private readonly ValueBudget _budget;
    private readonly int _depth;

    internal LayerSettings(JsonObject json, ValueBudget? budget = null, int depth = 0)
    {
        Json = json;
        _budget = budget ?? ValueBudget.Unlimited;
        _depth = depth;
    }

    /// <summary>The settings as a file has them.</summary>
    internal JsonObject Json { get; }

    /// <summary>The layer's kind, by which a file knows it.</summary>
    internal string Kind => Text("kind");

    /// <summary>Writes a whole number.</summary>
    /// <param name="name">The setting's name.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, long value) => Json[Free(name)] = JsonValue.Create(value);

    /// <summary>Writes a number; it is read again with the same bits.</summary>
    /// <param name="name">The setting's name.</param>
    /// <param name="value">Its value, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite, which JSON cannot say.</exception>
    public void Set(string name, double value) => Json[Free(name)] = JsonValue.Create(Guard.Finite(value, name, "Write another one as a text."));

    /// <summary>Writes a switch.</summary>
    /// <param name="name">The setting's name.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, bool value) => Json[Free(name)] = JsonValue.Create(value);

    /// <summary>Writes a text.</summary>
    /// <param name="name">The setting's name.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, string value) => Json[Free(name)] = JsonValue.Create(value);

    /// <summary>Whether there is a setting of this name.</summary>
    /// <param name="name">The setting's name.</param>
    public bool Has(string name) => Json.ContainsKey(name);

    /// <summary>Reads a whole number.</summary>
    /// <param name="name">The setting's name.</param>
    /// <exception cref="InvalidDataException">There is none of this name, or it is something else.</exception>
    public int WholeNumber(string name)
    {
        // What was just written is a long as it is; what comes from a file is asked for an int.
        JsonValue? value = Read(name) as JsonValue;
        return value is not null && value.TryGetValue(out int number) ? number
            : value is not null && value.TryGetValue(out long wide) && wide == (int)wide ? (int)wide
            : throw Wrong(name, "a whole number");
    }

    /// <summary>Reads a number.</summary>
    /// <param name="name">The setting's name.</param>
    /// <exception cref="InvalidDataException">There is none of this name, or it is something else.</exception>
    public double Number(string name)
    {
        // As a whole number, what was just written as one is a long.
        JsonValue? value = Read(name) as JsonValue;
        return value is not null && value.TryGetValue(out double number) && double.IsFinite(number) ? number
            : value is not null && value.TryGetValue(out long whole) ? whole
            : throw Wrong(name, "a finite number");
    }

    /// <summary>Reads a switch.</summary>
    /// <param name="name">The setting's name.</param>
    /// <exception cref="InvalidDataException">There is none of this name, or it is something else.</exception>
    public bool Flag(string name) => Read(name) is JsonValue value && value.TryGetValue(out bool flag) ? flag : throw Wrong(name, "true or false");

    /// <summary>Reads a text.</summary>
    /// <param name="name">The setting's name.</param>
    /// <exception cref="InvalidDataException">There is none of this name, or it is something else.</exception>
    public string Text(string name) => Read(name) is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(name, "a text");

    /// <summary>Writes a whole number of 64 bits as a text: the numbers of JSON are doubles for most readers, too short for it.</summary>
    internal void SetSeed(string name, ulong value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads such a number.</summary>
    internal ulong Seed(string name) => ulong.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
        ? value
        : throw Wrong(name, "a whole number of 64 bits, as a text");

    /// <summary>Reads a list of texts.</summary>
    internal string[] Texts(string name) =>
        Read(name) is JsonArray array && array.All(item => item is JsonValue && item.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(item => item!.GetValue<string>())]
            : throw Wrong(name, "a list of texts");

    /// <summary>Describes the layers of a container.</summary>
    internal void SetLayers(IEnumerable<Layer> layers) => Json["layers"] = new JsonArray([.. layers.Select(LayerKinds.Describe)]);

    /// <summary>Makes the layers of a container.</summary>
    internal Layer[] Layers() => Read("layers") is JsonArray array
        ? [.. array.Select(layer => layer is JsonObject json ? LayerKinds.Create(json, _budget, _depth + 1) : throw Wrong("layers", "a list of layers"))]
        : throw Wrong("layers", "a list of layers");

    /// <summary>A width whose product with the others is about to be asked memory for: refused before, if that is more than the file holds.</summary>
    internal void Claim(params ReadOnlySpan<string> sizes)
    {
        double values = 1;
        foreach (string size in sizes)
        {
            values *= Math.Max(Has(size) ? WholeNumber(size) : 1, 1);
        }

        _budget.Claim(values, this);
    }

    private JsonNode Read(string name) => Json[name] ?? throw Wrong(name, "a value");

    private string Free(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return !Json.ContainsKey(name) && name is not ("layers" or "frozen" or "resting")
            ? name
            : throw new ArgumentException(
                $"The setting '{name}' is there already ('kind', 'layers', 'frozen' and 'resting' always are taken): choose another name.", nameof(name));
    }

    private InvalidDataException Wrong(string name, string expected)
    {
        string found = Json[name] is JsonNode node ? FileProblem.Shorten(node.ToJsonString()) : "nothing";
        string kind = Json["kind"] is JsonNode own && own.GetValueKind() == JsonValueKind.String ? $" of {FileProblem.Shorten(own.ToJsonString())}" : "";
        return new InvalidDataException($"The setting '{name}'{kind} must be {expected}, found {found}. The description of the network is damaged.");
    }
}
