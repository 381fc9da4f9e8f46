using System.Globalization;
using System.Runtime.InteropServices;

namespace NeuralTrain;

/// <summary>What the columns of a table mean: which are given to a network and how, and which it predicts.</summary>
/// <remarks>
/// <para>
/// It is inferred from a table, gives its reasons, and is changed by name. Columns of other tables are matched by name, never by position: another order is fine, a missing or
/// an additional column is refused. Numbers are scaled (<see cref="NumberScaling"/>), and a missing one becomes 0 with a 1 in a separate input. Categories become one input each, up to 8, or
/// numbers of an <see cref="Embedding"/>; one that the training data did not have is 0 in all of them, or the number 0. Flags become 1 and −1. Dates become the day and sine and cosine of season, weekday and hour.
/// </para>
/// <para>
/// A target of classes becomes one-hot rows, of two classes a single column that is 1 for the positive one. A target of numbers is standardized, after a logarithm if asked for.
/// </para>
/// <code>
/// TableSchema schema = table.InferSchema(target: "income");
/// schema["fnlwgt"].Ignore();
/// Dataset data = schema.Encode(table);
/// </code>
/// </remarks>
public sealed class TableSchema
{
    private readonly ColumnSchema[] _columns;
    private readonly Dictionary<string, ColumnSchema> _byName = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings;

    internal TableSchema(IEnumerable<(ColumnState State, string? Ambiguity)> columns, Table? source, NumberScaling scaling, IEnumerable<Finding> findings)
    {
        (Source, Scaling, _findings) = (source, scaling, [.. findings]);
        _columns = [.. columns.Select(column => new ColumnSchema(this, column.State, column.Ambiguity))];
        foreach (ColumnSchema column in _columns) _byName.Add(column.Name, column);
    }

    /// <summary>All columns, in the order of the table.</summary>
    public IReadOnlyList<ColumnSchema> Columns => _columns;

    /// <summary>The columns that are predicted.</summary>
    public IReadOnlyList<ColumnSchema> Targets => [.. _columns.Where(column => column.Role == ColumnRole.Target)];

    /// <summary>The classes of the target, of two the negative first; empty if numbers are predicted.</summary>
    public IReadOnlyList<string> Classes => Targets is [{ Kind: ColumnKind.Category } target] ? target.Categories : [];

    /// <summary>How columns of numbers are scaled. Default <see cref="NumberScaling.Robust"/>. Setting it recomputes their scales.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a value that has no name.</exception>
    /// <exception cref="InvalidOperationException">Set on the schema of a model file.</exception>
    public NumberScaling Scaling
    {
        get;
        set
        {
            if (!Enum.IsDefined(value)) throw new ArgumentOutOfRangeException(nameof(Scaling), $"Scaling must be a named value, received {value}.");
            if (_columns is not null && Source is null) throw new InvalidOperationException("The schema comes from a file and cannot be changed: its numbers belong to the network beside it. Infer one from a table.");
            field = value;
            foreach (ColumnSchema column in _columns ?? []) column.Measure();
        }
    }

