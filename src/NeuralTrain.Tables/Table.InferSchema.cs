using System.Globalization;

namespace NeuralTrain;

/// <content>What the columns probably mean.</content>
public sealed partial class Table
{
    // A text that is different in this part of the rows, of at least so many, names the row.
    private const double NamesRows = 0.9;
    private const int FewRows = 20, ManyRows = 200, FewValues = 10;

    /// <summary>Infers what the columns mean, with reasons; change it by name where it is wrong.</summary>
    /// <param name="target">The column that is to be predicted.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">The target has missing values, or is the same in all rows.</exception>
    public TableSchema InferSchema(string target) => InferSchema([target]);

    /// <summary>Infers what the columns mean, with several targets, which are numbers.</summary>
    /// <param name="targets">The columns that are to be predicted; none if they are chosen later, by <see cref="ColumnSchema.Target"/>.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A target has missing values, or is the same in all rows.</exception>
    public TableSchema InferSchema(IReadOnlyList<string> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (Rows == 0) throw new InvalidDataException("The table has no rows; at least one was expected.");
        foreach (string target in targets) _ = this[target];
        var findings = new List<Finding>();
        var columns = new List<(ColumnState, string?)>();
        HashSet<string> chosen = [.. targets];
        foreach (TableColumn column in Columns) columns.Add((Infer(column, chosen.Contains(column.Name), targets.Count, findings), column.Ambiguity));
        FindLeaks(targets, columns.Select(pair => pair.Item1), findings);
        return new TableSchema(columns, this, NumberScaling.Robust, findings);
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

    private ColumnState Infer(TableColumn column, bool isTarget, int targets, List<Finding> findings)
    {
        int present = Rows - column.MissingCount, different = CountDifferent(column);
        ColumnRole role = isTarget ? ColumnRole.Target : ColumnRole.Input;
        ColumnKind kind = column.Kind;
        string reason = kind switch
        {
            ColumnKind.Flag => "true and false",
            ColumnKind.Date => column.DateForm is null ? "dates" : $"dates as {column.DateForm}",
            ColumnKind.Category => Invariant($"{different} different texts"),
            _ => Range(column),
        };
        if (column.HasLeadingZeros) reason += ", with leading zeros";
        if (isTarget)
        {
            if (kind == ColumnKind.Number && different == 2 && targets == 1) (kind, reason) = (ColumnKind.Category, "two different numbers");
            bool areFewWholes = kind == ColumnKind.Number && different <= FewValues && column.Numbers.ToArray().All(number => number == Math.Floor(number));
            if (areFewWholes && targets == 1)
            {
                Find("NT104", FindingSeverity.Warning, $"the target '{column.Name}' has {different} different whole numbers and is predicted as a number", "call AsCategory() if they are classes, AsNumber() if not");
            }
        }
        else if (present == 0 || different == 1)
        {
            (role, reason) = (ColumnRole.Ignored, present == 0 ? "no value in any row" : "the same value in all rows that have one");
            if (present > 0 && column.MissingCount > 0) (role, reason) = (ColumnRole.Input, Invariant($"one value, missing in {column.MissingCount} rows"));
            else Find("NT103", FindingSeverity.Hint, $"column '{column.Name}' has {reason}, and is ignored", "take it out of the table");
        }
        else if (column.Ambiguity is not null && AreQuantities(column))
        {
            // Whether they are too different to be categories is seen once it is decided what they are.
            return State();
        }
        else if (present >= FewRows && kind == ColumnKind.Category && different > NamesRows * present)
        {
            (role, reason) = (ColumnRole.Ignored, "nearly every row has a different text");
            Find("NT102", FindingSeverity.Warning, $"column '{column.Name}' has {different} different texts in {present} rows, which looks like names, and is ignored", "call Embed(8) or AsCategory() to use it all the same");
        }
        else if (present >= FewRows && kind == ColumnKind.Category && different > SchemaMeasure.MaxCategories)
        {
            (role, reason) = (ColumnRole.Ignored, "too many different texts");
            Find("NT102", FindingSeverity.Warning, $"column '{column.Name}' has {different} different texts, too many for categories, and is ignored", "group them before");
        }
        else if (present >= FewRows && kind == ColumnKind.Number && different > NamesRows * present && HowItNumbers(column, different) is string how)
        {
            (role, reason) = (ColumnRole.Ignored, how);
            Find("NT102", FindingSeverity.Warning, $"column '{column.Name}' {how}, as identifiers do, and is ignored", "call AsNumber() to use it all the same");
        }
        else if (present >= ManyRows && kind == ColumnKind.Number && different is > 2 and <= FewValues && column.Numbers.ToArray().All(number => double.IsNaN(number) || number == Math.Floor(number)))
        {
            Find("NT106", FindingSeverity.Hint, $"column '{column.Name}' has {different} different whole numbers and is taken for quantities", "call AsCategory() if they are labels");
        }

        ColumnState state = State();
        if (role == ColumnRole.Ignored || (column.Ambiguity is not null && isTarget)) return state;
        state = SchemaMeasure.Of(state, column, keepsClasses: false);
        return state with { EmbeddingSize = SchemaMeasure.EmbeddingSizeOf(state) };

        ColumnState State() => new() { Name = column.Name, Kind = kind, Role = role, Reason = reason, DateForm = column.DateForm, DecimalPoint = column.Numerals.Point, Thousands = column.Numerals.Thousands, HasMissing = column.HasMissing };

        void Find(string code, FindingSeverity severity, FormattableString message, string remedy) =>
            findings.Add(new Finding(code, severity, Field.Invariant(message), remedy, column.Name));
    }

    // A column that says what the target is would not be there when it is to be predicted.
    private void FindLeaks(IReadOnlyList<string> targets, IEnumerable<ColumnState> states, List<Finding> findings)
    {
        if (Rows < FewRows) return;
        ColumnState[] inputs = [.. states.Where(state => state.Role == ColumnRole.Input && this[state.Name].Ambiguity is null)];
        foreach (TableColumn target in targets.Select(name => this[name]))
        {
            foreach (TableColumn column in inputs.Select(state => this[state.Name]).Where(column => column.MissingCount == 0 && Tells(column, target)))
            {
                findings.Add(new Finding("NT105", FindingSeverity.Warning,
                    $"column '{Field.Shorten(column.Name)}' tells the target '{Field.Shorten(target.Name)}' exactly",
                    "ignore it if it is not known when a prediction is asked for", column.Name));
            }
        }
    }

    // Whether one is the other with other names, or a straight line of it.
    private bool Tells(TableColumn column, TableColumn target)
    {
        if (column.Kind == ColumnKind.Category || target.Kind == ColumnKind.Category || column.Kind == ColumnKind.Flag || target.Kind == ColumnKind.Flag)
        {
            var there = new Dictionary<string, string>(StringComparer.Ordinal);
            var back = new Dictionary<string, string>(StringComparer.Ordinal);
            for (int row = 0; row < Rows; row++)
            {
                string one = column[row].ToString(), other = target[row].ToString();
                if (!there.TryAdd(one, other) && there[one] != other) return false;
                if (!back.TryAdd(other, one) && back[other] != one) return false;
            }

            return there.Count > 1;
        }

        (double meanOne, double scaleOne) = SchemaMeasure.Standard(column.Numbers.ToArray());
        (double meanOther, double scaleOther) = SchemaMeasure.Standard(target.Numbers.ToArray());
        if (scaleOne == 0 || scaleOther == 0) return false;
        double product = 0;
        for (int row = 0; row < Rows; row++) product += (column.Numbers[row] - meanOne) / scaleOne * ((target.Numbers[row] - meanOther) / scaleOther);
        return Math.Abs(product / Rows) > 1 - 1e-9;
    }

    // Most of the different texts contain no letters, which is typical of numbers, dates and amounts.
    private static bool AreQuantities(TableColumn column) => 2 * column.Texts.Count(text => !text.Any(char.IsLetter)) >= column.Texts.Count;

    // Whole numbers that hardly ever come again are given to rows one by one if they rise from row to row, or lie as close together as only such numbers do; null otherwise.
    private static string? HowItNumbers(TableColumn column, int different)
    {
        double[] numbers = [.. column.Numbers.ToArray().Where(number => !double.IsNaN(number))];
        if (!Array.TrueForAll(numbers, double.IsInteger)) return null;
        if (numbers.Zip(numbers.Skip(1)).All(pair => pair.First <= pair.Second)) return numbers[^1] - numbers[0] == numbers.Length - 1 ? "counts the rows" : "rises with the rows";
        return different == numbers.Length && numbers.Length >= ManyRows && numbers.Max() - numbers.Min() < 2 * numbers.Length ? "numbers the rows" : null;
    }

    private static int CountDifferent(TableColumn column)
    {
        if (column.Kind == ColumnKind.Category) return new HashSet<int>(column.Codes.ToArray().Where(code => code >= 0)).Count;
        var found = new HashSet<double>();
        foreach (double number in column.Numbers)
        {
            if (!double.IsNaN(number)) found.Add(number);
        }

        return found.Count;
    }

    private static string Range(TableColumn column)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double number in column.Numbers)
        {
            least = number < least ? number : least;
            most = number > most ? number : most;
        }

        return least > most ? "no value" : string.Create(CultureInfo.InvariantCulture, $"numbers from {least:g6} to {most:g6}");
    }

    private static string Invariant(FormattableString text) => Field.Invariant(text);
}
