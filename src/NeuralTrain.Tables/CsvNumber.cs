using System.Globalization;
using System.Text;

namespace NeuralTrain;

/// <summary>How a number is written.</summary>
internal enum NumberForm
{
    /// <summary>Not a number.</summary>
    None,

    /// <summary>A number in its shortest form, so that its text can be made again from its value.</summary>
    Shortest,

    /// <summary>A number with more than it needs: zeros at the end, an exponent, a plus.</summary>
    Longer,

    /// <summary>Zeros before the first digit, as in <c>007</c>: more likely a label than a quantity.</summary>
    LeadingZeros,
}

/// <summary>Reads numbers from bytes: digits with one decimal sign and, if allowed, separators of thousands.</summary>
internal sealed class CsvNumber(char point = '.', char? thousands = null)
{
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    // With 19 digits the mantissa still fits.
    private const int MaxDigits = 19;

    private readonly NumberFormatInfo _format = new() { NumberDecimalSeparator = $"{point}", NumberGroupSeparator = "" };

    /// <summary>Numbers with a decimal point and nothing else.</summary>
    public static CsvNumber Plain { get; } = new();

    public char Point => point;

    public char? Thousands => thousands;

    /// <summary>How a number looks, for messages.</summary>
    public string Example => $"1{thousands}234{point}5";

    /// <summary>A number as text in its shortest form, with a point.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Reads a text with a decimal point and nothing else.</summary>
    public static bool TryRead(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>Writes a number that names a category: with this decimal sign, and without an exponent as long as that is exact.</summary>
    public string Label(double value) =>
        Math.Abs(value) < Field.FirstInexact && Math.Floor(value) == value ? ((long)value).ToString(CultureInfo.InvariantCulture) : Text(value).Replace('.', point);

    /// <summary>Reads a text with or without spaces around it.</summary>
    public bool TryReadText(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        text = text.Trim();
        if (text.Length > 512) return false;
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Read(bytes, out value) != NumberForm.None;
    }

    /// <summary>Reads a field.</summary>
    public NumberForm Read(ReadOnlySpan<byte> text, out double value)
    {
        // A mantissa below 2⁵³ divided by a power of ten up to 10²² is rounded once, so correctly.
        ulong mantissa = 0;
        int i = text.Length > 0 && text[0] == '-' ? 1 : 0, digits = 0, decimals = -1, first = i;
        for (; i < text.Length; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit <= 9)
            {
                if (digits++ > MaxDigits) break;
                mantissa = (10 * mantissa) + digit;
                if (decimals >= 0) decimals++;
            }
            else if (text[i] == point && decimals < 0)
            {
                decimals = 0;
            }
            else
            {
                break;
            }
        }

        if (i < text.Length || digits == 0 || mantissa > 1UL << 53 || digits > MaxDigits) return ReadSlowly(text, out value);
        value = mantissa / Powers[Math.Max(decimals, 0)];
        if (first == 1) value = -value;
        int whole = digits - Math.Max(decimals, 0);
        if (whole > 1 && text[first] == '0') return NumberForm.LeadingZeros;
        return Math.Abs(value) is > 0 and (< 1e-4 or >= 1e15) || whole == 0 || decimals == 0 || (decimals > 0 && text[^1] == '0') || (mantissa == 0 && first == 1) ? NumberForm.Longer : NumberForm.Shortest;
    }

    private NumberForm ReadSlowly(ReadOnlySpan<byte> text, out double value)
    {
        if (thousands is char separator && text.Contains((byte)separator))
        {
            byte[] plain = new byte[64];
            int length = text.Length <= plain.Length ? WithoutGroups(text, (byte)separator, plain) : 0;
            text = plain.AsSpan(0, length);
        }

        return double.TryParse(text, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite), _format, out value) && double.IsFinite(value)
            ? NumberForm.Longer : NumberForm.None;
    }

    // 1 to 3 digits, then groups of 3 up to the decimal sign; 0, which is not a number, for anything else.
    private static int WithoutGroups(ReadOnlySpan<byte> text, byte separator, Span<byte> plain)
    {
        int length = 0, inGroup = 0, groups = 0;
        bool isWhole = true;
        foreach (byte letter in text)
        {
            if (letter == separator)
            {
                if (!isWhole || (groups == 0 ? inGroup is < 1 or > 3 : inGroup != 3)) return 0;
                (inGroup, groups) = (0, groups + 1);
                continue;
            }

            if (isWhole && !char.IsAsciiDigit((char)letter) && length > 0)
            {
                if (inGroup != 3) return 0;
                isWhole = false;
            }

            inGroup += char.IsAsciiDigit((char)letter) ? 1 : 0;
            plain[length++] = letter;
        }

        return isWhole && inGroup != 3 ? 0 : length;
    }
}
