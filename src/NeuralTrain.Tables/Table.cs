using System.Text;

namespace NeuralTrain;

/// <summary>Rows of named columns: numbers, texts, flags and dates, some of them missing, from a CSV file, a query or objects.</summary>
/// <remarks>
/// Columns are kept compactly, a number as a <see cref="double"/> and a text as the number of its category, and never change. A <see cref="TableSchema"/> says
/// what they mean for a network.
/// <code>
/// Table table = Table.FromCsv("adult.csv");
/// TableSchema schema = table.InferSchema(target: "income");
/// var (train, test) = table.Split(0.8, random, stratifyBy: "income");
/// </code>
/// </remarks>
public sealed partial class Table
{
    private readonly Dictionary<string, TableColumn> _byName = new(StringComparer.Ordinal);
    private readonly string _source;

    internal Table(IReadOnlyList<TableColumn> columns, int rows, string source)
    {
        (Columns, Rows, _source) = (columns, rows, source);
        foreach (TableColumn column in columns)
        {
            if (!_byName.TryAdd(column.Name, column))
            {
                throw new InvalidDataException($"{source}: the column name '{Guard.Shorten(column.Name)}' occurs twice. Give each column a different name.");
            }
        }
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>A column by its name.</summary>
    /// <param name="name">The name, exactly.</param>
    /// <exception cref="ArgumentException">There is no such column; the message names those there are.</exception>
    public TableColumn this[string name] => Find(name) ?? throw new ArgumentException(
        $"There is no column '{Guard.Shorten(name)}'. The columns are {Names(Columns.Select(column => column.Name))}.", nameof(name));

    /// <summary>A new table of some of the rows.</summary>
    /// <param name="rows">The rows, in their new order; a row may come several times.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not in this table.</exception>
    public Table Select(ReadOnlySpan<int> rows)
    {
        int wrong = rows.IndexOfAnyExceptInRange(0, Rows - 1);
        if (wrong >= 0) throw new ArgumentOutOfRangeException(nameof(rows), $"The rows must lie in 0 to {Rows - 1}, received {rows[wrong]}.");
        var columns = new TableColumn[Columns.Count];
        for (int i = 0; i < columns.Length; i++) columns[i] = Columns[i].Select(rows);
        return new Table(columns, rows.Length, _source);
    }

    /// <summary>A new table without the rows in which these columns have no value.</summary>
    /// <param name="columns">The columns; none for all.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Table DropMissing(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        TableColumn[] asked = columns.Count == 0 ? [.. Columns] : [.. columns.Select(name => this[name])];
        return Select([.. Enumerable.Range(0, Rows).Where(row => asked.All(column => column[row].Kind != FieldKind.Missing))]);
    }

    /// <summary>Splits the rows at random into two new tables: <c>var (train, test) = table.Split(0.8, random, stratifyBy: "income")</c>.</summary>
    /// <param name="fraction">The fraction that goes to the first, in (0, 1).</param>
    /// <param name="random">The generator the rows are drawn with: the same seed gives the same split.</param>
    /// <param name="stratifyBy">A column by whose values to stratify (each is split by this fraction, to within a row), usually the target; null (the default) for none.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">There are fewer than two rows.</exception>
    public (Table Train, Table Test) Split(double fraction, Random random, string? stratifyBy = null)
    {
        (int[] first, int[] second) = SplitRows(fraction, random, stratifyBy);
        return (Select(first), Select(second));
    }

    /// <summary>Divides the rows at random into k folds, each held out once while the rest is trained on.</summary>
    /// <param name="count">k, 2 to the number of rows.</param>
    /// <param name="random">The generator the parts are drawn with: the same seed gives the same folds.</param>
    /// <param name="stratifyBy">A column whose values are spread evenly over the parts, usually the target; null (the default) for none.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many rows, or the count is below 2.</exception>
    public IReadOnlyList<(Table Train, Table Validation)> Folds(int count, Random random, string? stratifyBy = null) =>
        [.. FoldRows(count, random, stratifyBy).Select(rows => (Select(rows.Train), Select(rows.Validation)))];

