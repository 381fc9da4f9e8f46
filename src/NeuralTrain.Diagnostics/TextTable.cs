namespace NeuralTrain;

/// <summary>Lines of text in aligned columns, as wide as their longest cell.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _lines = [];
    private readonly bool[] _right;

    /// <summary>Creates a table with a line of headings; those that begin with <c>&gt;</c> head a column aligned to the right.</summary>
    public TextTable(params string[] headings)
    {
        _right = Array.ConvertAll(headings, heading => heading.StartsWith('>'));
        _lines.Add(Array.ConvertAll(headings, heading => heading.StartsWith('>') ? heading[1..] : heading));
    }

    /// <summary>Adds a line.</summary>
    public void Add(params string[] cells) => _lines.Add(cells);

    /// <summary>The lines, joined by line feeds, without blanks at their ends.</summary>
    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, _right.Length).Select(column => _lines.Max(line => line[column].Length))];
        return string.Join('\n', _lines.Select(line => string.Join(
            "  ", line.Select((cell, column) => _right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()));
    }
}

/// <summary>Measured numbers as messages and tables show them: three significant digits.</summary>
internal static class Digits
{
    /// <summary>As <c>315</c>, <c>20300</c>, <c>0.0123</c>; with an exponent only where there would be many zeros.</summary>
    public static string Three(double value)
    {
        double size = Math.Abs(value);
        if (size is not (>= 1e-4 and < 1e7)) return $"{value:g3}";

        int places = 2 - (int)Math.Floor(Math.Log10(size));
        double scale = Math.Pow(10, Math.Max(-places, 0));
        return $"{(places >= 0 ? Math.Round(value, Math.Min(places, 15)) : Math.Round(value / scale) * scale):0.######}";
    }
}
