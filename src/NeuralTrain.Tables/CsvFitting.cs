namespace NeuralTrain;

/// <summary>The pass over a training file that learns its columns, categories, classes and means.</summary>
internal sealed class CsvFitting
{
    private readonly CsvTable _table;
    private readonly CsvOptions _options;
    private readonly int[] _inputs;
    private readonly int[] _targets;
    private readonly ColumnSurvey[] _surveys;
    private readonly ColumnSurvey _labels;

    public CsvFitting(CsvTable table, CsvColumns targets, CsvOptions options)
    {
        _table = table;
        _options = options;
        _targets = [.. targets.Select(Find)];
        int[] ignored = [.. options.Ignore.Select(Find)];
        _inputs = options.Inputs.Count > 0
            ? [.. options.Inputs.Select(Find)]
            : [.. Enumerable.Range(0, table.Names.Count).Except(_targets).Except(ignored)];
        if (_inputs.Length == 0 || _inputs.Concat(_targets).Distinct().Count() != _inputs.Length + _targets.Length)
        {
            throw new ArgumentException(
                $"A column of {table.Path} is asked for twice, or none is left as input: there are {table.Names.Count} columns, of which " +
                $"{targets} are targets. A target cannot be an input.",
                nameof(options));
        }

        _surveys = [.. table.Names.Select(_ => new ColumnSurvey(options.MaxCategories))];
        _labels = new ColumnSurvey(options.MaxCategories);
    }

    public CsvSchema Run()
    {
        int rows = 0;
        int[] used = [.. _inputs, .. _targets];
        while (_table.Read())
        {
            if (!CsvSchema.Keeps(_table, used, _targets, _options))
            {
                continue;
            }

            rows++;
            foreach (int column in used)
            {
                if (!_table.IsMissing(column))
                {
                    _surveys[column].Add(_table, _table.Fields[column]);
                }
            }

            string label = _table.Fields[_targets[0]];
            _labels.Add(_table, _options.CleanLabel?.Invoke(label) ?? label);
        }

        if (rows == 0)
        {
            throw new InvalidDataException(
                $"{_table.Path} has no rows{(_table.HasHeader ? " below its header" : "")}{(_options.Missing == MissingValues.DropRow ? " without missing values" : "")}; at least one was expected.");
        }

        int[] categorical = [.. _options.Categorical.Select(Find)];
        CsvInput[] inputs = [.. _inputs.Select(column => Input(column, categorical.Contains(column)))];
        return new CsvSchema(_options, _table.Names, _table.HasHeader, inputs, _targets, Classes(), rows);
    }

    private CsvInput Input(int column, bool isCategorical)
    {
        ColumnSurvey survey = _surveys[column];
        string name = _table.Names[column];
        if (!survey.HasText && !isCategorical)
        {
            return survey.HasNumbers
                ? new CsvInput(name, column, null, (float)survey.Mean)
                : throw new InvalidDataException($"{_table.Path}: column '{name}' has no value in any row. Leave it out: Ignore.");
        }

        if (!isCategorical)
        {
            const string Otherwise = "name the column in Categorical if these are categories";
            RefuseAmbiguous(survey, name, Otherwise);
            RefuseSpellings(survey, name, Otherwise);
            if (survey.Texts.FirstOrDefault(text => bool.TryParse(text, out _)) is string truth)
            {
                throw new InvalidDataException($"{_table.Path}, column '{CsvTable.Shorten(name)}': '{truth}' is a truth value. Write 1 and 0; or {Otherwise}.");
            }
        }

        if (survey.HasNumbers && survey.HasText && !isCategorical)
        {
            throw NoNumber(survey, name, "name the column in Categorical if its values are categories, or add it to MissingMarkers if it stands for a missing value");
        }

        if (survey.HasTooMany)
        {
            throw new InvalidDataException(
                $"{_table.Path}: column '{name}' has more than {_options.MaxCategories} different texts, as '{CsvTable.Shorten(survey.Texts.First())}'. Leave it out (Ignore) if they are names, or raise MaxCategories.");
        }

        string[] categories = LabelOrder.Sort(survey.Texts);
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (string category in categories)
        {
            places.Add(category, places.Count);
        }

        return new CsvInput(name, column, places, places[survey.MostFrequent]);
    }

