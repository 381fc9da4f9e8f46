namespace NeuralTrain;

/// <summary>Turns the values of one input column into inputs of a network.</summary>
internal sealed class ColumnEncoder
{
    public const double SecondsPerDay = 86_400, DaysPerYear = 365.2425;

    private readonly ColumnState _state;
    private readonly NumberScaling _scaling;
    private readonly CsvNumber _numerals;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    // −1 where two categories differ only in case.
    private readonly Dictionary<string, int> _looseCase = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _yes;

    public ColumnEncoder(ColumnState state, NumberScaling scaling)
    {
        (_state, _scaling) = (state, scaling);
        _numerals = new CsvNumber(state.DecimalPoint ?? '.', state.Thousands);
        _yes = YesNo.PlaceOfYes(state.Categories);

        double reach = (state.Most - state.Least) ?? double.PositiveInfinity;
        Familiar = ((state.Least ?? 0) - reach, (state.Most ?? 0) + reach);
        foreach (string category in state.Categories)
        {
            if (!_looseCase.TryAdd(category, _places.Count)) _looseCase[category] = -1;
            _places.Add(category, _places.Count);
        }

        string[] parts = state.Kind switch
        {
            // Numbers mean something only together with the categories that are counted.
            ColumnKind.Category when state.EmbeddingSize > 0 => [$"={string.Join('|', state.Categories)}"],
            ColumnKind.Category => [.. state.Categories.Select(category => $"={category}"), .. (string[])(state.HasMissing ? [" missing"] : [])],
            ColumnKind.Flag => [""],
            ColumnKind.Number => state.HasMissing ? ["", " missing"] : [""],
            _ => [" day", " season sine", " season cosine", " weekday sine", " weekday cosine", .. (string[])(state.HasTimes ? [" hour sine", " hour cosine"] : []), .. (string[])(state.HasMissing ? [" missing"] : [])],
        };
        Names = [.. parts.Select(part => state.Name + part)];
    }

    public string Name => _state.Name;

    public ColumnState State => _state;

    /// <summary>The names of its inputs.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Width => Names.Count;

    /// <summary>The minimum and maximum number (of dates, in days) beyond which a value is unfamiliar and the network only guesses; infinite where that is not known.</summary>
    public (double Least, double Most) Familiar { get; }

    /// <summary>The numbers an embedded column can hold: 0 for what is unknown, the categories from 1, then what is missing.</summary>
    public int Codes => _places.Count + 2;

    /// <summary>Writes the inputs of one value.</summary>
    /// <param name="field">The value.</param>
    /// <param name="inputs">The inputs, <see cref="Width"/> of them.</param>
    /// <param name="novelty">In what it is unlike the training data.</param>
    /// <returns>What is wrong with the value; null if nothing.</returns>
    public string? Write(in Field field, Span<float> inputs, out Novelty novelty)
    {
        novelty = Novelty.None;
        inputs.Clear();
        if (IsMissing(field))
        {
            if (RefusesMissing) return "has no value, and the training data had one in every row";
            if (!_state.HasMissing) novelty = Novelty.Unfamiliar;
            else if (_state.Kind == ColumnKind.Category && _state.EmbeddingSize > 0) inputs[0] = Codes - 1;
            else if (_state.Kind != ColumnKind.Flag) inputs[^1] = 1;
            if (_state.Kind is ColumnKind.Number or ColumnKind.Date && _scaling == NumberScaling.None) inputs[0] = (float)_state.Center;
            return null;
        }

        switch (_state.Kind)
        {
            case ColumnKind.Category:
                int place = PlaceOf(field);
                if (place < 0) novelty = Novelty.UnknownCategory;
                if (_state.EmbeddingSize > 0) inputs[0] = place + 1;
                else if (place >= 0) inputs[place] = 1;
                return null;
            case ColumnKind.Flag:
                if (!TryFlag(field, out bool flag)) return $"expects true or false, received {field}";
                inputs[0] = flag ? 1 : -1;
                return null;
            case ColumnKind.Date:
                if (!TryDate(field, out double seconds)) return $"expects a date as '{_state.DateForm ?? "yyyy-MM-dd"}', received {field}";
                WriteDate(seconds, inputs);
                if (IsFar(seconds / SecondsPerDay)) novelty = Novelty.Unfamiliar;
                return null;
            default:
                if (!TryNumber(field, out double number)) return Expectation(field);
                inputs[0] = Scaled(number);
                if (IsFar(number)) novelty = Novelty.Unfamiliar;
                return double.IsFinite(number) && float.IsFinite(inputs[0]) ? null : $"expects a number that fits into float32, received {field}";
        }
    }

