using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <content>Tables from CSV files.</content>
public sealed partial class Table
{
    /// <summary>Reads a CSV file, which may be packed with gzip. Separator, decimal sign, header and encoding are found from the file unless the options say them.</summary>
    /// <remarks>
    /// The file is read once. A column is numbers, dates (all in one form), flags (true and false) or texts; what is missing is left empty. What can be read in two ways is refused, showing
    /// both, if it concerns the whole file, and otherwise becomes a finding of the <see cref="TableSchema"/>.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is to be read; null, the default, for what the file shows.</param>
    /// <exception cref="InvalidDataException">The file cannot be understood, or in two ways; the message says in which line, what was expected, and what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path, a stream and a reader are not confused.")]
    public static Table FromCsv(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using CsvReading reading = CsvReading.Open(path, options ?? new CsvOptions());
        return reading.ToEnd();
    }

    /// <summary>Reads CSV from a stream, which may be packed with gzip, from where it is to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <param name="options">How it is to be read; null, the default, for what it shows.</param>
    /// <inheritdoc cref="FromCsv(string, CsvOptions?)" path="/remarks|/exception"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path, a stream and a reader are not confused.")]
    public static Table FromCsv(Stream stream, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using CsvReading reading = CsvReading.Open(stream, "The CSV stream", options ?? new CsvOptions());
        return reading.ToEnd();
    }

    /// <summary>Reads CSV from a stream that must not be read synchronously, such as the body of a request; it may be packed with gzip. The stream stays open.</summary>
    /// <param name="stream">The stream, from where it is to its end. It is copied into memory first, as it is: whoever serves others limits its length.</param>
    /// <param name="options">How it is to be read; null, the default, for what it shows.</param>
    /// <param name="cancellationToken">Ends the reading, with an <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="FromCsv(string, CsvOptions?)" path="/remarks|/exception"/>
    public static async Task<Table> FromCsvAsync(Stream stream, CsvOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        copy.Position = 0;
        return FromCsv(copy, options);
    }

    /// <summary>Reads CSV from a text. The reader stays open.</summary>
    /// <param name="text">The text, as <c>new StringReader(csv)</c>.</param>
    /// <param name="options">How it is to be read; null, the default, for what it shows.</param>
    /// <inheritdoc cref="FromCsv(string, CsvOptions?)" path="/remarks|/exception"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path, a stream and a reader are not confused.")]
    public static Table FromCsv(TextReader text, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        using CsvReading reading = CsvReading.Open(text, "The CSV text", options ?? new CsvOptions());
        return reading.ToEnd();
    }
}
