namespace NeuralTrain;

/// <summary>What is measured on the values of a column: categories, center and scale, whether some are missing.</summary>
internal static class SchemaMeasure
{
    /// <summary>More different texts are names, from which nothing can be learnt.</summary>
    public const int MaxCategories = 10_000;

    // Up to 8 categories get one input each, more get vectors of 8 numbers: what the search on 118 tables behind NumberScaling.Robust found.
    private const int MostOneHot = 8, DefaultEmbedding = 8;

    /// <summary>The state with what these values say; <paramref name="keepsClasses"/> if the classes of a target are known already.</summary>
    /// <exception cref="InvalidDataException">A value does not fit the kind or the role; the message names column and row.</exception>
    public static ColumnState Of(ColumnState state, TableColumn column, bool keepsClasses, NumberScaling scaling = NumberScaling.Robust)
    {
        if (state.Role != ColumnRole.Input && column.HasMissing)
        {
            string role = state.Role == ColumnRole.Target ? "target" : "weight";
            if (column.IsSample) throw Wrong(state, $"is a {role}, but has no value in some rows of the file. Take these rows out of it");
            int row = Enumerable.Range(0, column.Rows).First(row => column[row].Kind == FieldKind.Missing);
            throw Wrong(state, $"is a {role}, but has no value in {column.MissingCount} rows, first in row {row} (from 0). Leave these rows out: table.DropMissing(\"{Guard.Shorten(state.Name)}\")");
        }

        state = state with { HasMissing = column.HasMissing, Least = null, Most = null };
        if (state.Kind == ColumnKind.Category) return keepsClasses && state.Role == ColumnRole.Target ? state : Categories(state, column);
        if (state.Kind == ColumnKind.Flag)
        {
            _ = Values(state, column);
            return state.Role == ColumnRole.Target ? state with { Kind = ColumnKind.Category, Categories = ["false", "true"] } : state;
        }

        double[] values = Values(state, column);
        if (state.Role == ColumnRole.Weight && Array.Find(values, value => value < 0) is < 0 and double negative) throw Wrong(state, $"is a weight, which is 0 or more, but has {negative}");
        if (state.Role == ColumnRole.Weight && Array.TrueForAll(values, value => value == 0)) throw Wrong(state, "is a weight, but 0 in all rows, so that no row counts. Correct it, or leave it out: Ignore()");
        if (state.IsLog && Array.Exists(values, value => value <= 0)) throw Wrong(state, $"has {values.Min()}, and the logarithm needs numbers greater than 0. Leave out log");
        if (state.IsLog) values = Array.ConvertAll(values, Math.Log);
        if (state.Kind == ColumnKind.Date)
        {
            state = state with { HasTimes = Array.Exists(values, seconds => seconds % 86_400 != 0) };
            values = Array.ConvertAll(values, seconds => seconds / 86_400);
        }

        if (values.Length == 0) return state with { Center = 0, Scale = 0 };
        if (state.Role == ColumnRole.Input) state = state with { Least = values.Min(), Most = values.Max() };
        bool isRobust = scaling == NumberScaling.Robust && state.Role == ColumnRole.Input;
        (double center, double scale) = isRobust ? Robust(values) : Standard(values);
        return double.IsFinite(center) && double.IsFinite(scale) ? state with { Center = center, Scale = scale } : throw Wrong(state, "has numbers too large to be averaged. Bring them to another unit first");
    }

    /// <summary>The numbers that are learnt for each category by default.</summary>
    public static int EmbeddingSizeOf(ColumnState state) => state is { Kind: ColumnKind.Category, Role: ColumnRole.Input } && state.Categories.Count > MostOneHot ? DefaultEmbedding : 0;

    /// <summary>Mean and standard deviation.</summary>
    public static (double Center, double Scale) Standard(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    private static (double Center, double Scale) Robust(double[] values)
    {
        Array.Sort(values);
        double quartiles = Quantile(values, 0.75) - Quantile(values, 0.25);
        return (Quantile(values, 0.5), quartiles > 0 ? quartiles : Standard(values).Scale);
    }

    /// <summary>A quantile of sorted values, linear between two of them, as NumPy's default.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private static ColumnState Categories(ColumnState state, TableColumn column)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (column.Kind == ColumnKind.Category)
        {
            bool[] occurs = new bool[column.Texts.Count];
            foreach (int code in column.Codes)
            {
                if (code >= 0) occurs[code] = true;
            }

            // A class that no row of a sample has is still one.
            found.UnionWith(column.Texts.Where((_, code) => occurs[code] || (column.IsSample && state.Role == ColumnRole.Target)));
        }
        else
        {
            var encoder = new ColumnEncoder(state with { Categories = [] }, NumberScaling.None);
            for (int row = 0; row < column.Rows && found.Count <= MaxCategories; row++)
            {
                if (column[row] is not { Kind: not FieldKind.Missing } field) continue;
                if (field.Kind == FieldKind.Number && Math.Abs(field.Number) >= Field.FirstInexact) throw Wrong(state, $"has the number {field}, of more digits than a number keeps, so that it names no category. Read the column as text: name it in Text of CsvOptions, or make it strings");
                found.Add(encoder.LabelOf(field));
            }
        }

        if (found.Count > MaxCategories) throw Wrong(state, $"has more than {MaxCategories} different values, so they name single rows. Ignore it");
        string[] sorted = LabelOrder.Sort(found);
        if (state.Role == ColumnRole.Target && YesNo.PlaceOfYes(sorted) == 0) Array.Reverse(sorted);
        return state.Role != ColumnRole.Target || sorted.Length > 1 ? state with { Categories = sorted }
            : throw Wrong(state, $"is a target, but all rows are of the class '{Guard.Shorten(sorted.FirstOrDefault() ?? "")}'; at least two classes were expected. Choose another target");
    }

    // All values that are there, as numbers of the kind.
    private static double[] Values(ColumnState state, TableColumn column)
    {
        var encoder = new ColumnEncoder(state with { Categories = [] }, NumberScaling.None);
        var values = new double[column.Rows - column.MissingCount];
        for (int row = 0, i = 0; row < column.Rows; row++)
        {
            Field field = column[row];
            if (field.Kind == FieldKind.Missing) continue;
            bool fits = state.Kind switch
            {
                ColumnKind.Flag => ColumnEncoder.TryFlag(field, out bool flag) && (values[i] = flag ? 1 : 0) >= 0,
                ColumnKind.Date => encoder.TryDate(field, out values[i]),
                _ => encoder.TryNumber(field, out values[i]),
            };
            if (!fits) throw Wrong(state, $"is taken for {TableColumn.Word(state.Kind)}s, but row {row} (from 0) has {field}. Correct it, or take it for something else");
            i++;
        }

        return values;
    }

    private static InvalidDataException Wrong(ColumnState state, string problem) => new($"Column '{Guard.Shorten(state.Name)}' {problem}.");
}
