namespace NeuralTrain;

/// <summary>How to read a CSV file. The defaults fit a comma-separated file of numbers and text, with or without a header.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first line is the header. Null, the default: it is if a column is given by name, or if it has no number where the next line has one.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>The names of all columns of a file without a header. None by default: then the names are <c>"0"</c>, <c>"1"</c>, ….</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [];

    /// <summary>What separates the fields, an ASCII character. Null, the default: a comma, and a file whose first lines look separated by something else is refused.</summary>
    public char? Separator { get; init; }

    /// <summary>What separates the decimals of a number. Default a point. There is no thousands separator: a column with texts such as <c>1,234</c> is refused.</summary>
    public char DecimalPoint { get; init; } = '.';

    /// <summary>The columns that become inputs, in their order; none by default: all that are neither targets nor ignored.</summary>
    public CsvColumns Inputs { get; init; } = [];

    /// <summary>Columns that are left out, such as a row number.</summary>
    public CsvColumns Ignore { get; init; } = [];

    /// <summary>
    /// Columns whose values are categories. A text column is one even if it is not named here, unless a text could mean something else: a number
    /// with another decimal point, a date, true or false. Each category becomes a separate input that is 1 or 0, named <c>column=category</c>.
    /// </summary>
    public CsvColumns Categorical { get; init; } = [];

    /// <summary>The most categories a column may have, 1 or more. Default 256: more look like names or identifiers, from which nothing can be learnt.</summary>
    public int MaxCategories { get; init; } = 256;

    /// <summary>Whether a category that the training file did not have becomes 0 in all inputs of its column. Default false: it is refused.</summary>
    public bool IgnoreUnknownCategories { get; init; }

    /// <summary>Whether the target is a class. Null, the default: texts are classes, numbers are predicted as numbers.</summary>
    public bool? Classification { get; init; }

    /// <summary>All classes, in the order of the target columns they get. None by default: those of the file, sorted by value if all are numbers, otherwise by their characters.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Changes each label before it is looked up, as <c>label => label.TrimEnd('.')</c>; null by default.</summary>
    public Func<string, string>? CleanLabel { get; init; }

    /// <summary>What marks a missing value. Default: an empty field, and <c>?</c>.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = ["", "?"];

    /// <summary>What to do with a row in which a value is missing. Default: refuse the file.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>Whether to ignore spaces around a field. Default true. Spaces inside quotes always belong to it.</summary>
    public bool TrimSpaces { get; init; } = true;

    /// <summary>The most bytes of a line (with quoted line breaks: of a row), 256 or more. Default 1 MiB. It bounds the memory that a file with a missing quote can take.</summary>
    public int MaxRowLength { get; init; } = 1 << 20;
}
