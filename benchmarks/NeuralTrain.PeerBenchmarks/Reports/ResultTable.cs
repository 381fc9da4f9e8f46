using System.Text;
using Spectre.Console;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>A table that goes to the screen and, as Markdown, into the results file.</summary>
internal sealed class ResultTable(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Whether anything was measured for it.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Adds a row; the first cell is its name.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"'{title}' has {columns.Length} columns, received {cells.Length} cells.", nameof(cells));
        }

        _rows.Add(cells);
    }

    /// <summary>Prints it.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Simple };
        for (int i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i])).NoWrap();
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (string[] row in _rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    /// <summary>Writes it as Markdown.</summary>
    public void Write(StringBuilder text)
    {
        text.Append($"## {title}\n\n");
        text.Append($"| {string.Join(" | ", columns)} |\n");
        text.Append($"|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length - 1))}\n");
        foreach (string[] row in _rows)
        {
            text.Append($"| {string.Join(" | ", row)} |\n");
        }

        text.Append('\n');
    }
}
