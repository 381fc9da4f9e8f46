using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace NeuralTrain;

/// <summary>A pass over the rows of a CSV text, one after the other into the builders of its columns.</summary>
internal sealed class CsvReading : IDisposable
{
    // What is looked at to find the encoding, and how much of it to find separators and header.
    private const int StartBytes = 1 << 20, StartChars = 1 << 16;

    private readonly string _file, _encoding;
    private readonly CsvOptions _options;
    private readonly CsvText _found;
    private readonly CsvNumber _number;
    private readonly byte[][] _markers;
    private readonly bool[] _markerStarts = new bool[256];
    private readonly bool _emptyIsMissing;
    private readonly CsvReader _reader;
    private readonly ColumnBuilder[] _columns;
    private Stream? _opened, _unpacked;
    private char[] _characters = new char[256];
    private bool _isAtRow;

    private CsvReading(TextReader text, string file, string encoding, CsvOptions options, IReadOnlyDictionary<string, ColumnKind>? kinds)
    {
        (_file, _encoding, _options) = (file, encoding, options);

        // More if a single line is longer.
        char[] start = new char[StartChars];
        int length = text.ReadBlock(start);
        while (length == start.Length && length < options.MaxRowLength && !start.AsSpan().Contains('\n'))
        {
            Array.Resize(ref start, 2 * length);
            length += text.ReadBlock(start.AsSpan(length));
        }

        _found = CsvText.Find(start.AsSpan(0, length), length < start.Length, file, options);
        _number = new CsvNumber(_found.DecimalPoint, _found.Thousands);
        _markers = [.. options.MissingMarkers.Where(marker => marker.Length > 0).Select(Encoding.UTF8.GetBytes)];
        foreach (byte[] marker in _markers) _markerStarts[marker[0]] = true;
        _emptyIsMissing = options.MissingMarkers.Contains("");
        _reader = CsvReader.Create(new StartedReader(start.AsMemory(0, length), text), ReaderOptions(), leaveOpen: true);
        try
        {
            if (!_reader.Read()) throw new InvalidDataException($"{file} is empty; a CSV file with at least one row was expected.");
            _columns = Builders(kinds);
        }
        catch
        {
            _reader.Dispose();
            throw;
        }

        _isAtRow = !_found.HasHeader;
    }

