using System.Text.RegularExpressions;

namespace NeuralTrain;

/// <summary>How the text of a CSV file is to be read, found from its first lines where the options do not say it.</summary>
internal sealed partial class CsvText
{
    private const int MaxRecords = 200;

    private readonly string _file;
    private readonly CsvOptions _options;

    private CsvText(string file, CsvOptions options) => (_file, _options) = (file, options);

    public char Separator { get; private set; }

    public char DecimalPoint { get; private set; } = '.';

    public char? Thousands { get; private set; }

    public bool HasHeader { get; private set; }

    /// <summary>Finds it.</summary>
    /// <param name="start">The beginning of the text.</param>
    /// <param name="isWhole">Whether that is all.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="options">What is known already.</param>
    public static CsvText Find(ReadOnlySpan<char> start, bool isWhole, string file, CsvOptions options)
    {
        var found = new CsvText(file, options);
        string text = start.ToString();
        found.Separator = options.Separator ?? found.FindSeparator(text, isWhole);
        List<string[]> records = Records(text, isWhole, found.Separator, options.TrimSpaces);
        if (records.Count == 0) throw new InvalidDataException($"{file} is empty; a CSV file with at least one row was expected.");
        (found.DecimalPoint, found.Thousands) = found.FindSigns(records);
        found.HasHeader = options.HasHeader ?? (options.ColumnNames.Count == 0 && found.FindHeader(records));
        return found;
    }

    /// <summary>What a text could be instead of a category; null if nothing.</summary>
    public static string? Unclear(string text) =>
        LikeNumber().IsMatch(text) ? "looks like a number, but is not one; say DecimalPoint or Thousands, or take out currencies and per cent signs"
        : LikeDate().IsMatch(text) ? "looks like a date or a time, but not all values of the column are dates in one form"
        : null;

    // The reading in which every line has the same number of fields, and no field still holds a separator that would cut all lines alike too.
    private char FindSeparator(string text, bool isWhole)
    {
        var readings = new List<(char Separator, List<string[]> Records)>();
        char mostFrequent = ',';
        int most = 1;
        foreach (char candidate in (ReadOnlySpan<char>)[',', ';', '\t', '|'])
        {
            List<string[]> records = Records(text, isWhole, candidate, _options.TrimSpaces);
            if (records.Count == 0) continue;
            if (records[0].Length > most) (mostFrequent, most) = (candidate, records[0].Length);
            if (records[0].Length > 1 && records.TrueForAll(record => record.Length == records[0].Length)) readings.Add((candidate, records));
        }

        if (readings.Count < 2) return readings.Count == 1 ? readings[0].Separator : mostFrequent;
        var clean = readings.Where(reading => reading.Records.TrueForAll(record => Array.TrueForAll(
            record, field => IsNumber(field) || !readings.Exists(other => other.Separator != reading.Separator && field.Contains(other.Separator, StringComparison.Ordinal))))).ToArray();
        if (clean.Length == 1) return clean[0].Separator;
        string[] shown = [.. readings.Select(reading => $"with Separator = '{Show(reading.Separator)}' the first line is [{string.Join("] [", reading.Records[0].Take(4).Select(text => Guard.Shorten(text)))}]{(reading.Records[0].Length > 4 ? " …" : "")}")];
        throw new InvalidDataException($"{_file} can be read in {shown.Length} ways: {string.Join("; ", shown)}. Say which: set Separator.");

        static bool IsNumber(string field) => LikeNumber().IsMatch(field);
    }

    internal static string Show(char separator) => separator == '\t' ? "\\t" : $"{separator}";

