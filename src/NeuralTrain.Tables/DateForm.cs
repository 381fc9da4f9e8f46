using System.Globalization;

namespace NeuralTrain;

/// <summary>How dates are written, and as what they are kept: seconds since 1970 of date and time as they are written; the time zone is left out.</summary>
internal static class DateForm
{
    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy", "dd-MM-yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "MM-dd-yyyy"];

    private static readonly string[] Times = ["", " HH:mm", " HH:mm:ss", " HH:mm:ss.FFFFFFF", "THH:mm", "THH:mm:ss", "THH:mm:ss.FFFFFFF", "THH:mm:ssK", "THH:mm:ss.FFFFFFFK"];

    /// <summary>A date and a time as seconds since 1970.</summary>
    public static double Seconds(DateTime date) => (date - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Seconds as a date.</summary>
    public static DateTime Date(double seconds) => DateTime.UnixEpoch.AddSeconds(seconds);

    /// <summary>Seconds as text, as <c>2026-11-29 01:30:00</c>, without a time that is midnight.</summary>
    public static string Text(double seconds) =>
        Date(seconds) is var date && date.TimeOfDay == default ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>All forms in which every one of these texts is a date; of two that read them all the same, the first. Empty if they are not dates.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0 || texts.Any(text => text.Length is < 8 or > 40 || !char.IsAsciiDigit(text[0]))) return [];
        var found = new List<string>();
        foreach (string day in Days)
        {
            foreach (string time in Times)
            {
                string form = day + time;
                if (texts.All(text => TryRead(text, form, out _))
                    && !found.Exists(other => texts.All(text => TryRead(text, form, out double one) && TryRead(text, other, out double two) && one == two)))
                {
                    found.Add(form);
                }
            }
        }

        return found;
    }

    /// <summary>Reads a date in one form.</summary>
    public static bool TryRead(string text, string form, out double seconds)
    {
        bool isDate = DateTimeOffset.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date);
        seconds = isDate ? Seconds(date.DateTime) : double.NaN;
        return isDate;
    }

    /// <summary>Reads a date in one form, or as ISO 8601 has it.</summary>
    public static bool TryReadAny(string text, string? form, out double seconds)
    {
        if (form is not null && TryRead(text, form, out seconds)) return true;
        foreach (string time in Times)
        {
            if (TryRead(text, Days[0] + time, out seconds)) return true;
        }

        seconds = double.NaN;
        return false;
    }
}