    /// <summary>The number of rows read.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of columns.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>Opens a file, which may be packed with gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is to be read.</param>
    /// <param name="kinds">What columns hold, if all of the file was read before; null if each is to be found out.</param>
    public static CsvReading Open(string path, CsvOptions options, IReadOnlyDictionary<string, ColumnKind>? kinds = null)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        try
        {
            CsvReading reading = Open(file, path, options, kinds);
            reading._opened = file;
            return reading;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a stream, which may be packed with gzip and stays open.</summary>
    public static CsvReading Open(Stream stream, string name, CsvOptions options, IReadOnlyDictionary<string, ColumnKind>? kinds = null)
    {
        GZipStream? unpacked = null;
        try
        {
            byte[] start = new byte[StartBytes];
            long? size = stream.CanSeek ? stream.Length - stream.Position : null;
            int length = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false);
            var plain = new StartedStream(start.AsMemory(0, length), stream);
            if (length >= 2 && start[0] == 0x1F && start[1] == 0x8B)
            {
                unpacked = new GZipStream(plain, CompressionMode.Decompress);
                start = new byte[StartBytes];
            }

            Stream whole = unpacked is null ? plain : unpacked;
            length = whole.ReadAtLeast(start, StartBytes, throwOnEndOfStream: false);
            Encoding encoding = options.Encoding ?? FindEncoding(start.AsSpan(0, length), isWhole: length < StartBytes);
            var started = new StartedStream(start.AsMemory(0, length), whole, unpacked is null ? null : CheckUnpacked);
            var text = new StreamReader(started, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
            _ = text.Peek();
            return new CsvReading(text, name, text.CurrentEncoding.WebName + (unpacked is null ? "" : ", packed with gzip"), options, kinds) { _unpacked = unpacked };

            void CheckUnpacked(long bytes)
            {
                long packed = size ?? plain.Given, most = options.MaxUnpacked ?? ((16 * packed) + (1 << 20));
                if (bytes <= most) return;
                throw new InvalidDataException(FormattableString.Invariant(
                    $"{name}, packed with gzip in {packed} bytes, has more than the {most} bytes that are allowed when it is unpacked. It may have been made to exhaust memory; if you trust it, set a larger MaxUnpacked."));
            }
        }
        catch (Exception problem)
        {
            unpacked?.Dispose();
            if (Explained(problem, name, options) is InvalidDataException explained) throw explained;
            throw;
        }
    }

    /// <summary>Reads a text; the reader stays open.</summary>
    public static CsvReading Open(TextReader text, string name, CsvOptions options)
    {
        try
        {
            return new CsvReading(text, name, "text", options, kinds: null);
        }
        catch (Exception problem) when (Explained(problem, name, options) is InvalidDataException explained)
        {
            throw explained;
        }
    }

    /// <summary>Reads the next row into the builders of its columns.</summary>
    /// <param name="place">Which row of the columns it becomes: the next one, one that it replaces, or −1 if it is only looked at.</param>
    /// <returns>Whether there was one.</returns>
    public bool Read(int place)
    {
        try
        {
            if (!_isAtRow && !_reader.Read()) return Rows > 0 ? false : throw new InvalidDataException($"{_file} has no rows{(_found.HasHeader ? " below its header" : "")}; at least one was expected.");
            _isAtRow = false;
            if (_reader.FieldCount != _columns.Length)
            {
                throw new InvalidDataException(
                    $"{_file}, line {_reader.LineNumber}: {_columns.Length} fields were expected, as in the first line, found {_reader.FieldCount}. A separator ('{CsvText.Show(_found.Separator)}') is " +
                    "missing or too many; a field that contains one needs quotes around it.");
            }

            for (int i = 0; i < _columns.Length; i++)
            {
                ReadOnlySpan<byte> field = _reader.GetSpan(i);
                ColumnBuilder column = _columns[i];
                if (field.IsEmpty ? _emptyIsMissing : _markerStarts[field[0]] && IsMarker(field))
                {
                    column.AddMissing(place);
                    continue;
                }

                double value = 0;
                NumberForm form = column.KeepsText ? NumberForm.None : _number.Read(field, out value);
                column.Add(form is NumberForm.Shortest or NumberForm.Longer && column.IsNumbers ? default : Decode(field), form, value, _reader.LineNumber, place);
            }

            Rows = Rows < int.MaxValue ? Rows + 1 : throw new InvalidDataException($"{_file} has more than {int.MaxValue} rows. Split it.");
            return true;
        }
        catch (Exception problem) when (Explained(problem, _file, _options) is InvalidDataException explained)
        {
            throw explained;
        }
    }

    /// <summary>Reads all rows that are left.</summary>
    public Table ToEnd()
    {
        while (Read(Rows))
        {
        }

        return Kept();
    }

    /// <summary>The rows that are kept, as a table.</summary>
    public Table Kept()
    {
        string thousands = _found.Thousands is char sign ? $", thousands '{sign}'" : "";
        TableColumn[] columns = [.. _columns.Select(column => column.Build())];
        return new Table(
            columns, columns[0].Rows, $"{_file} (separator '{CsvText.Show(_found.Separator)}', decimal point '{_found.DecimalPoint}'{thousands}, {(_found.HasHeader ? "with" : "no")} header, {_encoding})");
    }

    /// <summary>Forgets the rows that are kept.</summary>
    public void Clear()
    {
        foreach (ColumnBuilder column in _columns) column.Clear();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _unpacked?.Dispose();
        _opened?.Dispose();
    }

    private static InvalidDataException? Explained(Exception problem, string file, CsvOptions options) => problem switch
    {
        CsvFormatException format => new(
            $"{file}, line {format.LineNumber}: {format.Message} Quotes enclose a whole field, and a quote inside is doubled; a row is at most {options.MaxRowLength} bytes long (MaxRowLength).", format),
        DecoderFallbackException => new($"{file} is not UTF-8 text from some place on, as its first megabyte is: save it as UTF-8, or set Encoding. {problem.Message}", problem),
        InvalidDataException when !problem.Message.StartsWith(file, StringComparison.Ordinal) => new($"{file} cannot be unpacked; the gzip file is damaged. Fetch it again. ({problem.Message})", problem),
        _ => null,
    };

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

    private CsvReaderOptions ReaderOptions() => CsvReaderOptions.Default with
    {
        HasHeader = false,
        Separator = _found.Separator,
        TrimWhitespace = _options.TrimSpaces,
        MaxRecordSize = _options.MaxRowLength,
        MalformedData = CsvMalformedDataHandling.Throw,
        SkipEmptyLines = true,
        TrackLineNumbers = true,
    };

    private ColumnBuilder[] Builders(IReadOnlyDictionary<string, ColumnKind>? kinds)
    {
        string[] names = _options.ColumnNames.Count > 0 ? [.. _options.ColumnNames]
            : [.. Enumerable.Range(0, _reader.FieldCount).Select(i => _found.HasHeader ? _reader.GetString(i) : i.ToString(CultureInfo.InvariantCulture))];
        if (names.Length != _reader.FieldCount)
        {
            throw new InvalidDataException($"{_file}, line {_reader.LineNumber}: {names.Length} column names were given, but there are {_reader.FieldCount} fields. Give one for each.");
        }

        int empty = Array.FindIndex(names, string.IsNullOrWhiteSpace);
        if (empty >= 0) throw new InvalidDataException($"{_file}, line {_reader.LineNumber}: column {empty} (from 0) has no name in the header. Name it, or set HasHeader = false if this line is not a header.");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: string twice })
        {
            throw new InvalidDataException(
                $"{_file}, line {_reader.LineNumber}: the column name '{Guard.Shorten(twice)}' occurs twice. Give each column a different name{(_options.HasHeader is null ? ", or set HasHeader = false if this line is not a header" : "")}.");
        }

        HashSet<string> texts = new(_options.Text, StringComparer.Ordinal);
        if (texts.FirstOrDefault(name => !names.Contains(name)) is string unknown) throw new ArgumentException($"{_file} has no column '{unknown}', which the option Text names. The columns are {Table.Names(names)}.");
        if (kinds is not null && !names.ToHashSet(StringComparer.Ordinal).SetEquals(kinds.Keys)) throw new InvalidDataException($"{_file} has other columns than when it was read first: {Table.Names(names)}. It must not change meanwhile.");
        return [.. names.Select(name => new ColumnBuilder(name, _file, texts.Contains(name) ? ColumnKind.Category : kinds?[name], _number))];
    }

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
