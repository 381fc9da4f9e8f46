using System.Globalization;

namespace NeuralTrain;

/// <summary>Checks of hyper-parameters and the words of messages, so that every error reads the same: name, what is allowed, what was received, what to do.</summary>
internal static class Guard
{
    /// <summary>Refuses numbers below a minimum.</summary>
    public static int AtLeast(int value, int least, string name, string why) =>
        value >= least ? value : throw Refusal(value, name, $"be {least} or more", $"{why}.", ": ");

    /// <summary>Refuses a value that the enumeration does not define.</summary>
    public static T Defined<T>(T value, string name)
        where T : struct, Enum => Enum.IsDefined(value) ? value : throw Refusal(value, name, $"be one of {string.Join(", ", Enum.GetNames<T>())}", "", ".");

    /// <summary>Refuses sample weights that are not one finite number of 0 or more for each row.</summary>
    public static void Weights(ReadOnlySpan<float> weights, int rows, string name)
    {
        if (weights.Length != rows) throw new ArgumentException($"The sample weights must match the rows: expected {rows}, received {weights.Length}. Give one for each, or none.", name);
        int wrong = weights.IndexOfAnyExceptInRange(0, float.MaxValue);
        if (wrong >= 0) throw new ArgumentException($"A sample weight must be a finite number of 0 or more, received {weights[wrong]} for row {wrong}.", name);
    }

    /// <summary>Refuses what is not a finite number greater than 0.</summary>
    public static double Positive(double value, string name, string remedy) =>
        double.IsFinite(value) && value > 0 ? value : throw Refusal(value, name, "be a finite number greater than 0", remedy);

    /// <summary>Refuses what is not a finite number of 0 or more.</summary>
    public static double NotNegative(double value, string name, string remedy) =>
        double.IsFinite(value) && value >= 0 ? value : throw Refusal(value, name, "be a finite number of 0 or more", remedy);

    /// <summary>Refuses what is not a finite number.</summary>
    public static double Finite(double value, string name, string remedy) =>
        double.IsFinite(value) ? value : throw Refusal(value, name, "be a finite number", remedy);

    /// <summary>Refuses what is not a finite number greater than 0 after rounding to float32, the type of the computation.</summary>
    public static double PositiveFloat(double value, string name, string remedy) =>
        (float)Positive(value, name, remedy) > 0
            ? AtMostFloat(value, float.MaxValue, name, remedy)
            : throw Refusal(value, name, "be greater than 0 as float32, in which it enters the computation", $"which is 0 there. {remedy}", ", ");

    /// <summary>Refuses what is not a finite number of 0 or more after rounding it, or a multiple of it, to float32, the type of the computation.</summary>
    public static double NotNegativeFloat(double value, string name, string remedy, int times = 1) =>
        AtMostFloat(NotNegative(value, name, remedy), (double)float.MaxValue / times, name, remedy);

    /// <summary>Refuses what does not lie in [0, 1), also after rounding to float32, the type of the computation.</summary>
    public static double FractionFloat(double value, string name, string remedy) =>
        (float)InHalfOpen(value, 0, 1, name, remedy) < 1
            ? value
            : throw Refusal(value, name, "lie in [0, 1) as float32, in which it enters the computation", $"which is 1 there. {remedy}", ", ");

    /// <summary>Refuses what does not lie in [low, high).</summary>
    public static double InHalfOpen(double value, double low, double high, string name, string remedy) =>
        value >= low && value < high ? value : throw Refusal(value, name, $"lie in [{low}, {high})", remedy);

    /// <summary>Refuses what does not lie in (low, high).</summary>
    public static double InOpen(double value, double low, double high, string name, string remedy) => value > low && value < high
        ? value
        : throw Refusal(value, name, $"lie in ({low}, {high})", remedy);

    /// <summary>Refuses what does not lie in (low, high].</summary>
    public static double InOpenClosed(double value, double low, double high, string name, string remedy) => value > low && value <= high
        ? value
        : throw Refusal(value, name, $"lie in ({low}, {high}]", remedy);

    /// <summary>A number with its noun, as <c>1 target</c> and <c>2 targets</c>.</summary>
    public static string Counted(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A text from elsewhere, such as a file, for messages: short, and on one line; control and format characters are shown as their code, as <c>\u000a</c>.</summary>
    public static string Shorten(string text, int most = 60)
    {
        // A surrogate pair is not cut in two.
        if (text.Length > most && char.IsHighSurrogate(text[most - 1])) most--;
        string line = string.Concat(text.Take(most).Select(letter => char.GetUnicodeCategory(letter)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? $"\\u{(int)letter:x4}" : $"{letter}"));
        return text.Length <= most ? line : line + "…";
    }

    /// <summary>Such texts as a list for messages: <c>'a', 'b', … (40)</c>.</summary>
    public static string Names(IReadOnlyCollection<string> names, int most = 30, string quote = "'") =>
        string.Join(", ", names.Take(most).Select(name => quote + Shorten(name) + quote)) + (names.Count > most ? $", … ({names.Count})" : "");

    private static double AtMostFloat(double value, double most, string name, string remedy) => value <= most
        ? value
        : throw Refusal(value, name, $"be {most} or less", $"beyond, it is infinite in float32, in which it enters the computation. {remedy}", ": ");

    // Without the actual value, which the framework would write a second time, and in the current culture.
    private static ArgumentOutOfRangeException Refusal<T>(T value, string name, string expected, string rest, string separator = ". ") =>
        new(name, $"{name} must {expected}, received {value}{separator}{rest}");
}
