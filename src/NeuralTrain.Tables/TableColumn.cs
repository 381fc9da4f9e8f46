namespace NeuralTrain;

/// <summary>What the values of a column are.</summary>
public enum ColumnKind
{
    /// <summary>Quantities.</summary>
    Number,

    /// <summary>Texts, each of which names a category.</summary>
    Category,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Dates, with or without a time of day.</summary>
    Date,
}

/// <summary>A column of a <see cref="Table"/>: its name, what its values are, and the values.</summary>
public sealed class TableColumn
{
    private readonly double[] _numbers;
    private readonly int[] _codes;

    internal TableColumn(string name, ColumnKind kind, double[] numbers)
    {
        (Name, Kind, _numbers, _codes, Texts) = (name, kind, numbers, [], []);
        foreach (double number in numbers) MissingCount += double.IsNaN(number) ? 1 : 0;
    }

    internal TableColumn(string name, int[] codes, IReadOnlyList<string> texts)
    {
        (Name, Kind, _numbers, _codes, Texts) = (name, ColumnKind.Category, [], codes, texts);
        foreach (int code in codes) MissingCount += code < 0 ? 1 : 0;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What its values are as they were read; a <see cref="TableSchema"/> may treat them as something else.</summary>
    public ColumnKind Kind { get; }

    /// <summary>The number of rows without a value.</summary>
    public int MissingCount { get; }

    /// <summary>The different texts of a column of texts, in the order of their first rows; empty otherwise. A part of a table keeps those of the whole.</summary>
    internal IReadOnlyList<string> Texts { get; }

    /// <summary>The form in which dates were written; null if they were no texts.</summary>
    internal string? DateForm { get; init; }

    /// <summary>How numbers in texts are written.</summary>
    internal CsvNumber Numerals { get; init; } = CsvNumber.Plain;

    /// <summary>Something about the column that needs a decision: what it could be read as.</summary>
    internal string? Ambiguity { get; init; }

    /// <summary>Whether texts look like numbers with zeros in front.</summary>
    internal bool HasLeadingZeros { get; init; }

    /// <summary>Whether these are some rows of a longer column; <see cref="Texts"/> are then also of the others.</summary>
    internal bool IsSample { get; private init; }

    /// <summary>Whether a row has no value, or one of the longer column that this is a sample of.</summary>
    internal bool HasMissing { get => field || MissingCount > 0; private init; }

    internal int Rows => _codes.Length + _numbers.Length;

    internal ReadOnlySpan<double> Numbers => _numbers;

    internal ReadOnlySpan<int> Codes => _codes;

    internal Field this[int row] => Kind == ColumnKind.Category
        ? _codes[row] < 0 ? Field.Missing : Field.OfText(Texts[_codes[row]])
        : double.IsNaN(_numbers[row]) ? Field.Missing
        : new Field(Kind switch { ColumnKind.Number => FieldKind.Number, ColumnKind.Flag => FieldKind.Flag, _ => FieldKind.Date }, _numbers[row]);

    /// <summary>One value: a <see cref="double"/>, a <see cref="string"/>, a <see cref="bool"/> or a <see cref="DateTime"/>; null where it is missing.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public object? Value(int row)
    {
        if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(row), $"row must lie in 0 to {Rows - 1}, received {row}.");
        Field field = this[row];
        return field.Kind switch
        {
            FieldKind.Missing => null,
            FieldKind.Text => field.Text,
            FieldKind.Flag => field.Number == 1,
            FieldKind.Date => NeuralTrain.DateForm.Date(field.Number),
            _ => field.Number,
        };
    }

    /// <summary>Name and kind, as <c>age (number)</c>.</summary>
    public override string ToString() => $"{Guard.Shorten(Name)} ({Word(Kind)})";

    internal static string Word(ColumnKind kind) => kind switch
    {
        ColumnKind.Number => "number",
        ColumnKind.Category => "category",
        ColumnKind.Flag => "flag",
        _ => "date",
    };

    internal TableColumn AsSample(bool hasMissing) => Copy(_numbers, _codes, isSample: true, hasMissing);

    internal TableColumn Select(ReadOnlySpan<int> rows)
    {
        double[] numbers = Kind == ColumnKind.Category ? [] : new double[rows.Length];
        int[] codes = Kind == ColumnKind.Category ? new int[rows.Length] : [];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = _numbers[rows[i]];
        for (int i = 0; i < codes.Length; i++) codes[i] = _codes[rows[i]];
        return Copy(numbers, codes, IsSample, IsSample && HasMissing);
    }

    private TableColumn Copy(double[] numbers, int[] codes, bool isSample, bool hasMissing) => Kind == ColumnKind.Category
        ? new TableColumn(Name, codes, Texts) { Ambiguity = Ambiguity, HasLeadingZeros = HasLeadingZeros, Numerals = Numerals, IsSample = isSample, HasMissing = hasMissing }
        : new TableColumn(Name, Kind, numbers) { DateForm = DateForm, Ambiguity = Ambiguity, Numerals = Numerals, IsSample = isSample, HasMissing = hasMissing };
}