    private (char Point, char? Thousands) FindSigns(List<string[]> records)
    {
        bool[] isText = [.. records[0].Select(_options.Text.Contains)];
        string[] fields = [.. records.Skip(1).SelectMany(record => record.Where((_, i) => i >= isText.Length || !isText[i]))];
        char? point = _options.DecimalPoint, thousands = _options.Thousands;
        if (point is not (null or '.' or ',')) throw new ArgumentException($"DecimalPoint must be '.' or ',', received '{point}'.");
        if (thousands is not null && (thousands == (point ?? '.') || !char.IsAscii(thousands.Value) || char.IsAsciiLetterOrDigit(thousands.Value)))
        {
            throw new ArgumentException($"Thousands must be an ASCII sign other than the decimal point, received '{thousands}'.");
        }

        if (point is not null || thousands is not null) return (point ?? (thousands == '.' ? ',' : '.'), thousands);

        // 1,234.5 and 1,234,567 show what separates thousands; 5,1 and 0,123 what separates decimals. 1,234 alone shows neither.
        string? groupsByComma = Array.Find(fields, field => GroupedByComma().IsMatch(field)), groupsByPoint = Array.Find(fields, field => GroupedByPoint().IsMatch(field));
        string? decimalComma = Array.Find(fields, field => DecimalComma().IsMatch(field) && !MaybeGrouped().IsMatch(field));
        string? decimalPoint = Array.Find(fields, field => DecimalPointed().IsMatch(field) && !MaybeGrouped().IsMatch(field));
        (bool comma, bool dot) = (decimalComma is not null || groupsByPoint is not null, decimalPoint is not null || groupsByComma is not null);
        if (comma && dot)
        {
            throw new InvalidDataException(
                $"{_file} has '{decimalComma ?? groupsByPoint}', which is a number with a decimal comma, and '{decimalPoint ?? groupsByComma}', which is one with a decimal point. Say which: set DecimalPoint (or name columns in Text).");
        }

        if (!comma && !dot && Array.Find(fields, field => MaybeGrouped().IsMatch(field) && (Separator == ';' || field.Contains(',', StringComparison.Ordinal))) is string unclear)
        {
            bool hasComma = unclear.Contains(',', StringComparison.Ordinal);
            (string digits, char sign, char other) = hasComma ? (unclear.Replace(",", "", StringComparison.Ordinal), ',', '.') : (unclear.Replace(".", "", StringComparison.Ordinal), '.', ',');
            throw new InvalidDataException(
                $"{_file}: '{unclear}' can be read as {digits} (set DecimalPoint = '{other}' and Thousands = '{sign}') or as {(hasComma ? unclear.Replace(',', '.') : unclear)} (set DecimalPoint = '{sign}'). Say which.");
        }

        return comma ? (',', groupsByPoint is null ? null : '.') : ('.', groupsByComma is null ? null : ',');
    }

    // A header has no numbers, and its names do not come again below it.
    private bool FindHeader(List<string[]> records)
    {
        string[] first = records[0];
        if (Array.Exists(first, field => IsValue(field))) return false;
        if (records.Count == 1) return true;
        bool valuesBelow = records[1].Where((field, i) => i < first.Length && IsValue(field)).Any();
        if (valuesBelow) return true;
        bool repeats = Enumerable.Range(0, first.Length).Any(i => records.Skip(1).Any(record => i < record.Length && record[i] == first[i] && first[i].Length > 0));
        if (repeats) return false;

        // In a column of a few texts that come again and again, a text that comes once, at the top, is a name.
        bool comeAgain = Enumerable.Range(0, first.Length).Any(i =>
            records.Skip(1).Where(record => i < record.Length).GroupBy(record => record[i], StringComparer.Ordinal).Select(group => group.Count()).ToArray() is { Length: > 0 } counts
            && counts.Sum() >= 3 && counts.Min() > 1);
        return comeAgain ? true : throw new InvalidDataException(
            $"{_file}: nothing in its first lines tells whether line 1, [{string.Join("] [", first.Take(4).Select(text => Guard.Shorten(text)))}], is a header, since no field is a number. Say it: HasHeader = true or false.");

        bool IsValue(string field) => LikeNumber().IsMatch(field) || LikeDate().IsMatch(field) || (field.Length > 0 && _options.MissingMarkers.Contains(field, StringComparer.Ordinal));
    }

    // The first records, cut at a separator outside quotes. Only to look at: the reader itself is strict about quotes.
    private static List<string[]> Records(string text, bool isWhole, char separator, bool trims)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        int start = 0;
        bool isQuoted = false;
        for (int i = 0; i <= text.Length && records.Count < MaxRecords; i++)
        {
            char letter = i < text.Length ? text[i] : '\n';
            isQuoted ^= letter == '"';
            if ((isQuoted && i < text.Length) || (letter != separator && letter is not ('\n' or '\r'))) continue;
            string field = text[start..i];
            if (trims) field = field.Trim();
            fields.Add(field.Length > 1 && field[0] == '"' ? field.Trim('"') : field);
            start = i + 1;
            if (letter == separator) continue;
            bool isBlank = fields is [""], isCut = i == text.Length && !isWhole;
            if (!isBlank && !isCut) records.Add([.. fields]);
            fields.Clear();
        }

        return records;
    }

    [GeneratedRegex(@"^[\p{Sc}+\-−\s]*[.,]?\d[\d.,'’\s]*([eE][+\-]?\d+)?[\p{Sc}%\s]*$")]
    private static partial Regex LikeNumber();

    [GeneratedRegex(@"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]+\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$")]
    private static partial Regex LikeDate();

    [GeneratedRegex(@"^[+\-]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,})$")]
    private static partial Regex GroupedByComma();

    [GeneratedRegex(@"^[+\-]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$")]
    private static partial Regex GroupedByPoint();

    [GeneratedRegex(@"^[+\-]?\d*,\d+([eE][+\-]?\d+)?$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[+\-]?\d*\.\d+([eE][+\-]?\d+)?$")]
    private static partial Regex DecimalPointed();

    [GeneratedRegex(@"^[+\-]?[1-9]\d{0,2}[.,]\d{3}$")]
    private static partial Regex MaybeGrouped();
}
