using System.Globalization;
using System.Text.Json;

namespace NeuralTrain;

/// <summary>The small values of a checkpoint as JSON: a number that is not finite is written as a text, and everything is read with the same bits.</summary>
/// <param name="value">A part of the state.</param>
/// <param name="file">The file it comes from, for messages.</param>
/// <param name="place">The byte at which the state stands in it.</param>
internal readonly struct StateJson(JsonElement value, string file, long place)
{
    /// <summary>A part by name.</summary>
    public StateJson this[string name] => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement part)
        ? new StateJson(part, file, place)
        : throw Wrong($"'{name}' is missing");

    /// <summary>Whether there is nothing here.</summary>
    public bool IsNull => value.ValueKind == JsonValueKind.Null;

    /// <summary>Writes a number of any kind.</summary>
    public static void Write(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The parts of a list.</summary>
    public StateJson[] Items()
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("expected a list");
        }

        string name = file;
        long at = place;
        return [.. value.EnumerateArray().Select(item => new StateJson(item, name, at))];
    }

    /// <summary>A text.</summary>
    public string Text() => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong("expected a text");

    /// <summary>true or false.</summary>
    public bool Flag() => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong("expected true or false");

    /// <summary>A number of any kind.</summary>
    public double Number() =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number
        : value.ValueKind == JsonValueKind.String && value.GetString() is "NaN" or "Infinity" or "-Infinity" ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : throw Wrong("expected a number");

    /// <summary>A finite number of at least <paramref name="least"/>.</summary>
    public double Number(double least) => Number() is double number && double.IsFinite(number) && number >= least ? number : throw Wrong($"expected a finite number of {least} or more");

    /// <summary>A whole number of 0 or more.</summary>
    public int Count() => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0 ? number : throw Wrong("expected a whole number of 0 or more");

    /// <summary>A large whole number of 0 or more.</summary>
    public long LongCount() => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 ? number : throw Wrong("expected a whole number of 0 or more");

    /// <summary>A whole number of 64 bits.</summary>
    public ulong Bits() => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number) ? number : throw Wrong("expected a whole number of 64 bits");

    /// <summary>A time of 0 or more.</summary>
    public TimeSpan Time() => TimeSpan.FromTicks(LongCount());

    /// <summary>The report that something is wrong here.</summary>
    public InvalidDataException Wrong(string what) =>
        FileProblem.At(file, place, $"the state of the training that begins here is damaged: {what}, at {FileProblem.Shorten(value.GetRawText())}.");
}
