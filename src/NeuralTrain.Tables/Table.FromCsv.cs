using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace NeuralTrain;

/// <content>Tables from CSV files.</content>
public sealed partial class Table
{
    // What is looked at to find the encoding, and how much of it to find separators and header.
    private const int StartBytes = 1 << 20, StartChars = 1 << 16;

    /// <summary>Reads a CSV file, which may be packed with gzip. Separator, decimal sign, header and encoding are found from the file unless the options say them.</summary>
    /// <remarks>
    /// The file is read once. A column is numbers, dates (all in one form), flags (true and false) or texts; what is missing is left empty. What can be read in two ways is refused with both,
    /// if it concerns the whole file, and otherwise becomes a finding of the <see cref="TableSchema"/>.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is to be read; null, the default, for what the file shows.</param>
    /// <exception cref="InvalidDataException">The file cannot be understood, or in two ways; the message says in which line, what was expected, and what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path, a stream and a reader are not confused.")]
    public static Table FromCsv(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        return Read(file, path, options ?? new CsvOptions());
    }

    /// <summary>Reads CSV from a stream, which may be packed with gzip, from where it is to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <param name="options">How it is to be read; null, the default, for what it shows.</param>
    /// <inheritdoc cref="FromCsv(string, CsvOptions?)" path="/remarks|/exception"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path, a stream and a reader are not confused.")]
    public static Table FromCsv(Stream stream, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "The CSV stream", options ?? new CsvOptions());
    }

    /// <summary>Reads CSV from a text. The reader stays open.</summary>
    /// <param name="text">The text, as <c>new StringReader(csv)</c>.</param>
    /// <param name="options">How it is to be read; null, the default, for what it shows.</param>
    /// <inheritdoc cref="FromCsv(string, CsvOptions?)" path="/remarks|/exception"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path, a stream and a reader are not confused.")]
    public static Table FromCsv(TextReader text, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, "The CSV text", "text", options ?? new CsvOptions());
    }

    private static Table Read(Stream stream, string name, CsvOptions options)
    {
        try
        {
            byte[] start = new byte[StartBytes];
            int length = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false);
            bool isPacked = length >= 2 && start[0] == 0x1F && start[1] == 0x8B;
            Stream whole = new StartedStream(start.AsMemory(0, length), stream);
            if (isPacked)
            {
                whole = new GZipStream(whole, CompressionMode.Decompress);
                start = new byte[StartBytes];
                length = 0;
            }

            length = whole.ReadAtLeast(start, StartBytes, throwOnEndOfStream: false);
            bool isWhole = length < StartBytes;
            Encoding encoding = options.Encoding ?? FindEncoding(start.AsSpan(0, length), isWhole);
            using var text = new StreamReader(new StartedStream(start.AsMemory(0, length), whole), encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
            _ = text.Peek();
            return Read(text, name, text.CurrentEncoding.WebName + (isPacked ? ", packed with gzip" : ""), options);
        }
        catch (DecoderFallbackException problem)
        {
            throw new InvalidDataException($"{name} is not UTF-8 text from some place on, as its first megabyte is: save it as UTF-8, or set Encoding. {problem.Message}", problem);
        }
        catch (InvalidDataException problem) when (!problem.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} cannot be unpacked; the gzip file is damaged. Fetch it again. ({problem.Message})", problem);
        }
    }

    private static Encoding FindEncoding(ReadOnlySpan<byte> start, bool isWhole)
    {
        // The last character may be cut.
        ReadOnlySpan<byte> certain = start;
        for (int i = 1; !isWhole && i <= 4 && i <= start.Length; i++)
        {
            if ((start[^i] & 0xC0) != 0x80)
            {
                certain = start[..^i];
                break;
            }
        }

        bool hasMark = start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        return hasMark || Utf8.IsValid(certain) ? new UTF8Encoding(false, throwOnInvalidBytes: true) : CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    }

    private static Table Read(TextReader text, string name, string encoding, CsvOptions options)
    {
        // More if a single line is longer.
        char[] start = new char[StartChars];
        int length = text.ReadBlock(start);
        while (length == start.Length && length < options.MaxRowLength && !start.AsSpan().Contains('\n'))
        {
            Array.Resize(ref start, 2 * length);
            length += text.ReadBlock(start.AsSpan(length));
        }

        bool isWhole = length < start.Length;
        CsvText found = CsvText.Find(start.AsSpan(0, length), isWhole, name, options);
        var reading = new CsvReading(name, options, found);
        using var whole = new StartedReader(start.AsMemory(0, length), text);
        (IReadOnlyList<TableColumn> columns, int rows) = reading.Read(whole);
        string thousands = found.Thousands is char sign ? $", thousands '{sign}'" : "";
        return new Table(columns, rows, $"{name} (separator '{CsvText.Show(found.Separator)}', decimal point '{found.DecimalPoint}'{thousands}, {(found.HasHeader ? "with" : "no")} header, {encoding})");
    }
}

/// <summary>The one pass over the rows of a CSV text.</summary>
internal sealed class CsvReading(string file, CsvOptions options, CsvText found)
{
    private readonly CsvNumber _number = new(found.DecimalPoint, found.Thousands);
    private readonly byte[][] _markers = [.. options.MissingMarkers.Select(Encoding.UTF8.GetBytes)];
    private readonly bool[] _markerStarts = new bool[256];
    private char[] _characters = new char[256];

