using System.Text.Json.Nodes;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/tables.md, in a folder of its own.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class TablesPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public TablesPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void A_table_becomes_a_model_that_takes_named_fields()
    {
        var random = new Random(1);
        File.WriteAllText("people.csv", "id;age;city;member;income\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"{i};{(i % 7 == 3 ? "" : $"{20 + (i * 13 % 41)},5")};{"Berlin Hamburg Ulm".Split(' ')[i * 7 % 3]};{(i % 4 == 1 ? "True" : "false")};{(20 + (i * 13 % 41) > 40 ? "high" : "low")}\n")));

        // <snippet tables-fit>
        Table table = Table.FromCsv("people.csv");
        TableSchema schema = table.InferSchema(target: "income");
        schema["id"].Ignore();
        var (train, test) = table.Split(0.8, random, stratifyBy: "income");
        TableModel model = TableModel.Fit(train, schema, random);
        TableEvaluation evaluation = model.Evaluate(test);
        Console.WriteLine(evaluation);
        model.Save("income.safetensors");
        // </snippet>

        // <snippet tables-predict>
        TablePredictor predictor = TablePredictor.Load("income.safetensors");
        TablePrediction answer = predictor.Predict(new { Age = 39, City = "Ulm", Member = true });
        Console.WriteLine(answer);                              // low (56.0 %)
        // </snippet>

        var quick = new TableFitOptions { Epochs = 2 };

        // <snippet tables-judge>
        CrossValidation validation = TableModel.CrossValidate(table, schema, random, folds: 5, options: quick);
        Console.WriteLine(validation);                          // a line for each metric: mean ± standard deviation
        TableImportance importance = model.PermutationImportance(test);
        Console.WriteLine(importance);                          // how much worse without age, without city, …
        // </snippet>

        // <snippet tables-continue>
        TableModel yesterday = TableModel.Load("income.safetensors");
        TableModel today = yesterday.Continue(Table.FromCsv("people.csv"), random);
        today.Save("income.safetensors");                       // replaced as a whole, or not at all
        // </snippet>

        // <snippet tables-stream>
        var rows = StreamedTable.FromCsv("people.csv");          // one pass over the file; a sample of 100 000 rows stays in memory
        TableSchema known = rows.Sample.InferSchema(target: "income");
        known["id"].Ignore();
        TableModel.Fit(rows, known, random).Save("income.safetensors");
        // </snippet>

        TablePredictor.Load("income.safetensors").Predict(new { Age = 39, City = "Ulm", Member = true }).Label.Should().BeOneOf("low", "high");
        validation.Evaluations.Sum(part => part.Rows).Should().Be(60);
        importance.Columns.Select(column => column.Name).Should().BeEquivalentTo("age", "city", "member");
        today.Explain().Should().Contain("continued with 60 rows");
        table.ToString().Should().Be(MarkdownPages.Output("tables-read"));
        evaluation.Rows.Should().Be(12);
        answer.Label.Should().BeOneOf("low", "high");
        predictor.Invoking(own => own.Predict(JsonNode.Parse("""{"Agee":39,"member":true}""")!.AsObject()))
            .Should().Throw<TableRowException>().Which.Message.Should().Be(MarkdownPages.Output("tables-refused"));
    }
}
