using System.Text;

namespace NeuralTrain;

/// <summary>How to read a CSV file. What is not set here is inferred from the file; <see cref="Table"/> prints what was found.</summary>
public sealed record CsvOptions
{
    /// <summary>What separates the fields, an ASCII character. Null, the default: the one of <c>, ; | tab</c> that gives every line the same number of fields.</summary>
    public char? Separator { get; init; }

    /// <summary>What separates the decimals of a number, a point or a comma. Null, the default: what the numbers of the file show.</summary>
    public char? DecimalPoint { get; init; }

    /// <summary>What separates thousands, as the comma in <c>1,234</c>. Null, the default: nothing, unless numbers such as <c>1,234.5</c> show it.</summary>
    public char? Thousands { get; init; }

    /// <summary>Whether the first line is a header. Null, the default: what the first lines show.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>The names of all columns of a file without a header. None by default: then they are called <c>0</c>, <c>1</c>, ….</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [];

    /// <summary>Columns, by name, that are kept as they are written, such as numbers of articles and postal codes. None by default.</summary>
    public IReadOnlyList<string> Text { get; init; } = [];

    /// <summary>What marks a missing value, exactly. Default: an empty field, <c>? NA N/A n/a #N/A NaN nan NULL null</c>.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = ["", "?", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null"];

    /// <summary>The encoding. Null, the default: a byte order mark says it, otherwise UTF-8, or Windows-1252 if the first megabyte is not UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Whether to ignore spaces around a field. Default true. Spaces inside quotes always belong to it.</summary>
    public bool TrimSpaces { get; init; } = true;

    /// <summary>The maximum number of bytes of a line (with quoted line breaks: of a row), 256 or more. Default 1 MiB. It bounds the memory that a file with a missing quote can take.</summary>
    public int MaxRowLength { get; init; } = 1 << 20;

    /// <summary>The maximum unpacked size, in bytes, of a file packed with gzip. Null, the default: 16 times its size and 1 MB; of a stream that cannot seek, of what was read of it so far.</summary>
    public long? MaxUnpacked { get; init; }
}