    /// <summary>Whether a row without a value is refused.</summary>
    public bool RefusesMissing => !_state.HasMissing && !_state.AllowsMissing;

    /// <summary>Whether there is no value; an empty text is none, unless it is a category.</summary>
    public bool IsMissing(in Field field) => field.Kind == FieldKind.Missing || (_state.Kind == ColumnKind.Category && field is { Kind: FieldKind.Text, Text: "" } && !_places.ContainsKey(""));

    /// <summary>The category of a value; −1 if the training data did not have it.</summary>
    public int PlaceOf(in Field field)
    {
        string label = LabelOf(field);
        if (_places.TryGetValue(label, out int place) || _looseCase.TryGetValue(label, out place)) return place;
        return field.Kind == FieldKind.Flag && _yes >= 0 ? (field.Number == 1 ? _yes : 1 - _yes) : -1;
    }

    /// <summary>The category that a value names.</summary>
    public string LabelOf(in Field field) => field.Kind switch { FieldKind.Text => field.Text!, FieldKind.Number => field.Text ?? _numerals.Label(field.Number), _ => field.ToString() };

    public bool TryNumber(in Field field, out double number)
    {
        number = field.Number;
        return field.Kind == FieldKind.Number || (field.Kind == FieldKind.Text && _numerals.TryReadText(field.Text, out number));
    }

    /// <summary>Explains why a value cannot be read as a number.</summary>
    public string Expectation(in Field field) =>
        field.Kind == FieldKind.Text && field.Text!.Any(char.IsAsciiDigit) ? $"expects a number written as '{_numerals.Example}', received {field}" : $"expects a number, received {field}";

    public bool TryDate(in Field field, out double seconds)
    {
        seconds = field.Number;
        return field.Kind == FieldKind.Date || (field.Kind == FieldKind.Text && DateForm.TryReadAny(field.Text!, _state.DateForm, out seconds));
    }

    public static bool TryFlag(in Field field, out bool flag)
    {
        flag = field.Number == 1;
        return field.Kind == FieldKind.Flag || (field.Kind == FieldKind.Number && field.Number is 0 or 1) || (field.Kind == FieldKind.Text && bool.TryParse(field.Text, out flag));
    }

    private bool IsFar(double value) => value < Familiar.Least || value > Familiar.Most;

    private float Scaled(double value)
    {
        if (_scaling == NumberScaling.None) return (float)value;
        if (_state.Scale == 0) return 0;

        // Beyond the limit the square would be infinite; the bend ends there at ±3.
        double z = Math.Clamp((value - _state.Center) / _state.Scale, -1e100, 1e100);
        return (float)(_scaling == NumberScaling.Standard ? z : z / Math.Sqrt(1 + (z / 3 * (z / 3))));
    }

    private void WriteDate(double seconds, Span<float> inputs)
    {
        double days = seconds / SecondsPerDay, whole = Math.Floor(days);
        inputs[0] = Scaled(days);
        (inputs[1], inputs[2]) = Turn(days / DaysPerYear);
        (inputs[3], inputs[4]) = Turn(whole / 7);
        if (_state.HasTimes) (inputs[5], inputs[6]) = Turn(days - whole);

        static (float Sine, float Cosine) Turn(double turns)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * turns);
            return ((float)sine, (float)cosine);
        }
    }
}