    /// <summary>A column by its name.</summary>
    /// <param name="name">The name, exactly.</param>
    /// <exception cref="ArgumentException">There is no such column; the message names those there are.</exception>
    public ColumnSchema this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return _byName.GetValueOrDefault(name) ?? throw new ArgumentException($"There is no column '{Guard.Shorten(name)}'. The columns are {Table.Names(_byName.Keys)}.", nameof(name));
        }
    }

    /// <summary>What looks suspicious; errors must be settled before the schema can be used. The codes are listed in docs/tables.md.</summary>
    public IReadOnlyList<Finding> Findings =>
    [
        .. _columns.Where(column => column is { Ambiguity: not null, Role: not ColumnRole.Ignored }).Select(column => new Finding("NT101", FindingSeverity.Error,
            $"column '{Guard.Shorten(column.Name)}': {Before(column.Ambiguity!)}",
            After(column.Ambiguity!), column.Name)),
        .. _findings.Where(finding => IsOpen(finding)),
    ];

    /// <summary>The number of inputs that the columns become.</summary>
    public int InputSize => Encoders(ColumnRole.Input).Sum(encoder => encoder.Width);

    /// <summary>The table that it was inferred from; null if it comes from a file.</summary>
    internal Table? Source { get; }

    /// <summary>A schema whose scales, categories and fill values are those of these rows: infer from all rows, measure on those to train with.</summary>
    /// <remarks>The classes of a target stay, so that one that is only in other rows is still known.</remarks>
    /// <param name="train">The rows to train with.</param>
    /// <exception cref="InvalidDataException">The table does not have these columns.</exception>
    public TableSchema MeasuredOn(Table train)
    {
        CheckColumns(train, needsTargets: true);
        return new TableSchema(
            _columns.Select(column => (column.Role == ColumnRole.Ignored ? column.State : SchemaMeasure.Of(column.State, train[column.Name], keepsClasses: true, Scaling), column.Ambiguity)),
            train, Scaling, _findings);
    }

    /// <summary>The rows of a table as inputs and targets of a network, with sample weights if a column has them.</summary>
    /// <param name="table">A table with these columns, in any order.</param>
    /// <exception cref="InvalidDataException">A column is missing, unknown or undecided, or a value does not fit its column; the message names column and row.</exception>
    /// <exception cref="InvalidOperationException">No target is known, or no input.</exception>
    public Dataset Encode(Table table) => new TableEncoder(this).Encode(table);

    /// <summary>The rows of a file larger than memory as inputs and targets of a network, read again in each epoch.</summary>
    /// <param name="rows">The file, with these columns.</param>
    /// <returns>A stream with a shuffle buffer as large as the sample.</returns>
    /// <exception cref="InvalidDataException">A column is missing, unknown or undecided; or, while the file is read, a value does not fit its column.</exception>
    /// <exception cref="InvalidOperationException">No target is known, or no input, or a column is a weight, which streams do not have.</exception>
    public StreamedData Encode(StreamedTable rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Encode(this, heldOut: [], codes: null);
    }

    /// <summary>The first layer of a network for these inputs: an <see cref="Embedding"/> if a column needs one, otherwise an <see cref="Identity"/>.</summary>
    /// <param name="random">Source of the initial numbers.</param>
    public Layer InputLayer(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var embedded = new List<(int Column, int Categories, int Size)>();
        int place = 0;
        foreach (ColumnEncoder encoder in Encoders(ColumnRole.Input))
        {
            if (encoder.State.EmbeddingSize > 0) embedded.Add((place, encoder.Codes, encoder.State.EmbeddingSize));
            place += encoder.Width;
        }

        return embedded.Count == 0 ? new Identity() : new Embedding(place, random, CollectionsMarshal.AsSpan(embedded));
    }

    /// <summary>The columns as a table, and what was found.</summary>
    public override string ToString()
    {
        var lines = new TextTable("column", "kind", "role", "as", "because");
        foreach (ColumnSchema column in _columns) lines.Add(Guard.Shorten(column.Name), TableColumn.Word(column.Kind), $"{column.Role}".ToLowerInvariant(), Form(column), column.Reason);
        return string.Join('\n', Findings.Select(finding => finding.ToString()).Prepend(lines.ToString()));
    }

    internal ColumnEncoder[] Encoders(ColumnRole role) => [.. _columns.Where(column => column.Role == role).Select(column => new ColumnEncoder(column.State, Scaling))];

    /// <summary>Throws if something in the schema is still undecided.</summary>
    internal void CheckUsable()
    {
        if (Findings.Where(finding => finding.Severity == FindingSeverity.Error).ToArray() is { Length: > 0 } errors)
        {
            throw new InvalidDataException($"The schema needs a decision first: {string.Join("; and ", errors.Take(5).Select(error => error.ToString()))}{(errors.Length > 5 ? $"; and {errors.Length - 5} more" : "")}.");
        }

        IReadOnlyList<ColumnSchema> targets = Targets;
        if (targets.Count == 0) throw new InvalidOperationException("The schema has no target. Choose what is to be predicted: schema[\"…\"].Target().");
        if (!_columns.Any(column => column.Role == ColumnRole.Input)) throw new InvalidOperationException("The schema has no input: all columns are targets, weights or ignored. Take one in: schema[\"…\"].Input().");
        if (targets.Count > 1 && targets.FirstOrDefault(target => target.Kind != ColumnKind.Number) is ColumnSchema odd)
        {
            throw new InvalidOperationException($"Several targets are all numbers, but '{Guard.Shorten(odd.Name)}' is a {TableColumn.Word(odd.Kind)}. Train a model for it alone, or take it as a number: AsNumber().");
        }

        if (targets.FirstOrDefault(target => target.Kind == ColumnKind.Date) is ColumnSchema date) throw new InvalidOperationException($"The target '{Guard.Shorten(date.Name)}' is a date. Predict a number, such as the days until it.");
        if (_columns.Count(column => column.Role == ColumnRole.Weight) > 1) throw new InvalidOperationException("Two columns are weights. Leave one out: Ignore().");
    }

    /// <summary>Throws if a table lacks one of these columns, or has others.</summary>
    internal void CheckColumns(Table table, bool needsTargets)
    {
        ArgumentNullException.ThrowIfNull(table);
        string[] missing = [.. _columns.Where(column => (column.Role == ColumnRole.Input || (needsTargets && column.Role != ColumnRole.Ignored)) && table.Find(column.Name) is null).Select(column => column.Name)];
        string[] additional = [.. table.Columns.Select(column => column.Name).Where(name => !_byName.ContainsKey(name))];
        if (missing.Length + additional.Length == 0) return;
        string lacks = missing.Length > 0 ? $" It lacks {Table.Names(missing)}." : "", has = additional.Length > 0 ? $" It has {Table.Names(additional)}, which the schema does not know." : "";
        throw new InvalidDataException($"The table does not have the columns of the schema.{lacks}{has} Columns are found by their names, in any order.");
    }

    internal double Standardized(ColumnState target, double value) =>
        Scaling == NumberScaling.None && !target.IsLog ? value : ((target.IsLog ? Math.Log(value) : value) - target.Center) / (target.Scale > 0 ? target.Scale : 1);

    /// <summary>A standard score in the units of the target.</summary>
    internal double InUnits(ColumnState target, double score)
    {
        if (Scaling == NumberScaling.None && !target.IsLog) return score;
        double value = (score * (target.Scale > 0 ? target.Scale : 1)) + target.Center;
        return target.IsLog ? Math.Exp(value) : value;
    }

    // What was found about a column is settled once it is left out or was chosen on purpose.
    private bool IsOpen(Finding finding) => !_byName.TryGetValue(finding.Place, out ColumnSchema? column)
        || (!column.Reason.EndsWith("as asked", StringComparison.Ordinal) && (finding.Severity != FindingSeverity.Error || column.Role != ColumnRole.Ignored));

    private static string Before(string ambiguity) => ambiguity[..ambiguity.LastIndexOf(';')];

    private static string After(string ambiguity) => ambiguity[(ambiguity.LastIndexOf(';') + 2)..];

    private static string Form(ColumnSchema column) => column switch
    {
        { Role: ColumnRole.Ignored } => "",
        { Role: ColumnRole.Target, Kind: ColumnKind.Category } => column.Categories.Count == 2 ? $"probability of {Guard.Shorten(column.Categories[1])}" : string.Create(CultureInfo.InvariantCulture, $"{column.Categories.Count} classes"),
        { Role: ColumnRole.Target } => column.State.IsLog ? "logarithm" : "number",
        { Kind: ColumnKind.Category, EmbeddingSize: > 0 } => string.Create(CultureInfo.InvariantCulture, $"embedding {column.Categories.Count} × {column.EmbeddingSize}"),
        { Kind: ColumnKind.Category } => string.Create(CultureInfo.InvariantCulture, $"one-hot {column.Categories.Count}"),
        { Kind: ColumnKind.Date } => "parts",
        { Kind: ColumnKind.Number, Role: ColumnRole.Input } => column.State.HasMissing ? "scaled, missing flagged" : "scaled",
        _ => "",
    };
}
