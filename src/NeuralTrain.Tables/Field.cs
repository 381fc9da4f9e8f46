namespace NeuralTrain;

/// <summary>One value of a row, whatever it comes from: a table, an object, a dictionary, JSON.</summary>
internal readonly record struct Field(FieldKind Kind, double Number = 0, string? Text = null)
{
    public static Field Missing => default;

    /// <summary>The value as messages show it.</summary>
    public override string ToString() => Kind switch
    {
        FieldKind.Missing => "nothing",
        FieldKind.Text => $"'{Shorten(Text!)}'",
        FieldKind.Flag => Number == 1 ? "true" : "false",
        FieldKind.Date => DateForm.Text(Number),
        _ => CsvNumber.Text(Number),
    };

    /// <summary>A name or text as messages show it.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    public static Field OfText(string? text) => text is null ? default : new(FieldKind.Text, 0, text);

    public static Field OfNumber(double number) => double.IsNaN(number) ? default : new(FieldKind.Number, number);

    public static Field OfFlag(bool flag) => new(FieldKind.Flag, flag ? 1 : 0);

    public static Field OfDate(DateTime date) => new(FieldKind.Date, DateForm.Seconds(date));

    /// <summary>A value of one of the types that columns can have; null for one of another type.</summary>
    public static Field? Of(object? value) => value switch
    {
        null or DBNull => Missing,
        string text => OfText(text),
        double number => OfNumber(number),
        float number => OfNumber(number),
        decimal number => OfNumber((double)number),
        int number => OfNumber(number),
        long number => OfNumber(number),
        short number => OfNumber(number),
        byte number => OfNumber(number),
        sbyte number => OfNumber(number),
        ushort number => OfNumber(number),
        uint number => OfNumber(number),
        ulong number => OfNumber(number),
        bool flag => OfFlag(flag),
        DateTime date => OfDate(date),
        DateTimeOffset date => OfDate(date.UtcDateTime),
        DateOnly date => OfDate(date.ToDateTime(default)),
        TimeSpan time => OfNumber(time.TotalSeconds),
        TimeOnly time => OfNumber(time.ToTimeSpan().TotalSeconds),
        Enum name => OfText(name.ToString()),
        char letter => OfText(letter.ToString()),
        Guid id => OfText(id.ToString()),
        _ => null,
    };
}

/// <summary>What a field holds.</summary>
internal enum FieldKind
{
    Missing,
    Number,
    Text,
    Flag,
    Date,
}
