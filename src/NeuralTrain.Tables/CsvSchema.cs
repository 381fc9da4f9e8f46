namespace NeuralTrain;

/// <summary>
/// What a training file taught about its columns: which are inputs, their categories and means, the classes. With it, a test file, or a single row in
/// a service, is turned into the same inputs.
/// </summary>
/// <remarks>
/// <code>
/// var schema = CsvSchema.Fit("train.csv", target: "class");
/// Dataset train = Dataset.FromCsv("train.csv", schema);
/// Dataset test = Dataset.FromCsv("test.csv", schema);
/// float[] features = schema.Row(["39", "State-gov", "77516"]);
/// </code>
/// </remarks>
public sealed class CsvSchema
{
    private readonly CsvOptions _options;
    private readonly IReadOnlyList<string> _names;
    private readonly bool _hasHeader;
    private readonly CsvInput[] _inputs;
    private readonly int[] _targets;
    private readonly int _rows;

    internal CsvSchema(
        CsvOptions options, IReadOnlyList<string> names, bool hasHeader, CsvInput[] inputs, int[] targets, string[] classes, int rows)
    {
        _options = options;
        _names = names;
        _hasHeader = hasHeader;
        _inputs = inputs;
        _targets = targets;
        _rows = rows;
        Classes = classes;
        InputNames = [.. inputs.SelectMany(input => input.InputNames)];
        InputColumns = [.. inputs.Select(input => input.Name)];
        TargetNames = [.. targets.Select(target => names[target])];
    }

    /// <summary>The names of the inputs: the column's name for a column of numbers, <c>column=category</c> for each category of the others.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The columns that are inputs, in the order in which <see cref="Row"/> takes their values.</summary>
    public IReadOnlyList<string> InputColumns { get; }

    /// <summary>The target columns.</summary>
    public IReadOnlyList<string> TargetNames { get; }

    /// <summary>The classes; empty if the targets are numbers.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Learns the columns of a training file.</summary>
    /// <param name="path">The file, plain or packed with gzip.</param>
    /// <param name="target">What is to be predicted, by name or by position: <c>"class"</c>, <c>^1</c>, <c>["Y1", "Y2"]</c>. Several are always numbers.</param>
    /// <param name="options">How the file is to be read; null, the default, for those of <see cref="CsvOptions"/>.</param>
    /// <exception cref="InvalidDataException">The file cannot be understood; the message says in which line, what was expected, and what to do.</exception>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvSchema Fit(string path, CsvColumns target, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Count == 0)
        {
            throw new ArgumentException("At least one target column is needed, received none: name what is to be predicted.", nameof(target));
        }

