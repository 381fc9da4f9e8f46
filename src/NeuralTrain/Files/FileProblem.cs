using System.Text.Json;

namespace NeuralTrain;

/// <summary>How everything wrong in a file is reported: file, byte, what was found.</summary>
internal static class FileProblem
{
    /// <summary>The report.</summary>
    public static InvalidDataException At(string file, long place, string what, Exception? inner = null) => new($"{file}, byte {place}: {what}", inner);

    /// <summary>A text of a file as messages show it: short, and on one line.</summary>
    public static string Shorten(string text) => Settings.Shorten(text);

    /// <summary>
    /// Refuses a JSON text that is not well-formed, nests too deep, names a property twice, or has half a character in a text, so that whoever reads it afterwards
    /// meets none of these.
    /// </summary>
    public static void CheckJson(ReadOnlySpan<byte> json, int maxDepth, string file, long place)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        var names = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        names.Push([]);
                        break;
                    case JsonTokenType.EndObject:
                        names.Pop();
                        break;
                    case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                        throw At(file, place, $"the name '{Shorten(reader.GetString()!)}' stands twice in one object of the text that begins here. The file is damaged.");
                    case JsonTokenType.String:
                        _ = reader.GetString();
                        break;
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw At(file, place, $"the text that begins here is not valid JSON at its byte {reader.BytesConsumed}: {problem.Message}", problem);
        }
    }
}
