namespace NeuralTrain.Tests.Tables;

/// <summary>Names and values of a hundred thousand letters, and with what could change the line, in files: messages stay short, and show them on one line.</summary>
public sealed class LongNameTests
{
    private static readonly string Tail = "\u001b[31m\u2028\u202e" + new string('x', 100_000);

    [Fact]
    public void Of_the_columns_and_values_of_a_CSV_file()
    {
        CheckShort(() => Read($"a{Tail},a{Tail}\n1,2\n"));
        CheckShort(() => _ = Read($"a{Tail},b\n1,2\n")["c"]);
        CheckShort(() => Read($"a{Tail};b,c\nb{Tail};d,e\n"));
        CheckShort(() => Table.FromCsv(new StringReader($"a{Tail},b\n1,2\n"), new CsvOptions { Text = ["c"] }));
        CheckShort(() => Read($"a{Tail},b\n1,2\n3,\n").InferSchema("b"));
        CheckShort(() => Read($"a{Tail},b\n1,2\n3,4\n").InferSchema("b")["c"].Ignore());
    }

    [Fact]
    public void Of_a_schema_with_its_findings_and_of_what_a_prediction_refuses()
    {
        string text = $"a{Tail},k{Tail},t{Tail}\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7}.5,name{i},{(i % 2 == 0 ? "yes" : "no")}{Tail}\n")));
        Table table = Read(text);
        TableSchema schema = table.InferSchema($"t{Tail}");
        schema.Findings.Should().NotBeEmpty();
        foreach (string shown in (string[])[$"{table}", $"{schema}", .. schema.Findings.Select(finding => $"{finding}"), .. schema.Columns.Select(column => $"{column}")]) CheckShort(shown);
        TableModel model = TableModel.Fit(table, schema, new Random(1), new TableFitOptions { Epochs = 1, Hidden = [4] });
        foreach (string line in model.Explain().Split('\n')) CheckShort(line);
        CheckShort($"{model}");
        CheckShort($"{model.Evaluate(table)}");
        CheckShort(() => model.ToPredictor().Predict(new Dictionary<string, object?> { [$"other{Tail}"] = 1 }));
        CheckShort(() => model.ToPredictor().Predict(new Dictionary<string, object?> { [$"a{Tail}"] = $"text{Tail}" }));
        CheckShort(() => model.Evaluate(Read(text.Replace("yes\u001b", "maybe\u001b", StringComparison.Ordinal))));
    }

    [Fact]
    public void Of_the_schema_in_a_damaged_file()
    {
        using var stream = new MemoryStream();
        var network = new Sequential(new Linear(1, 1, new Random(1)));
        ModelFile.Save(stream, network, texts: new Dictionary<string, string> { ["neuraltrain.table"] = $$"""{"a{{new string('x', 100_000)}}":1}""" });
        stream.Position = 0;
        CheckShort(() => TableModel.Load(stream));
    }

    private static Table Read(string text) => Table.FromCsv(new StringReader(text));

    private static void CheckShort(Action act)
    {
        Exception? refusal = Record.Exception(act);
        refusal.Should().Match(problem => problem is InvalidDataException || problem is ArgumentException || problem is TableRowException);
        CheckShort(refusal!.Message);
    }

    private static void CheckShort(string shown)
    {
        shown.Length.Should().BeInRange(20, 4000);
        shown.Should().NotContainAny("\u001b", "\u2028", "\u202e");
    }
}
