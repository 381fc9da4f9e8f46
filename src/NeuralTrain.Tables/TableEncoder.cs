namespace NeuralTrain;

/// <summary>Turns the rows of tables into inputs, targets and weights, as a schema says.</summary>
internal sealed class TableEncoder
{
    private readonly TableSchema _schema;
    private readonly ColumnEncoder[] _inputs, _targets;
    private readonly ColumnEncoder? _weight;
    private readonly bool _isBinary;

    /// <summary>Prepares it.</summary>
    /// <param name="schema">What the columns mean; nothing in it is undecided.</param>
    /// <param name="oneHot">Whether two classes are two columns of the targets instead of one.</param>
    public TableEncoder(TableSchema schema, bool oneHot = false)
    {
        schema.CheckUsable();
        _schema = schema;
        _inputs = schema.Encoders(ColumnRole.Input);
        _targets = schema.Encoders(ColumnRole.Target);
        _weight = schema.Encoders(ColumnRole.Weight).SingleOrDefault();
        _isBinary = schema.Classes.Count == 2 && !oneHot;
        InputSize = _inputs.Sum(encoder => encoder.Width);
        TargetSize = schema.Classes.Count > 0 && !_isBinary ? schema.Classes.Count : _targets.Length;
        string[] names = [.. _inputs.SelectMany(encoder => encoder.Names)];

        // 'a' with the category 'b=c' and 'a=b' with 'c' would give the same name: the quotes show where that of the column ends.
        bool isAmbiguous = names.Distinct(StringComparer.Ordinal).Count() < names.Length;
        InputNames = isAmbiguous ? [.. _inputs.SelectMany(encoder => encoder.Names.Select(name => $"'{encoder.Name.Replace("'", "''", StringComparison.Ordinal)}'{name[encoder.Name.Length..]}"))] : names;
        TargetNames = schema.Classes.Count == 0 ? [.. _targets.Select(target => target.Name)] : _isBinary ? [$"{_targets[0].Name}={schema.Classes[1]}"] : null;
        Classes = schema.Classes.Count > 0 && !_isBinary ? schema.Classes : null;
    }

    public int InputSize { get; }

    public int TargetSize { get; }

    /// <summary>The names of the inputs, all different.</summary>
    public IReadOnlyList<string> InputNames { get; }

    public IReadOnlyList<string>? TargetNames { get; }

    public IReadOnlyList<string>? Classes { get; }

    public bool HasWeights => _weight is not null;

    /// <summary>Inputs, targets and weights of all rows.</summary>
    /// <exception cref="InvalidDataException">A value does not fit its column.</exception>
    public Dataset Encode(Table table, List<(int Row, string Column, Novelty Kind)>? novelties = null)
    {
        _schema.CheckColumns(table, needsTargets: true);
        return new Dataset(Inputs(table, 0, novelties), Targets(table), InputNames, TargetNames, Classes, Weights(table));
    }

    /// <summary>The inputs of the rows of a table.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="firstRow">What number messages give the first of them.</param>
    /// <param name="novelties">Receives what is unlike the training data; null if it is not needed.</param>
    public Matrix Inputs(Table table, long firstRow = 0, List<(int Row, string Column, Novelty Kind)>? novelties = null)
    {
        var inputs = new Matrix(table.Rows, InputSize);
        int place = 0;
        foreach (ColumnEncoder encoder in _inputs)
        {
            TableColumn column = table[encoder.Name];
            for (int row = 0; row < table.Rows; row++)
            {
                if (encoder.Write(column[row], inputs.Row(row).Slice(place, encoder.Width), out Novelty novelty) is string problem)
                {
                    throw new InvalidDataException($"Column '{Guard.Shorten(encoder.Name)}', row {firstRow + row} (from 0), {problem}.");
                }

                if (novelty != Novelty.None) novelties?.Add((row, encoder.Name, novelty));
            }

            place += encoder.Width;
        }

        return inputs;
    }

    /// <summary>The targets of the rows of a table: a class as a place, a number as a standard score.</summary>
    public Matrix Targets(Table table, long firstRow = 0)
    {
        var targets = new Matrix(table.Rows, TargetSize);
        for (int i = 0; i < _targets.Length; i++)
        {
            (ColumnEncoder encoder, TableColumn column) = (_targets[i], table[_targets[i].Name]);
            for (int row = 0; row < table.Rows; row++)
            {
                Field field = column[row];
                string? problem = null;
                if (field.Kind == FieldKind.Missing) problem = $"has no value. Leave such rows out: table.DropMissing(\"{Guard.Shorten(encoder.Name)}\")";
                else if (encoder.State.Kind == ColumnKind.Category)
                {
                    int label = encoder.PlaceOf(field);
                    if (label < 0) problem = $"is {field}, which is none of the classes {Table.Names(_schema.Classes)}";
                    else if (_isBinary) targets[row, 0] = label;
                    else targets[row, label] = 1;
                }
                else if (!encoder.TryNumber(field, out double value)) problem = encoder.Expectation(field);
                else if (encoder.State.IsLog && value <= 0) problem = $"is {field}, and the logarithm needs numbers greater than 0";
                else targets[row, i] = (float)_schema.Standardized(encoder.State, value);
                if (problem is not null) throw new InvalidDataException($"Target '{Guard.Shorten(encoder.Name)}', row {firstRow + row} (from 0), {problem}.");
            }
        }

        return targets;
    }

    private float[] Weights(Table table)
    {
        if (_weight is null) return [];
        TableColumn column = table[_weight.Name];
        _ = SchemaMeasure.Of(_weight.State, column, keepsClasses: true);
        return [.. Enumerable.Range(0, table.Rows).Select(row => _weight.TryNumber(column[row], out double value) ? (float)value : 0)];
    }
}

/// <summary>In what a value is unlike those of the training data.</summary>
internal enum Novelty
{
    None,

    /// <summary>A category that they did not have.</summary>
    UnknownCategory,

    /// <summary>A number or a date far from theirs, or no value where they always had one.</summary>
    Unfamiliar,
}
