using System.Text;

namespace NeuralTrain.Tests.Hosting;

/// <summary>Bodies that a service should not be sent.</summary>
internal static class Hostile
{
    public static readonly string[] Types =
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=nonsense", "application/problem+json",
    ];

    private static readonly string[] Values =
    [
        "1", "-0.0", "1e38", "-1e38", "1e308", "1e999", "-1e400", "null", "true", "\"\"", "\"Ulm\"", "\"NaN\"", "\"1e5\"", "\"∞\"", "{}", "[]", "[null]", "{\"age\":1}", "\"\\u0000\"", "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"", "\"\\udc00x\"", "12345678901234567890123456789", "\"0001-01-01\"", "\"9999-12-31\"", "\"" + new string('x', 5000) + "\"", "undefined", "'x'", "01", "+1", "NaN",
    ];

    private static readonly string[] Names = ["age", "city", "member", "since", "id", "income", "", " ", "AGE", "ägë", "__proto__", "age\\u0000", "\\ud83d\\ude00", "\\ud83d", "$type", "[0].age"];

    public static byte[] Body(Random random)
    {
        string text = random.Next(9) switch
        {
            0 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{Pick(Names, random)}\":{Pick(Values, random)}"))}}}",
            1 or 2 => Models.Person.Replace("39.5", Pick(Values, random), StringComparison.Ordinal),
            3 => Models.Person.Replace("\"2020-05-17\"", Pick(Values, random), StringComparison.Ordinal).Replace("\"Ulm\"", Pick(Values, random), StringComparison.Ordinal),
            4 => Models.Person.Replace("\"age\"", $"\"{Pick(Names, random)}\"", StringComparison.Ordinal),
            5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(80)).Select(_ => random.Next(30) == 0 ? Pick(Values, random) : Models.Person))}]",
            6 => string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"age\":", random.Next(200))) + "1",
            7 => Pick(Values, random),
            _ => Models.Person,
        };
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        // Some are damaged: a byte changed, or the rest cut off.
        if (bytes.Length > 0 && random.Next(4) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(12) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];
}
