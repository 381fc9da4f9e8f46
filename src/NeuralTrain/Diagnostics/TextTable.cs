using System.Text;

namespace NeuralTrain;

/// <summary>Lines of text in aligned columns, as wide as their longest cell.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _lines = [];
    private readonly bool[] _right;

    /// <summary>Creates a table with a line of headings; those that begin with <c>&gt;</c> stand over a column aligned to the right.</summary>
    public TextTable(params string[] headings)
    {
        _right = Array.ConvertAll(headings, heading => heading.StartsWith('>'));
        _lines.Add(Array.ConvertAll(headings, heading => heading.TrimStart('>')));
    }

    /// <summary>Adds a line.</summary>
    public void Add(params string[] cells) => _lines.Add(cells);

    /// <summary>The lines, joined by line feeds, without blanks at their ends.</summary>
    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, _right.Length).Select(column => _lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in _lines)
        {
            IEnumerable<string> cells = line.Select((cell, column) => _right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(text.Length > 0 ? "\n" : "").Append(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }
}
