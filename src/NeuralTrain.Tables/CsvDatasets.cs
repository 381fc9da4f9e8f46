using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <summary>Data sets from CSV files: <c>Dataset.FromCsv("wine.csv", target: "class")</c>.</summary>
public static class CsvDatasets
{
    // Beyond 16 times the size of the file: more than tables of categories grow by, and less than any machine has.
    private const long MostBytes = 256 << 20;

    extension(Dataset)
    {
        /// <summary>Loads a CSV file as inputs and targets, the short way: for names, test files and services use a <see cref="Table"/> and its <see cref="TableSchema"/>.</summary>
        /// <remarks>
        /// Numbers stay as they are, so begin the network with a <see cref="Standardization"/>; categories become one input each, and where a value is missing, the mean or 0 takes its place and an input says so.
        /// Text in the target column means classes, as one-hot rows; numbers are predicted as numbers.
        /// </remarks>
        /// <param name="path">The file, which may be packed with gzip.</param>
        /// <param name="target">What is to be predicted; a column of a file without a header is called by its number, from <c>"0"</c>.</param>
        /// <param name="options">How the file is to be read; null, the default, for what it shows.</param>
        /// <exception cref="InvalidDataException">
        /// The file or a column cannot be understood, or in two ways, or its categories would become inputs of more than 16 times its size and 256 MB; the message says what to do.
        /// </exception>
        /// <exception cref="ArgumentException">There is no such column.</exception>
        /// <exception cref="IOException">The file cannot be read.</exception>
        [SuppressMessage("ApiDesign", "RS0026", Justification = "One name and several are not confused.")]
        public static Dataset FromCsv(string path, string target, CsvOptions? options = null) => FromCsv(path, [target], options);

        /// <summary>Loads a CSV file with several targets, which are numbers.</summary>
        /// <param name="path">The file, which may be packed with gzip.</param>
        /// <param name="targets">What is to be predicted.</param>
        /// <param name="options">How the file is to be read; null, the default, for what it shows.</param>
        /// <inheritdoc cref="FromCsv(string, string, CsvOptions?)" path="/remarks|/exception"/>
        [SuppressMessage("ApiDesign", "RS0026", Justification = "One name and several are not confused.")]
        public static Dataset FromCsv(string path, IReadOnlyList<string> targets, CsvOptions? options = null)
        {
            Table table = Table.FromCsv(path, options);
            TableSchema schema = table.InferSchema(targets);
            schema.Scaling = NumberScaling.None;
            foreach (ColumnSchema column in schema.Columns.Where(column => column.EmbeddingSize > 0)) column.KeepOneHot();
            var encoder = new TableEncoder(schema, oneHot: true);
            CheckSize(table, encoder, path);
            return encoder.Encode(table);
        }
    }

    // A few kilobytes of categories can become gigabytes.
    private static void CheckSize(Table table, TableEncoder encoder, string path)
    {
        long size = new FileInfo(path).Length, width = encoder.InputSize + encoder.TargetSize, most = (16 * size) + MostBytes, bytes = width * table.Rows * sizeof(float);
        if (bytes <= most) return;
        TableColumn widest = table.Columns.MaxBy(column => column.Kind == ColumnKind.Category ? column.Texts.Count : 0)!;
        throw new InvalidDataException(FormattableString.Invariant(
            $"{path} of {size} bytes would become {table.Rows} rows of {width} inputs and targets, {bytes} bytes, more than the {most} that are allowed: column '{Guard.Shorten(widest.Name)}' has {widest.Texts.Count} different texts, each of which becomes a column. ")
            + "Take a Table and its TableSchema instead, and Embed or Ignore such columns.");
    }
}
