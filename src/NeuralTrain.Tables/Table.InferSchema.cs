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

    private ColumnState Infer(TableColumn column, bool isTarget, int targets, List<Finding> findings)
    {
        int different = CountDifferent(column);
        ColumnState state = new()
        {
            Name = column.Name, Kind = column.Kind, Role = isTarget ? ColumnRole.Target : ColumnRole.Input, Reason = ReasonOf(column, different), DateForm = column.DateForm,
            DecimalPoint = column.Numerals.Point, Thousands = column.Numerals.Thousands, HasMissing = column.HasMissing,
        };
        bool areFewWholes = column.Kind == ColumnKind.Number && different != 2 && different <= FewValues && AreWhole(column);
        if (isTarget)
        {
            if (column.Kind == ColumnKind.Number && different == 2 && targets == 1) state = state with { Kind = ColumnKind.Category, Reason = "two different numbers" };
            if (areFewWholes && targets == 1)
            {
                findings.Add(Found("NT104", FindingSeverity.Warning, column, $"the target '{Guard.Shorten(column.Name)}' has {different} different whole numbers and is predicted as a number", "call AsCategory() if they are classes, AsNumber() if not"));
            }

            if (column.Ambiguity is not null) return state;
        }
        else if (different > 1 && column.Ambiguity is not null && AreQuantities(column))
        {
            // Whether they are too different to be categories is seen once it is decided what they are.
            return state;
        }
        else if (WhyIgnored(column, different) is (string reason, Finding finding))
        {
            findings.Add(finding);
            return state with { Role = ColumnRole.Ignored, Reason = reason };
        }
        else if (areFewWholes && different > 2 && Rows - column.MissingCount >= ManyRows)
        {
            findings.Add(Found("NT106", FindingSeverity.Hint, column, $"column '{Guard.Shorten(column.Name)}' has {different} different whole numbers and is taken for quantities", "call AsCategory() if they are labels"));
        }

        state = SchemaMeasure.Of(state, column, keepsClasses: false);
        return state with { EmbeddingSize = SchemaMeasure.EmbeddingSizeOf(state) };
    }

    // Null for a column that may tell something.
    private (string Reason, Finding Finding)? WhyIgnored(TableColumn column, int different)
    {
        int present = Rows - column.MissingCount;
        if (different == 0 || (different == 1 && !column.HasMissing))
        {
            string same = different == 0 ? "no value in any row" : "the same value in all rows";
            return (same, Found("NT103", FindingSeverity.Hint, column, $"column '{Guard.Shorten(column.Name)}' has {same}, and is ignored", "take it out of the table"));
        }

        if (present < FewRows) return null;
        if (column.Kind == ColumnKind.Category && different > NamesRows * present)
        {
            return ("nearly every row has a different text", Found("NT102", FindingSeverity.Warning, column, $"column '{Guard.Shorten(column.Name)}' has {different} different texts in {present} rows, which looks like names, and is ignored", "call Embed(8) or AsCategory() to use it all the same"));
        }

        if (column.Kind == ColumnKind.Category && different > SchemaMeasure.MaxCategories)
        {
            return ("too many different texts", Found("NT102", FindingSeverity.Warning, column, $"column '{Guard.Shorten(column.Name)}' has {different} different texts, too many for categories, and is ignored", "group them before"));
        }

        return column.Kind == ColumnKind.Number && different > NamesRows * present && HowItNumbers(column, different) is string how
            ? (how, Found("NT102", FindingSeverity.Warning, column, $"column '{Guard.Shorten(column.Name)}' {how}, as identifiers do, and is ignored", "call AsNumber() to use it all the same"))
            : null;
    }

    private static Finding Found(string code, FindingSeverity severity, TableColumn column, FormattableString message, string remedy) => new(code, severity, FormattableString.Invariant(message), remedy, column.Name);

    private static string ReasonOf(TableColumn column, int different) => column.Kind switch
    {
        _ when different == 1 && column.HasMissing => "one value, missing in some rows",
        ColumnKind.Flag => "true and false",
        ColumnKind.Date => column.DateForm is null ? "dates" : $"dates as {column.DateForm}",
        ColumnKind.Category => FormattableString.Invariant($"{different} different texts{(column.HasLeadingZeros ? ", with leading zeros" : "")}"),
        _ => Range(column),
    };

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
                    $"column '{Guard.Shorten(column.Name)}' determines the target '{Guard.Shorten(target.Name)}' exactly",
                    "ignore it if it is not known at prediction time", column.Name));
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

    private static bool AreWhole(TableColumn column)
    {
        foreach (double number in column.Numbers)
        {
            if (!double.IsNaN(number) && !double.IsInteger(number)) return false;
        }

        return true;
    }

    // Whole numbers that hardly ever come again are given to rows one by one if they rise from row to row, or lie as close together as only such numbers do; null otherwise.
    private static string? HowItNumbers(TableColumn column, int different)
    {
        double[] numbers = [.. column.Numbers.ToArray().Where(number => !double.IsNaN(number))];
        if (!AreWhole(column)) return null;
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
}
