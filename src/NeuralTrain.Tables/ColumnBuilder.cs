namespace NeuralTrain;

/// <summary>Collects the values of one column: numbers until the first text, then texts.</summary>
internal sealed class ColumnBuilder(string name, string file, bool keepText, CsvNumber numerals)
{
    private readonly List<int> _codes = [];
    private List<double>? _numbers = keepText ? null : [];
    private Dictionary<string, int>? _places = keepText ? new(StringComparer.Ordinal) : null;
    private bool _isShortest = true;
    private bool _hasLeadingZeros;
    private int _present;
    private (string Text, long Line)? _firstText;

    public bool KeepsText => keepText;

    public bool IsNumbers => _numbers is not null;

    public void AddMissing()
    {
        if (_numbers is not null) _numbers.Add(double.NaN);
        else _codes.Add(-1);
    }

    /// <summary>Adds a field of a CSV file.</summary>
    public void Add(ReadOnlySpan<char> text, NumberForm form, double value, long line)
    {
        _present++;
        if (_numbers is not null && form != NumberForm.None && !(form == NumberForm.LeadingZeros && _isShortest))
        {
            _isShortest &= form == NumberForm.Shortest;
            _numbers.Add(value);
            return;
        }

        if (_numbers is not null) BecomeText(text, form, line);
        if (form == NumberForm.None) _firstText ??= (text.ToString(), line);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> places = _places!.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!places.TryGetValue(text, out int code))
        {
            code = _places!.Count;
            places[text] = code;
        }

        _codes.Add(code);
    }

    public TableColumn Build()
    {
        if (_numbers is not null) return new TableColumn(name, ColumnKind.Number, [.. _numbers]) { Numerals = numerals };
        string[] texts = new string[_places!.Count];
        foreach ((string text, int code) in _places) texts[code] = text;
        if (!keepText)
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

                return Texts($"'{texts[0]}' could be a date as {string.Join(" or as ", forms)}; say which, schema[\"{Field.Shorten(name)}\"].AsDate(\"{forms[0]}\")");
            }
        }

        return Texts(keepText ? null : Mixture(texts));

        TableColumn Texts(string? ambiguity) => new(name, [.. _codes], texts) { Ambiguity = ambiguity, HasLeadingZeros = _hasLeadingZeros, Numerals = numerals };
    }

    // A text that is read as another category, but might be a number or a typing error, would train to something plausible and wrong.
    private string? Mixture(string[] texts)
    {
        int numbers = texts.Count(text => numerals.TryReadText(text, out _));
        if (_hasLeadingZeros && _firstText is null) return null;
        if (_firstText is (string first, long line) && numbers > 0)
        {
            return $"{numbers} of its {texts.Length} different values are numbers, but '{Field.Shorten(first)}' in line {line} is not; correct it, " +
                "name it in MissingMarkers if it stands for a missing value, or call AsCategory()";
        }

        if (Array.Find(texts, text => CsvText.Unclear(text) is not null) is string unclear) return $"'{Field.Shorten(unclear)}' {CsvText.Unclear(unclear)}; or call AsCategory()";
        return texts.GroupBy(text => text, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Take(2).ToArray() is [string one, string other]
            ? $"'{Field.Shorten(one)}' and '{Field.Shorten(other)}' differ only in upper and lower case; write them the same way, or call AsCategory()"
            : null;
    }

    private void BecomeText(ReadOnlySpan<char> text, NumberForm form, long line)
    {
        if (!_isShortest)
        {
            throw new InvalidDataException(
                $"{file}, line {line}, column '{Field.Shorten(name)}': '{Field.Shorten(text.ToString())}' is not a number, and all rows before it have numbers. Correct it, name it in MissingMarkers if it stands for " +
                "a missing value, or name the column in Text if its values are categories.");
        }

        _hasLeadingZeros = form == NumberForm.LeadingZeros;
        _places = new(StringComparer.Ordinal);
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
}
