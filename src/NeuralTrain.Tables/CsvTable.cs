using System.Globalization;
using System.Text;
using CsvHelper;

namespace NeuralTrain;

/// <summary>One pass over the rows of a CSV file, all with the same number of fields; blank lines are skipped.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvReader _reader;
    private readonly CsvOptions _options;

    // Rows that were read to detect a header, and are still to be returned.
    private readonly Queue<(string[] Fields, long Line)> _pending = new();

    private CsvTable(string path, CsvReader reader, CsvOptions options)
    {
        Path = path;
        _reader = reader;
        _options = options;
    }

    public string Path { get; }

    public bool HasHeader { get; private set; }

    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The fields of the current row.</summary>
    public string[] Fields { get; private set; } = [];

    /// <summary>The line of the file in which the current row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <param name="path">The file.</param>
    /// <param name="options">How it is to be read.</param>
    /// <param name="isNamed">Whether a column is given by name.</param>
    public static CsvTable Open(string path, CsvOptions options, bool isNamed)
    {
        if (options.Separator is null) CheckSeparator(path);

        Stream stream = UnpackedFile.Open(path, out _);
        CsvTable? table = null;
        try
        {
            var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            table = new CsvTable(path, CsvReader.Create(text, ReaderOptions(options), leaveOpen: false), options);
            table.ReadNames(isNamed);
            return table;
        }
        catch
        {
            table?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    public bool Read()
    {
        if ((_pending.Count > 0 ? _pending.Dequeue() : Next()) is not (string[] fields, long line))
        {
            return false;
        }

        if (fields.Length != Names.Count)
        {
            throw new InvalidDataException(
                $"{Path}, line {line}: {Names.Count} fields were expected, as in the first line, found {fields.Length}. A separator ('{_options.Separator ?? ','}') is " +
                "missing or too many; a field that contains one needs quotes around it.");
        }

        (Fields, Line) = (fields, line);
        return true;
    }

    public bool IsMissing(int column) => _options.MissingMarkers.Contains(Fields[column], StringComparer.Ordinal);

    /// <summary>Whether a field is a finite number that fits into a float.</summary>
    public bool TryNumber(string text, out float value) => CsvNumber.TryRead(text, _options, out value);

    public InvalidDataException Wrong(int column, string problem) => new($"{Path}, line {Line}, column {Name(column)}: {problem}");

    public void Dispose() => _reader.Dispose();

    /// <summary>The name of a column in messages: its own, or its position from 0.</summary>
    private string Name(int column) => HasHeader || _options.ColumnNames.Count > 0 ? $"'{Shorten(Names[column])}'" : $"{column}";

    /// <summary>A field as messages show it.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private static CsvReaderOptions ReaderOptions(CsvOptions options) => CsvReaderOptions.Default with
    {
        HasHeader = false,
        Separator = options.Separator ?? ',',
        TrimWhitespace = options.TrimSpaces,
        MaxRecordSize = options.MaxRowLength,
        MalformedData = CsvMalformedDataHandling.Throw,
        SkipEmptyLines = true,
        TrackLineNumbers = true,
    };

    // A file with another separator and decimal commas could also be read with commas, as columns that it does not have.
    private static void CheckSeparator(string path)
    {
        char[] block = new char[1 << 16];
        using var text = new StreamReader(UnpackedFile.Open(path, out _));
        int length;
        try
        {
            length = text.ReadBlock(block);
        }
        catch (InvalidDataException)
        {
            // The pass over the rows says which file is damaged.
            return;
        }

        string[] lines = new string(block, 0, length).Split('\n');
        string[] whole = [.. lines.Take(length < block.Length ? lines.Length : lines.Length - 1).Where(line => line.Trim().Length > 0).Take(20)];
        foreach (char candidate in (ReadOnlySpan<char>)[';', '\t', '|'])
        {
            int[] counts = [.. whole.Select(line => Unquoted(line, candidate)).Distinct()];
            if (counts is [> 0])
            {
                string name = candidate == '\t' ? "\\t" : $"{candidate}";
                throw new InvalidDataException(
                    $"{path}: every line has the same number of '{name}' ({counts[0]}), so the fields may be separated by it and not by a comma. Say which: set Separator = '{name}' " +
                    "(and DecimalPoint = ',' if numbers are written 1,5), or Separator = ',' if it is a comma.");
            }
        }

        static int Unquoted(string line, char candidate)
        {
            int count = 0;
            bool isQuoted = false;
            foreach (char character in line)
            {
                isQuoted ^= character == '"';
                count += !isQuoted && character == candidate ? 1 : 0;
            }

            return count;
        }
    }

    private void ReadNames(bool isNamed)
    {
        if (Next() is not (string[] columns, long firstLine))
        {
            throw new InvalidDataException($"{Path} is empty; a CSV file with at least one row was expected.");
        }

        (string[] Fields, long Line)? next = null;
        HasHeader = _options.HasHeader ?? (_options.ColumnNames.Count == 0 && (isNamed || LooksLikeHeader(columns, firstLine, out next)));
        if (HasHeader)
        {
            Names = columns;
        }
        else
        {
            _pending.Enqueue((columns, firstLine));
            Names = _options.ColumnNames.Count > 0 ? _options.ColumnNames : [.. columns.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))];
            if (Names.Count != columns.Length)
            {
                throw new InvalidDataException($"{Path}, line {firstLine}: {Names.Count} column names were given, but there are {columns.Length} fields. Give one for each.");
            }
        }

        if (next is not null)
        {
            _pending.Enqueue(next.Value);
        }

        string? twice = Names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new InvalidDataException(
                $"{Path}, line {firstLine}: the column name '{Shorten(twice)}' occurs twice. Give each column a different name" +
                (_options.HasHeader is null ? ", or set HasHeader = false if this line is not a header." : "."));
        }
    }

    private bool LooksLikeHeader(string[] first, long line, out (string[] Fields, long Line)? next)
    {
        next = null;
        if (HasNumber(first))
        {
            return false;
        }

        next = Next();
        return next is not null && HasNumber(next.Value.Fields)
            ? true
            : throw new InvalidDataException(
                $"{Path}: nothing in its first lines tells whether line {line} is a header, since no field is a number. Say it: HasHeader = true or false.");
    }

    private bool HasNumber(string[] fields) => fields.Any(field => TryNumber(field, out _));

    private (string[] Fields, long Line)? Next()
    {
        try
        {
            return _reader.Read() ? (_reader.Current.ToArray(), _reader.LineNumber) : null;
        }
        catch (CsvFormatException problem)
        {
            throw new InvalidDataException(
                $"{Path}, line {problem.LineNumber}: {problem.Message} Quotes enclose a whole field, and a quote inside is doubled; a row is at most " +
                $"{_options.MaxRowLength} bytes long (MaxRowLength).", problem);
        }
        catch (DecoderFallbackException problem)
        {
            throw new InvalidDataException($"{Path} is not UTF-8 text, which a CSV file is expected to be (or UTF-16 with a byte order mark): save it as UTF-8. {problem.Message}", problem);
        }
        catch (InvalidDataException problem) when (problem.InnerException is null)
        {
            throw new InvalidDataException($"{Path} cannot be unpacked; the gzip file is damaged. Fetch it again. ({problem.Message})", problem);
        }
    }
}
