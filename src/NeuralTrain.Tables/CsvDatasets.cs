namespace NeuralTrain;

/// <summary>Data sets from CSV files: <c>Dataset.FromCsv("wine.csv", target: "class")</c>.</summary>
public static class CsvDatasets
{
    extension(Dataset)
    {
        /// <summary>Loads a CSV file. Text in the target column means classes, numbers are predicted as numbers, unless the options say otherwise; several targets are always numbers.</summary>
        /// <remarks>
        /// All other columns become inputs: numbers as they are, text as one input for each category. For a test file with the same columns and
        /// categories, fit a <see cref="CsvSchema"/>. The file is read twice, first to learn its columns and then to load them; it may be packed with gzip.
        /// </remarks>
        /// <param name="path">The file.</param>
        /// <param name="target">What is to be predicted, by name or by position: <c>"class"</c>, <c>0</c>, <c>^1</c> for the last column, <c>["Y1", "Y2"]</c>.</param>
        /// <param name="options">How the file is to be read; null, the default, for those of <see cref="CsvOptions"/>.</param>
        /// <exception cref="InvalidDataException">The file cannot be understood; the message says in which line, what was expected, and what to do.</exception>
        /// <exception cref="ArgumentException">There is no such column.</exception>
        /// <exception cref="IOException">The file cannot be read.</exception>
        public static Dataset FromCsv(string path, CsvColumns target, CsvOptions? options = null) => CsvSchema.Fit(path, target, options).Load(path);

        /// <summary>Loads a CSV file with the columns, categories and classes of a training file.</summary>
        /// <param name="path">The file.</param>
        /// <param name="schema">What the training file taught.</param>
        /// <exception cref="InvalidDataException">The file does not follow it; the message says in which line, what was expected, and what to do.</exception>
        /// <exception cref="IOException">The file cannot be read.</exception>
        public static Dataset FromCsv(string path, CsvSchema schema)
        {
            ArgumentNullException.ThrowIfNull(schema);
            return schema.Load(path);
        }
    }
}
