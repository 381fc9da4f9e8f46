using System.Globalization;

namespace NeuralTrain;

/// <summary>How tables of a study write values.</summary>
internal static class SearchText
{
    /// <summary>Numbers with four significant digits, the same in every culture; other values by their <c>ToString</c>, on one line.</summary>
    public static string Of(object value) => value is double number ? number.ToString("G4", CultureInfo.InvariantCulture) : OneLine(Whole(value));

    /// <summary>The whole text, the same in every culture.</summary>
    public static string Whole(object value) => (value is IFormattable formattable ? formattable.ToString(format: null, CultureInfo.InvariantCulture) : value.ToString()) ?? "";

    /// <summary>The first line of a message, cut where it becomes too long for a table.</summary>
    public static string OneLine(string text)
    {
        string line = text.Split('\n', '\r')[0];
        return line.Length <= 100 ? line : line[..99] + "…";
    }
}
