using System.Globalization;

namespace NeuralTrain;

/// <summary>What counts as a number in a CSV file.</summary>
internal static class CsvNumber
{
    private static readonly NumberFormatInfo Point = Format('.');

    /// <summary>Whether a field is a finite number that fits into a float.</summary>
    public static bool TryRead(string text, CsvOptions options, out float value) =>
        float.TryParse(text, NumberStyles.Float, options.DecimalPoint == '.' ? Point : Format(options.DecimalPoint), out value) && float.IsFinite(value);

    private static NumberFormatInfo Format(char point) => new() { NumberDecimalSeparator = point.ToString(), NumberGroupSeparator = "" };
}
