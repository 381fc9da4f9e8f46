using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>Writes and reads a <see cref="Matrix"/> as JSON: an array of rows, each an array of numbers, as <c>[[1,2.5],[3,"NaN"]]</c>.</summary>
/// <remarks>NaN and the infinities are the texts <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>, as System.Text.Json names them. A matrix without rows comes back without columns.</remarks>
public sealed class MatrixJsonConverter : JsonConverter<Matrix>
{
    /// <inheritdoc/>
    public override Matrix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong("an array of rows");
        var values = new List<float>();
        int rows = 0, columns = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rows++)
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw Wrong($"an array of numbers as row {rows}");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) values.Add(Number(reader, rows));
            if (rows == 0) columns = values.Count;
            if (values.Count != (rows + 1) * columns) throw Wrong($"{columns} numbers in row {rows} as in row 0");
        }

        return new Matrix([.. values], rows, columns);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Matrix value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        for (int row = 0; row < value.Rows; row++)
        {
            writer.WriteStartArray();
            foreach (float number in value.Row(row))
            {
                if (float.IsFinite(number)) writer.WriteNumberValue(number);
                else writer.WriteStringValue($"{number}");
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static float Number(in Utf8JsonReader reader, int row) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetSingle(out float number) && float.IsFinite(number) => number,
        JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => float.NaN,
        JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => float.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => float.NegativeInfinity,
        _ => throw Wrong($"numbers of 32 bits, or \"NaN\", \"Infinity\" or \"-Infinity\", in row {row}"),
    };

    private static JsonException Wrong(string expected) => new($"A matrix is an array of rows of equal length, as [[1,2],[3,4]]; expected {expected}.");
}
