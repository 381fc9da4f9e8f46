using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralTrain;

/// <summary>What counts as a number in a CSV file.</summary>
internal static partial class CsvNumber
{
    private static readonly NumberFormatInfo Point = Format('.');

    /// <summary>Whether a field is a finite number that fits into a float.</summary>
    public static bool TryRead(string text, CsvOptions options, out float value) =>
        float.TryParse(text, NumberStyles.Float, options.DecimalPoint == '.' ? Point : Format(options.DecimalPoint), out value) && float.IsFinite(value);

    /// <summary>What a text could be instead of a category, and the option that settles it; null if nothing.</summary>
    public static string? Ambiguity(string text) => text switch
    {
        _ when double.TryParse(text, NumberStyles.Float, Point, out double number) && !float.IsFinite((float)number) =>
            "is not a number that fits into float32. Scale the column, or add the text to MissingMarkers if it stands for a missing value",
        _ when Number().IsMatch(text) =>
            "looks like a number. Set DecimalPoint if it has another decimal point; take out separators of thousands, currencies and per cent signs",
        _ when Date().IsMatch(text) => "looks like a date or a time. Turn it into numbers, such as the year or the days since the first, or leave the column out (Ignore)",
        _ => null,
    };

    // Digits with points, commas, apostrophes or spaces between them, a sign or currency before, a currency or per cent sign after.
    [GeneratedRegex(@"^[\p{Sc}+\-−\s]*[.,]?\d[\d.,'’\s]*([eE][+\-]?\d+)?[\p{Sc}%\s]*$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]+\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$")]
    private static partial Regex Date();

    private static NumberFormatInfo Format(char point) => new() { NumberDecimalSeparator = point.ToString(), NumberGroupSeparator = "" };
}
