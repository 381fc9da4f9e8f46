namespace NeuralTrain.TableBenchmarks;

/// <summary>A table, what is predicted from it, and how often it is split.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Table">All rows.</param>
/// <param name="Schema">What the columns mean.</param>
/// <param name="Splits">How many random splits into 80 % and 20 %.</param>
internal sealed record Problem(string Name, Table Table, TableSchema Schema, int Splits)
{
    private static readonly string[] AdultNames =
    [
        "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race", "sex",
        "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
    ];

    public bool IsClasses => Schema.Classes.Count > 0;

    /// <summary>Outputs of a prediction: a probability for each class, or a number for each target.</summary>
    public int Outputs => IsClasses ? Schema.Classes.Count : Schema.Targets.Count;

    public string[] NumberColumns => [.. Inputs(ColumnKind.Number)];

    public string[] TextColumns => [.. Inputs(ColumnKind.Category)];

    /// <summary>The nine tables of a folder, read when they are asked for.</summary>
    public static IEnumerable<(string Name, Func<Problem> Read)> In(string folder, int splits, int adultSplits)
    {
        foreach ((string name, string file, int targets, bool areClasses) in new[]
        {
            ("iris", "iris.csv", 1, true),
            ("wine", "wine.csv", 1, true),
            ("banknote", "banknote_authentication.csv", 1, true),
            ("sonar", "sonar.csv", 1, true),
            ("wine quality", "winequality-red.csv", 1, false),
            ("concrete", "concrete.csv", 1, false),
            ("energy", "energy.csv", 2, false),
            ("yacht", "yacht.csv", 1, false),
        })
        {
            yield return (name, () =>
            {
                Table table = Table.FromCsv(Path.Combine(folder, file));
                string[] names = [.. table.Columns.TakeLast(targets).Select(column => column.Name)];
                TableSchema schema = table.InferSchema(names);
                foreach (string target in names) _ = areClasses ? schema[target].AsCategory() : schema[target].AsNumber();
                return new Problem(name, table, schema, splits);
            });
        }

        yield return ("adult", () =>
        {
            // Both files are one table here, so that splits can be drawn as of the others.
            string both = Path.GetTempFileName();
            using (var writer = new StreamWriter(both))
            {
                foreach (string file in new[] { "adult-train.csv.gz", "adult-test.csv.gz" })
                {
                    using var reader = new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(Path.Combine(folder, file)), System.IO.Compression.CompressionMode.Decompress));
                    while (reader.ReadLine() is string line)
                    {
                        if (line.Contains(',', StringComparison.Ordinal)) writer.WriteLine(line.TrimEnd('.'));
                    }
                }
            }

            Table table = Table.FromCsv(both, new CsvOptions { ColumnNames = AdultNames });
            File.Delete(both);
            TableSchema schema = table.InferSchema("income");
            schema["fnlwgt"].Ignore();
            return new Problem("adult", table, schema, adultSplits);
        });
    }

    /// <summary>The same parts for every method: 80 % to train with, classes in their proportion.</summary>
    public (Table Train, Table Test) Split(int number) => Table.Split(0.8, new Random(1000 + number), IsClasses ? Schema.Targets[0].Name : null);

    /// <summary>The place of the class, or the numbers, of each row.</summary>
    public double[][] Truths(Table table) =>
    [
        .. Enumerable.Range(0, table.Rows).Select(row => IsClasses
            ? [IndexOf(table[Schema.Targets[0].Name].Value(row)!)]
            : Schema.Targets.Select(target => (double)table[target.Name].Value(row)!).ToArray()),
    ];

    private IEnumerable<string> Inputs(ColumnKind kind) => Schema.Columns.Where(column => column.Role == ColumnRole.Input && column.Kind == kind).Select(column => column.Name);

    private double IndexOf(object value)
    {
        string text = value is double number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : (string)value;
        for (int i = 0; i < Schema.Classes.Count; i++)
        {
            if (Schema.Classes[i] == text) return i;
        }

        throw new InvalidDataException($"'{text}' is no class.");
    }
}