    /// <summary>A new table in which the texts of a column are changed, as <c>table.ReplaceText("income", text => text.TrimEnd('.'))</c>.</summary>
    /// <param name="column">A column of texts.</param>
    /// <param name="change">Called once for each different text; null makes it a missing value.</param>
    /// <exception cref="ArgumentException">There is no such column, or it has no texts.</exception>
    public Table ReplaceText(string column, Func<string, string?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        TableColumn old = this[column];
        if (old.Kind != ColumnKind.Category) throw new ArgumentException($"Column '{Guard.Shorten(column)}' holds {TableColumn.Word(old.Kind)}s, no texts.", nameof(column));
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] codes = [.. old.Texts.Select(text => change(text) is not string changed ? -1 : places.TryGetValue(changed, out int code) ? code : places[changed] = places.Count)];
        var changed = new TableColumn(column, Array.ConvertAll(old.Codes.ToArray(), code => code < 0 ? -1 : codes[code]), [.. places.Keys]) { Numerals = old.Numerals };
        return new Table([.. Columns.Select(one => one.Name == column ? changed : one)], Rows, _source);
    }

    /// <summary>How the table was read, and its columns, one a line.</summary>
    public override string ToString()
    {
        var lines = new StringBuilder().Append(FormattableString.Invariant($"{Rows} rows of {Columns.Count} columns from {_source}"));
        const int MaxShown = 100;
        foreach (TableColumn column in Columns.Take(MaxShown))
        {
            lines.Append(FormattableString.Invariant($"\n  {Guard.Shorten(column.Name)}: {TableColumn.Word(column.Kind)}"));
            if (column.Kind == ColumnKind.Category) lines.Append(FormattableString.Invariant($", {column.Texts.Count} different"));
            if (column.MissingCount > 0) lines.Append(FormattableString.Invariant($", {column.MissingCount} missing"));
        }

        if (Columns.Count > MaxShown) lines.Append(FormattableString.Invariant($"\n  and {Columns.Count - MaxShown} more"));
        return lines.ToString();
    }

    internal TableColumn? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.GetValueOrDefault(name);
    }

    internal (int[] First, int[] Second) SplitRows(double fraction, Random random, string? stratifyBy)
    {
        if (fraction is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(fraction), $"fraction must lie in (0, 1), received {fraction}. It is the size of the first part, such as 0.8.");
        if (Rows < 2) throw new InvalidOperationException($"A table of {Rows} rows cannot be split: both parts need at least one.");
        int[] order = Dealt(random, stratifyBy);

        // Row by row along the groups, so that each group and the whole are split by the fraction.
        ILookup<bool, int> parts = Enumerable.Range(0, Rows).ToLookup(i => Math.Round((i + 1) * fraction) > Math.Round(i * fraction), i => order[i]);
        (int[] first, int[] second) = ([.. parts[true]], [.. parts[false]]);
        if (first.Length == 0 || second.Length == 0) (first, second) = first.Length == 0 ? (order[..1], order[1..]) : (order[..^1], order[^1..]);
        random.Shuffle(first);
        random.Shuffle(second);
        return (first, second);
    }

    internal IEnumerable<(int[] Train, int[] Validation)> FoldRows(int count, Random random, string? stratifyBy)
    {
        if (count < 2 || count > Rows) throw new ArgumentOutOfRangeException(nameof(count), $"count must lie in 2 to the number of rows, {Rows}, received {count}.");
        int[] order = Dealt(random, stratifyBy), fold = new int[Rows];
        for (int i = 0; i < order.Length; i++) fold[order[i]] = i % count;
        random.Shuffle(order);
        return Enumerable.Range(0, count).Select(held => (Array.FindAll(order, row => fold[row] != held), Array.FindAll(order, row => fold[row] == held)));
    }

    /// <summary>A few names as messages list them.</summary>
    internal static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        const int MaxShown = 20;
        return string.Join(", ", all.Take(MaxShown).Select(name => $"'{Guard.Shorten(name)}'")) + (all.Length > MaxShown ? $", and {all.Length - MaxShown} more" : "");
    }

    // The rows in random order, those of one value of the column together.
    private int[] Dealt(Random random, string? stratifyBy)
    {
        ArgumentNullException.ThrowIfNull(random);
        int[] order = [.. Enumerable.Range(0, Rows)];
        random.Shuffle(order);
        if (stratifyBy is null) return order;
        TableColumn column = this[stratifyBy];
        return [.. column.Kind == ColumnKind.Category ? order.OrderBy(row => column.Codes[row]) : order.OrderBy(row => column.Numbers[row])];
    }
}