    public (IReadOnlyList<TableColumn> Columns, int Rows) Read(TextReader text)
    {
        foreach (byte[] marker in _markers.Where(marker => marker.Length > 0)) _markerStarts[marker[0]] = true;
        bool emptyIsMissing = Array.Exists(_markers, marker => marker.Length == 0);
        try
        {
            using var reader = CsvReader.Create(text, ReaderOptions(), leaveOpen: true);
            if (!reader.Read()) throw new InvalidDataException($"{file} is empty; a CSV file with at least one row was expected.");
            ColumnBuilder[] builders = Builders(reader);
            int rows = 0;
            for (bool more = !found.HasHeader || reader.Read(); more; more = reader.Read(), rows++)
            {
                if (reader.FieldCount != builders.Length) throw Ragged(reader, builders.Length);
                for (int i = 0; i < builders.Length; i++)
                {
                    ReadOnlySpan<byte> field = reader.GetSpan(i);
                    ColumnBuilder builder = builders[i];
                    if (field.IsEmpty ? emptyIsMissing : _markerStarts[field[0]] && IsMarker(field))
                    {
                        builder.AddMissing();
                        continue;
                    }

                    double value = 0;
                    NumberForm form = builder.KeepsText ? NumberForm.None : _number.Read(field, out value);
                    builder.Add(form is NumberForm.Shortest or NumberForm.Longer && builder.IsNumbers ? default : Decode(field), form, value, reader.LineNumber);
                }
            }

            if (rows == 0) throw new InvalidDataException($"{file} has no rows{(found.HasHeader ? " below its header" : "")}; at least one was expected.");
            return ([.. builders.Select(builder => builder.Build())], rows);
        }
        catch (CsvFormatException problem)
        {
            throw new InvalidDataException(
                $"{file}, line {problem.LineNumber}: {problem.Message} Quotes enclose a whole field, and a quote inside is doubled; a row is at most {options.MaxRowLength} bytes long (MaxRowLength).", problem);
        }
    }

    private CsvReaderOptions ReaderOptions() => CsvReaderOptions.Default with
    {
        HasHeader = false,
        Separator = found.Separator,
        TrimWhitespace = options.TrimSpaces,
        MaxRecordSize = options.MaxRowLength,
        MalformedData = CsvMalformedDataHandling.Throw,
        SkipEmptyLines = true,
        TrackLineNumbers = true,
    };

    private ColumnBuilder[] Builders(CsvReader reader)
    {
        string[] names = options.ColumnNames.Count > 0 ? [.. options.ColumnNames]
            : [.. Enumerable.Range(0, reader.FieldCount).Select(i => found.HasHeader ? reader.GetString(i) : i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        if (names.Length != reader.FieldCount)
        {
            throw new InvalidDataException($"{file}, line {reader.LineNumber}: {names.Length} column names were given, but there are {reader.FieldCount} fields. Give one for each.");
        }

        int empty = Array.FindIndex(names, string.IsNullOrWhiteSpace);
        if (empty >= 0) throw new InvalidDataException($"{file}, line {reader.LineNumber}: column {empty} (from 0) has no name in the header. Name it, or set HasHeader = false if this line is not a header.");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: string twice })
        {
            throw new InvalidDataException(
                $"{file}, line {reader.LineNumber}: the column name '{Field.Shorten(twice)}' occurs twice. Give each column a different name{(options.HasHeader is null ? ", or set HasHeader = false if this line is not a header" : "")}.");
        }

        HashSet<string> texts = new(options.Text, StringComparer.Ordinal);
        if (texts.FirstOrDefault(name => !names.Contains(name)) is string unknown) throw new ArgumentException($"{file} has no column '{unknown}', which the option Text names. The columns are {Table.Names(names)}.");
        return [.. names.Select(name => new ColumnBuilder(name, file, texts.Contains(name), _number))];
    }

    private InvalidDataException Ragged(CsvReader reader, int expected) => new(
        $"{file}, line {reader.LineNumber}: {expected} fields were expected, as in the first line, found {reader.FieldCount}. A separator ('{CsvText.Show(found.Separator)}') is " +
        "missing or too many; a field that contains one needs quotes around it.");

    private bool IsMarker(ReadOnlySpan<byte> field)
    {
        foreach (byte[] marker in _markers)
        {
            if (field.SequenceEqual(marker)) return true;
        }

        return false;
    }

    private ReadOnlySpan<char> Decode(ReadOnlySpan<byte> field)
    {
        if (field.Length > _characters.Length) _characters = new char[field.Length];
        return _characters.AsSpan(0, Encoding.UTF8.GetChars(field, _characters));
    }
}

/// <summary>A stream whose beginning has been looked at already.</summary>
internal sealed class StartedStream(ReadOnlyMemory<byte> start, Stream rest) : Stream
{
    private int _used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (_used == start.Length) return rest.Read(buffer);
        int length = Math.Min(buffer.Length, start.Length - _used);
        start.Span.Slice(_used, length).CopyTo(buffer);
        _used += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A text whose beginning has been looked at already.</summary>
internal sealed class StartedReader(ReadOnlyMemory<char> start, TextReader rest) : TextReader
{
    private int _used;

    public override int Peek() => _used < start.Length ? start.Span[_used] : rest.Peek();

    public override int Read() => _used < start.Length ? start.Span[_used++] : rest.Read();

    public override int Read(Span<char> buffer)
    {
        if (_used == start.Length) return rest.Read(buffer);
        int length = Math.Min(buffer.Length, start.Length - _used);
        start.Span.Slice(_used, length).CopyTo(buffer);
        _used += length;
        return length;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));
}
