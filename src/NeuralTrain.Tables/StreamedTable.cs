namespace NeuralTrain;

/// <summary>A CSV file that is larger than memory: read once to find out what its columns hold, and again in each epoch of a training.</summary>
/// <remarks>
/// <para>
/// A sample of the rows is in memory, drawn from the whole file with equal probability. The schema is inferred from it: kinds, missing values and the classes of a target are those of the whole file, while
/// medians, quartiles, means and categories of inputs are those of the sample. A category that is not in it counts as unknown. The file must not change meanwhile.
/// </para>
/// <code>
/// var rows = StreamedTable.FromCsv("clicks.csv");
/// TableModel model = TableModel.Fit(rows, rows.Sample.InferSchema(target: "bought"), random);
/// </code>
/// </remarks>
public sealed class StreamedTable
{
    private const int BlockRows = 256;

    private readonly string _path;
    private readonly CsvOptions _options;

    // Where the rows of the sample are in the file.
    private readonly int[] _places;

    private StreamedTable(string path, CsvOptions options, int rows, Table sample, int[] places) => (_path, _options, Rows, Sample, _places) = (path, options, rows, sample, places);

    /// <summary>The number of rows of the file.</summary>
    public int Rows { get; }

    /// <summary>Rows drawn from the whole file, in its order; the same ones each time. All rows, if there are no more.</summary>
    public Table Sample { get; }

    /// <summary>Reads a CSV file once, as <see cref="Table.FromCsv(string, CsvOptions?)"/> does, and keeps a sample of its rows.</summary>
    /// <param name="path">The file, which may be packed with gzip.</param>
    /// <param name="options">How it is to be read; null, the default, for what the file shows.</param>
    /// <param name="sampleRows">
    /// The number of rows that may be in memory, 10 or more: the sample, and in training the shuffle buffer. Default 100 000. Each takes about 8 bytes for each column and for each input.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 10.</exception>
    /// <inheritdoc cref="Table.FromCsv(string, CsvOptions?)" path="/exception"/>
    public static StreamedTable FromCsv(string path, CsvOptions? options = null, int sampleRows = 100_000)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (sampleRows < TableModel.FewestRows) throw new ArgumentOutOfRangeException(nameof(sampleRows), $"sampleRows must be {TableModel.FewestRows} or more, received {sampleRows}.");
        options ??= new CsvOptions();
        using CsvReading reading = CsvReading.Open(path, options);

        // Of n rows each is kept with the same chance. Source: Vitter, "Random Sampling with a Reservoir", 1985, algorithm R.
        var random = new Random(0);
        var places = new List<int>();
        while (true)
        {
            int row = reading.Rows, drawn = row < sampleRows ? row : random.Next(row + 1), place = drawn < sampleRows ? drawn : -1;
            if (!reading.Read(place)) break;
            if (place == places.Count) places.Add(row);
            else if (place >= 0) places[place] = row;
        }

        int[] order = [.. Enumerable.Range(0, places.Count).OrderBy(i => places[i])];
        return new StreamedTable(path, options, reading.Rows, reading.Kept().Select(order), [.. places.Order()]);
    }

    /// <summary>How many rows there are, how the file was read, and the columns of the sample.</summary>
    public override string ToString() => FormattableString.Invariant($"{Rows} rows, of which these are in memory: {Sample}");

    /// <summary>The rows of the file without some of the sample, encoded, to be read again in each epoch.</summary>
    /// <param name="schema">What the columns mean.</param>
    /// <param name="heldOut">Which rows of the sample to leave out.</param>
    /// <param name="codes">Counts the codes of embedded columns while the rows are read; null if they are not needed.</param>
    internal StreamedData Encode(TableSchema schema, int[] heldOut, CodeCounts? codes)
    {
        var encoder = new TableEncoder(schema);
        if (encoder.HasWeights) throw new InvalidOperationException("A column is a weight, which rows that are read from a file in each epoch cannot have. Read the file with Table.FromCsv, or leave the column out: Ignore().");
        schema.CheckColumns(Sample, needsTargets: true);
        int[] held = [.. heldOut.Select(row => _places[row]).Order()];
        var data = StreamedData.From(() => Read(encoder, held, codes), row => row.Inputs, row => row.Targets, encoder.Classes, Rows - held.Length, encoder.InputNames, encoder.TargetNames);
        data.ShuffleWindow = Sample.Rows;
        return data;
    }

    // The arrays are the same ones for each row.
    private IEnumerable<(float[] Inputs, float[] Targets)> Read(TableEncoder encoder, int[] held, CodeCounts? codes)
    {
        var (inputs, targets) = (new float[encoder.InputSize], new float[encoder.TargetSize]);
        using CsvReading reading = CsvReading.Open(_path, _options, Sample.Columns.ToDictionary(column => column.Name, column => column.Kind));
        int first = 0, nextHeld = 0;
        for (int length; (length = ReadBlock()) > 0; first += length)
        {
            if (reading.Rows > Rows) throw Changed(reading);
            Table block = reading.Kept();
            Matrix encoded = encoder.Inputs(block, first), truths = encoder.Targets(block, first);
            for (int row = 0; row < length; row++)
            {
                if (nextHeld < held.Length && held[nextHeld] == first + row)
                {
                    nextHeld++;
                    continue;
                }

                encoded.Row(row).CopyTo(inputs);
                truths.Row(row).CopyTo(targets);
                codes?.Add(inputs);
                yield return (inputs, targets);
            }
        }

        if (first < Rows) throw Changed(reading);

        int ReadBlock()
        {
            reading.Clear();
            int rows = 0;
            while (rows < BlockRows && reading.Read(rows)) rows++;
            return rows;
        }
    }

    private InvalidDataException Changed(CsvReading reading) => new($"{_path} has changed: it had {Rows} rows when it was read first, and now {(reading.Rows > Rows ? "more" : reading.Rows)}. It must stay as it is while a model is trained.");
}