        options ??= new CsvOptions();
        bool isNamed = target.Concat(options.Inputs).Concat(options.Ignore).Concat(options.Categorical).Any(column => column.IsNamed);
        using var table = CsvTable.Open(path, options, isNamed);
        return new CsvFitting(table, target, options).Run();
    }

    /// <summary>The inputs of a single row, as a service gets them.</summary>
    /// <param name="values">The fields of <see cref="InputColumns"/> in that order, as a CSV file would have them.</param>
    /// <exception cref="ArgumentException">Their number is wrong, or one cannot be understood; the message says which.</exception>
    public float[] Row(params IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != _inputs.Length)
        {
            throw new ArgumentException($"{_inputs.Length} values were expected ({string.Join(", ", InputColumns.Take(20))}), received {values.Count}.", nameof(values));
        }

        float[] row = new float[InputNames.Count];
        int place = 0;
        for (int i = 0; i < _inputs.Length; i++)
        {
            string text = values[i]
                ?? throw new ArgumentException($"Column '{_inputs[i].Name}': the value is null. A missing value is an empty text, as a CSV file would have it.", nameof(values));
            text = _options.TrimSpaces ? text.Trim() : text;
            bool isMissing = _options.MissingMarkers.Contains(text, StringComparer.Ordinal);
            string? problem = isMissing && _options.Missing != MissingValues.Fill
                ? "the value is missing"
                : Write(_inputs[i], text, isMissing, row.AsSpan(place, _inputs[i].Width));
            if (problem is not null)
            {
                throw new ArgumentException($"Column '{_inputs[i].Name}': {problem}.", nameof(values));
            }

            place += _inputs[i].Width;
        }

        return row;
    }

    /// <summary>Whether a row is used; refuses it if a value is missing that must not be.</summary>
    internal static bool Keeps(CsvTable table, ReadOnlySpan<int> used, ReadOnlySpan<int> targets, CsvOptions options)
    {
        foreach (int column in used)
        {
            if (!table.IsMissing(column) || (options.Missing == MissingValues.Fill && !targets.Contains(column)))
            {
                continue;
            }

            return options.Missing == MissingValues.DropRow
                ? false
                : throw table.Wrong(column, $"the value is missing ('{table.Fields[column]}')" +
                    (options.Missing == MissingValues.Fill ? ", and it is a target, which cannot be filled in." : ".") +
                    " Correct it; or set Missing: MissingValues.DropRow leaves such rows out, MissingValues.Fill takes the mean or the most frequent category.");
        }

        return true;
    }

    /// <summary>Loads a file with these columns.</summary>
    internal Dataset Load(string path)
    {
        using var table = CsvTable.Open(path, _options with { HasHeader = _hasHeader }, isNamed: false);
        CsvInput[] inputs = [.. _inputs.Select(input => input with { Index = Find(table, input.Index) })];
        int[] targets = [.. _targets.Select(target => Find(table, target))];
        int[] used = [.. inputs.Select(input => input.Index), .. targets];
        int targetSize = Classes.Count > 0 ? Classes.Count : targets.Length;
        var inputRows = new CsvRows(InputNames.Count, _rows);
        var targetRows = new CsvRows(targetSize, _rows);
        while (table.Read())
        {
            if (!Keeps(table, used, targets, _options))
            {
                continue;
            }

            Span<float> row = inputRows.Next();
            foreach (CsvInput input in inputs)
            {
                string? problem = Write(input, table.Fields[input.Index], table.IsMissing(input.Index), row[..input.Width]);
                if (problem is not null)
                {
                    throw table.Wrong(input.Index, problem + ".");
                }

                row = row[input.Width..];
            }

            WriteTargets(table, targets, targetRows.Next());
        }

        return inputRows.Count > 0
            ? new Dataset(inputRows.ToMatrix(), targetRows.ToMatrix(), InputNames, Classes.Count > 0 ? null : TargetNames, Classes)
            : throw new InvalidDataException($"{path} has no rows to load; at least one was expected.");
    }

    // With a header, columns are found by name, so another order or further columns do no harm.
    private int Find(CsvTable table, int column)
    {
        if (!_hasHeader)
        {
            return table.Names.Count == _names.Count
                ? column
                : throw new InvalidDataException($"{table.Path} has {table.Names.Count} columns, expected {_names.Count} as the training file has.");
        }

        int found = new CsvColumn(_names[column]).FindIn(table.Names);
        return found >= 0
            ? found
            : throw new InvalidDataException($"{table.Path} has no column '{CsvTable.Shorten(_names[column])}' in its header, which the training file has.");
    }

    // The problem, if there is one.
    private string? Write(CsvInput input, string text, bool isMissing, Span<float> row)
    {
        if (input.Categories is null)
        {
            return isMissing && float.IsFinite(row[0] = input.Fill) || CsvNumber.TryRead(text, _options, out row[0])
                ? null
                : $"'{CsvTable.Shorten(text)}' is not a number, which the training file has in this column";
        }

        row.Clear();
        if (isMissing)
        {
            row[(int)input.Fill] = 1;
        }
        else if (input.Categories.TryGetValue(text, out int place))
        {
            row[place] = 1;
        }
        else if (!_options.IgnoreUnknownCategories)
        {
            return $"'{CsvTable.Shorten(text)}' is none of the {input.Categories.Count} categories of the training file. Correct it, train with it, or set IgnoreUnknownCategories";
        }

        return null;
    }

    private void WriteTargets(CsvTable table, int[] targets, Span<float> row)
    {
        if (Classes.Count > 0)
        {
            string label = table.Fields[targets[0]];
            label = _options.CleanLabel?.Invoke(label) ?? label;
            int place = -1;
            for (int i = 0; i < Classes.Count && place < 0; i++)
            {
                place = Classes[i] == label ? i : -1;
            }

            row[place >= 0
                ? place
                : throw table.Wrong(targets[0], $"the label '{CsvTable.Shorten(label)}' is none of the classes {string.Join(", ", Classes.Take(10).Select(name => $"'{name}'"))}" +
                    $"{(Classes.Count > 10 ? ", …" : "")}. Correct it, bring it into their form by CleanLabel, or train with it.")] = 1;
            return;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            if (!CsvNumber.TryRead(table.Fields[targets[i]], _options, out row[i]))
            {
                throw table.Wrong(targets[i], $"the target '{CsvTable.Shorten(table.Fields[targets[i]])}' is not a number, which the training file has here.");
            }
        }
    }
}
