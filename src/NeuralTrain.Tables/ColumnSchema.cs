namespace NeuralTrain;

/// <summary>One column of a <see cref="TableSchema"/>. Change it by its methods: <c>schema["id"].Ignore()</c>.</summary>
public sealed class ColumnSchema
{
    private readonly TableSchema _schema;

    internal ColumnSchema(TableSchema schema, ColumnState state, string? ambiguity) => (_schema, State, Ambiguity) = (schema, state, ambiguity);

    /// <summary>The name.</summary>
    public string Name => State.Name;

    /// <summary>The kind of its values.</summary>
    public ColumnKind Kind => State.Kind;

    /// <summary>Its role.</summary>
    public ColumnRole Role => State.Role;

    /// <summary>Why: what was seen in the values, or that it was asked for.</summary>
    public string Reason => State.Reason;

    /// <summary>The categories, or the classes of a target, in their order; empty for other kinds.</summary>
    public IReadOnlyList<string> Categories => State.Categories;

    /// <summary>Whether a row of the training data had no value.</summary>
    public bool HasMissing => State.HasMissing;

    /// <summary>Whether a row to predict may have no value: if a row of the training data had none, or <see cref="AllowMissing"/> was called.</summary>
    public bool IsOptional => State.HasMissing || State.AllowsMissing;

    /// <summary>The number of values learnt for each category; 0 for one-hot inputs.</summary>
    public int EmbeddingSize => State.EmbeddingSize;

    internal ColumnState State { get; private set; }

    /// <summary>What needs a decision before the column can be used; null if nothing.</summary>
    internal string? Ambiguity { get; private set; }

    /// <summary>Leaves the column out.</summary>
    public ColumnSchema Ignore() => Change(State with { Role = ColumnRole.Ignored, Reason = "ignored as asked" }, settles: false);

    /// <summary>Treats the values as numbers.</summary>
    /// <exception cref="InvalidDataException">One of them is not a number.</exception>
    public ColumnSchema AsNumber() => Change(State with { Kind = ColumnKind.Number, Role = InUse, Reason = "numbers as asked" });

    /// <summary>Treats the values as names of categories, or of classes if it is a target.</summary>
    /// <exception cref="InvalidDataException">There are more than 10 000, or fewer than two classes.</exception>
    public ColumnSchema AsCategory() => Change(State with { Kind = ColumnKind.Category, Role = InUse, Reason = "categories as asked" });

    /// <summary>Treats the values as dates.</summary>
    /// <param name="form">How they are written, in the terms of <see cref="DateTime.ParseExact(string, string, IFormatProvider)"/>, as <c>dd/MM/yyyy</c>; null (the default) for ISO 8601.</param>
    /// <exception cref="InvalidDataException">One of them is not a date in this form.</exception>
    public ColumnSchema AsDate(string? form = null) => Change(State with { Kind = ColumnKind.Date, Role = InUse, DateForm = form ?? State.DateForm, Reason = "dates as asked" });

    /// <summary>Treats the values as categories, each with a learnt vector instead of one input.</summary>
    /// <param name="size">The length of the vector, 1 to 4096.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size lies outside 1 to 4096.</exception>
    public ColumnSchema Embed(int size)
    {
        if (size is < 1 or > 4096) throw new ArgumentOutOfRangeException(nameof(size), $"size must lie in 1 to 4096, received {size}. 8 is usual.");
        return Change(State with { Kind = ColumnKind.Category, Role = InUse, EmbeddingSize = size, Reason = "embedded as asked" }, keepsEmbedding: true);
    }

    /// <summary>Treats the values as categories with one input for each.</summary>
    public ColumnSchema OneHot() => Change(State with { Kind = ColumnKind.Category, Role = InUse, EmbeddingSize = 0, Reason = "one-hot as asked" }, keepsEmbedding: true);

    /// <summary>Accepts rows to predict without a value here although the training data always have one: the model then predicts as for an average value, and says so in <see cref="TablePrediction.Unfamiliar"/>.</summary>
    /// <remarks>Without it such a row is refused. It changes nothing for a column in which values are missing in training.</remarks>
    public ColumnSchema AllowMissing()
    {
        _ = SourceTable;
        State = State with { AllowsMissing = true };
        return this;
    }

    /// <summary>Gives the column to the network.</summary>
    public ColumnSchema Input() => Change(State with { Role = ColumnRole.Input, Reason = "an input as asked" }, settles: false);

    /// <summary>Predicts the column.</summary>
    /// <param name="positive">Of two classes, the one whose probability is predicted; null (the default) for the affirmative one of a pair such as yes and no or ja and nein, otherwise the second in order.</param>
    /// <param name="log">Whether to learn the natural logarithm of a number, which must be greater than 0; predictions are in its own units all the same. Default false.</param>
    /// <exception cref="ArgumentException">There is no such class, or there are not two.</exception>
    public ColumnSchema Target(string? positive = null, bool log = false)
    {
        Change(State with { Role = ColumnRole.Target, IsLog = log, Reason = "a target as asked" }, settles: false);
        if (positive is null) return this;
        if (State.Categories.Count != 2 || !State.Categories.Contains(positive))
        {
            throw new ArgumentException($"'{Name}' must have two classes of which one is '{positive}'; its classes are {Table.Names(State.Categories)}.", nameof(positive));
        }

        State = State with { Categories = [State.Categories.First(name => name != positive), positive] };
        return this;
    }

    /// <summary>Uses the column as the weight of each row, in training and evaluation.</summary>
    /// <exception cref="InvalidDataException">A value is missing, or not a finite number of 0 or more.</exception>
    public ColumnSchema Weight() => Change(State with { Kind = ColumnKind.Number, Role = ColumnRole.Weight, Reason = "a weight as asked" });

    /// <summary>Name, kind and role, as <c>age (number, input)</c>.</summary>
    public override string ToString() => $"{Guard.Shorten(Name)} ({TableColumn.Word(Kind)}, {Role switch { ColumnRole.Input => "input", ColumnRole.Target => "target", ColumnRole.Weight => "weight", _ => "ignored" }})";

    /// <summary>Measures the column of the table that the schema was inferred from, as the schema scales now.</summary>
    internal void Measure()
    {
        if (_schema.Source is Table table && State.Role != ColumnRole.Ignored && Ambiguity is null) State = SchemaMeasure.Of(State, table[Name], keepsClasses: true, _schema.Scaling);
    }

    internal void KeepOneHot() => State = State with { EmbeddingSize = 0 };

    private Table SourceTable => _schema.Source ?? throw new InvalidOperationException("The schema comes from a file and cannot be changed: its numbers belong to the network beside it. Infer one from a table.");

    private ColumnRole InUse => State.Role == ColumnRole.Ignored ? ColumnRole.Input : State.Role;

    private ColumnSchema Change(ColumnState wanted, bool keepsEmbedding = false, bool settles = true)
    {
        Table table = SourceTable;
        if (wanted.Role != ColumnRole.Ignored)
        {
            wanted = SchemaMeasure.Of(wanted, table[Name], keepsClasses: false, _schema.Scaling);
            if (!keepsEmbedding) wanted = wanted with { EmbeddingSize = SchemaMeasure.EmbeddingSizeOf(wanted) };

            // Which class is the positive one was perhaps chosen already.
            if (settles && State.Role == ColumnRole.Target && wanted.Role == ColumnRole.Target && wanted.Categories.ToHashSet(StringComparer.Ordinal).SetEquals(State.Categories)) wanted = wanted with { Categories = State.Categories };
        }

        State = wanted;
        if (settles) Ambiguity = null;
        return this;
    }
}
