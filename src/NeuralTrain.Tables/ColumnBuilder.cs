namespace NeuralTrain;

/// <summary>Collects the values of one column: numbers until the first text, then texts.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="file">The name of the file, for messages.</param>
/// <param name="known">What it holds, if that is known: numbers alone, or texts that are kept as they are written; null to find it out.</param>
/// <param name="numerals">How numbers are written.</param>
internal sealed class ColumnBuilder(string name, string file, ColumnKind? known, CsvNumber numerals)
{
    private readonly List<int> _codes = [];
    private List<double>? _numbers = known is null or ColumnKind.Number ? [] : null;
    private Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private bool _isShortest = true;
    private bool _hasLeadingZeros, _hasMissing;
    private long _seen;
    private (string Text, long Line)? _firstText;

    public bool KeepsText => known is not (null or ColumnKind.Number);

    public bool IsNumbers => _numbers is not null;

    /// <summary>Adds a missing value.</summary>
    /// <param name="place">The row of the column: the next one, one whose value it replaces, or −1 if it is only looked at.</param>
    public void AddMissing(int place)
    {
        _seen++;
        _hasMissing = true;
        if (_numbers is not null) Put(_numbers, place, double.NaN);
        else Put(_codes, place, -1);
    }

    /// <summary>Adds a field of a CSV file; <paramref name="place"/> as for <see cref="AddMissing"/>.</summary>
    public void Add(ReadOnlySpan<char> text, NumberForm form, double value, long line, int place)
    {
        _seen++;
        if (_numbers is not null && form != NumberForm.None && !(form == NumberForm.LeadingZeros && _isShortest && known is null))
        {
            _isShortest &= form == NumberForm.Shortest;
            Put(_numbers, place, value);
            return;
        }

        if (_numbers is not null) BecomeText(text, form, line);
        if (form == NumberForm.None) _firstText ??= (text.ToString(), line);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> places = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!places.TryGetValue(text, out int code))
        {
            if (place < 0 && _places.Count > SchemaMeasure.MaxCategories) return;
            code = _places.Count;
            places[text] = code;
        }

        bool replaces = (uint)place < (uint)_codes.Count;
        Put(_codes, place, code);
        if (replaces && _places.Count > 2 * Math.Max(_codes.Count, SchemaMeasure.MaxCategories)) ForgetReplaced();
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        (_seen, _hasMissing) = (0, false);
        _codes.Clear();
        _numbers?.Clear();
        _places.Clear();
    }

    public TableColumn Build()
    {
        TableColumn column = Found();
        return _seen > column.Rows ? column.AsSample(_hasMissing) : column;
    }

    private TableColumn Found()
    {
        if (_numbers is not null) return new TableColumn(name, ColumnKind.Number, [.. _numbers]) { Numerals = numerals };
        string[] texts = [.. _places.Keys];
        if (known is null)
        {
            if (texts.Length > 0 && Array.TrueForAll(texts, text => bool.TryParse(text, out _)))
            {
                double[] flags = Array.ConvertAll(texts, text => bool.Parse(text) ? 1.0 : 0);
                return new TableColumn(name, ColumnKind.Flag, [.. _codes.Select(code => code < 0 ? double.NaN : flags[code])]);
            }

            if (DateForm.Find(texts) is { Count: > 0 } forms)
            {
                if (forms.Count == 1)
                {
                    double[] dates = Array.ConvertAll(texts, text => DateForm.TryRead(text, forms[0], out double seconds) ? seconds : double.NaN);
                    return new TableColumn(name, ColumnKind.Date, [.. _codes.Select(code => code < 0 ? double.NaN : dates[code])]) { DateForm = forms[0] };
                }

                return Texts($"'{texts[0]}' could be a date as {string.Join(" or as ", forms)}; say which, schema[\"{Guard.Shorten(name)}\"].AsDate(\"{forms[0]}\")");
            }
        }

        return Texts(known is null ? Mixture(texts) : null);

        TableColumn Texts(string? ambiguity) => new(name, [.. _codes], texts) { Ambiguity = ambiguity, HasLeadingZeros = _hasLeadingZeros, Numerals = numerals };
    }

    // A text that is read as another category, but might be a number or a typing error, would train to something plausible and wrong.
    private string? Mixture(string[] texts)
    {
        int numbers = texts.Count(text => numerals.TryReadText(text, out _));
        if (_hasLeadingZeros && _firstText is null) return null;
        if (_firstText is (string first, long line) && numbers > 0)
        {
            return $"{numbers} of its {texts.Length} different values are numbers, but '{Guard.Shorten(first)}' in line {line} is not; correct it, " +
                "name it in MissingMarkers if it stands for a missing value, or call AsCategory()";
        }

        if (Array.Find(texts, text => CsvText.Unclear(text) is not null) is string unclear) return $"'{Guard.Shorten(unclear)}' {CsvText.Unclear(unclear)}; or call AsCategory()";
        return texts.GroupBy(text => text, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Take(2).ToArray() is [string one, string other]
            ? $"'{Guard.Shorten(one)}' and '{Guard.Shorten(other)}' differ only in upper and lower case; write them the same way, or call AsCategory()"
            : null;
    }

    private void BecomeText(ReadOnlySpan<char> text, NumberForm form, long line)
    {
        if (!_isShortest || known is not null)
        {
            throw new InvalidDataException(
                $"{file}, line {line}, column '{Guard.Shorten(name)}': '{Guard.Shorten(text.ToString())}' is not a number, and all rows before it have numbers. Correct it, name it in MissingMarkers if it stands for " +
                "a missing value, or name the column in Text if its values are categories.");
        }

        _hasLeadingZeros = form == NumberForm.LeadingZeros;
        foreach (double number in _numbers!)
        {
            if (double.IsNaN(number))
            {
                _codes.Add(-1);
                continue;
            }

            string written = numerals.Label(number);
            if (!_places.TryGetValue(written, out int code)) _places.Add(written, code = _places.Count);
            _codes.Add(code);
        }

        _numbers = null;
    }

    private void ForgetReplaced()
    {
        string[] texts = [.. _places.Keys];
        _places = new(StringComparer.Ordinal);
        for (int i = 0; i < _codes.Count; i++)
        {
            if (_codes[i] < 0) continue;
            string text = texts[_codes[i]];
            if (!_places.TryGetValue(text, out int code)) _places.Add(text, code = _places.Count);
            _codes[i] = code;
        }
    }

    private static void Put<T>(List<T> values, int place, T value)
    {
        if (place == values.Count) values.Add(value);
        else if (place >= 0) values[place] = value;
    }
}