    // A text that is read as another category, but might be a number, a date or a typing error, would train to something plausible and wrong.
    private void RefuseAmbiguous(ColumnSurvey survey, string name, string otherwise)
    {
        if (survey.Ambiguous is (string text, long line, string remedy))
        {
            throw new InvalidDataException($"{_table.Path}, line {line}, column '{CsvTable.Shorten(name)}': '{CsvTable.Shorten(text)}' {remedy}; or {otherwise}.");
        }
    }

    private void RefuseSpellings(ColumnSurvey survey, string name, string otherwise)
    {
        if (survey.SameButForCase is [string one, string other])
        {
            throw new InvalidDataException(
                $"{_table.Path}, column '{CsvTable.Shorten(name)}': '{CsvTable.Shorten(one)}' and '{CsvTable.Shorten(other)}' differ only in upper and lower case. Write them the same way; or {otherwise}.");
        }
    }

    // Empty if the targets are numbers.
    private string[] Classes()
    {
        ColumnSurvey target = _surveys[_targets[0]];
        string name = _table.Names[_targets[0]];
        if (_options.Classification is null && _options.Classes.Count == 0)
        {
            foreach (int column in _targets) RefuseAmbiguous(_surveys[column], _table.Names[column], "set Classification = true if it is a class");
        }

        bool areClasses = _options.Classification ?? (_options.Classes.Count > 0 || (_targets.Length == 1 && target.HasText));
        if (!areClasses)
        {
            foreach (int column in _targets)
            {
                if (_surveys[column].HasText)
                {
                    throw NoNumber(_surveys[column], _table.Names[column], _targets.Length > 1 ? "several targets are predicted as numbers" : "leave Classification out if it is a class");
                }
            }

            return [];
        }

        if (_targets.Length > 1)
        {
            throw new ArgumentException($"Classes are one target column, received {_targets.Length}. Load a data set for each.", nameof(_options.Classification));
        }

        // Numbers with a typing error among them are not classes: there would be one for each different number.
        if (_options.Classification is null && _options.Classes.Count == 0 && target.HasNumbers)
        {
            throw NoNumber(target, name, "set Classification = true if it is a class");
        }

        if (_options.Classes.Count == 0 && (_labels.HasTooMany || _labels.Texts.Count() < 2))
        {
            throw new InvalidDataException(
                $"{_table.Path}: target '{name}' has {(_labels.HasTooMany ? $"more than {_options.MaxCategories} classes" : $"the single class '{CsvTable.Shorten(_labels.Texts.First())}'")}; " +
                $"2 to {_options.MaxCategories} were expected. Is it the right column? Numbers are predicted as such unless Classification = true; MaxCategories is the limit.");
        }

        if (_options.Classes.Count == 0) RefuseSpellings(_labels, name, "bring them into one form by CleanLabel, or list the Classes");
        return _options.Classes.Count > 0 ? [.. _options.Classes] : LabelOrder.Sort(_labels.Texts);
    }

    private InvalidDataException NoNumber(ColumnSurvey survey, string name, string remedy) => new(
        $"{_table.Path}, line {survey.FirstText.Line}, column '{name}': '{CsvTable.Shorten(survey.FirstText.Text)}' is not a number, but other rows have numbers here. Correct it; or {remedy}.");

    private int Find(CsvColumn column) => column.FindIn(_table.Names) is int index and >= 0
        ? index
        : throw new ArgumentException(
            $"{_table.Path} has no column {column}. It has {_table.Names.Count}: {string.Join(", ", _table.Names.Take(20).Select(name => $"'{CsvTable.Shorten(name)}'"))}" +
            $"{(_table.Names.Count > 20 ? ", …" : "")}. Without a header give ColumnNames, or choose by position: 0 is the first, ^1 the last.",
            nameof(column));
}
