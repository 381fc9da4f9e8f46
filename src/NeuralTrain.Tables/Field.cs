using System.Globalization;

namespace NeuralTrain;

/// <summary>One value of a row, whatever it comes from: a table, an object, a dictionary, JSON.</summary>
internal readonly record struct Field(FieldKind Kind, double Number = 0, string? Text = null)
{
    /// <summary>2⁵³: from here on a whole number may be another as a <see cref="double"/>, so that its digits are kept as the text too.</summary>
    public const double FirstInexact = 1L << 53;

    public static Field Missing => default;

    /// <summary>The value as messages show it.</summary>
    public override string ToString() => Kind switch
    {
        FieldKind.Missing => "nothing",
        FieldKind.Text => $"'{Guard.Shorten(Text!)}'",
        FieldKind.Flag => Number == 1 ? "true" : "false",
        FieldKind.Date => DateForm.Text(Number),
        _ => Text ?? CsvNumber.Text(Number),
    };

    public static Field OfText(string? text) => text is null ? default : new(FieldKind.Text, 0, text);

    public static Field OfNumber(double number) => double.IsNaN(number) ? default : new(FieldKind.Number, number);

    public static Field OfExact(decimal number) => Math.Abs((double)number) < FirstInexact ? OfNumber((double)number) : new(FieldKind.Number, (double)number, number.ToString("G29", CultureInfo.InvariantCulture));

    /// <summary>A number as JSON has it; null if it is too large.</summary>
    public static Field? OfDigits(string digits) =>
        !CsvNumber.TryRead(digits, out double number) ? null
        : Math.Abs(number) < FirstInexact ? OfNumber(number)
        : decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) ? OfExact(exact)
        : new(FieldKind.Number, number, digits);

    public static Field OfFlag(bool flag) => new(FieldKind.Flag, flag ? 1 : 0);

    public static Field OfDate(DateTime date) => new(FieldKind.Date, DateForm.Seconds(date));

    /// <summary>A value of one of the types that columns can have; null for one of another type.</summary>
    public static Field? Of(object? value) => value switch
    {
        null or DBNull => Missing,
        string text => OfText(text),
        double number => OfNumber(number),
        float number => OfNumber(number),
        decimal number => OfExact(number),
        int number => OfNumber(number),
        long number => OfExact(number),
        short number => OfNumber(number),
        byte number => OfNumber(number),
        sbyte number => OfNumber(number),
        ushort number => OfNumber(number),
        uint number => OfNumber(number),
        ulong number => OfExact(number),
        bool flag => OfFlag(flag),
        DateTime date => OfDate(date),
        DateTimeOffset date => OfDate(date.DateTime),
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
