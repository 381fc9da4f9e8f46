namespace NeuralTrain.Tests.Hosting;

/// <summary>Small table models of people, for all tests.</summary>
internal static class Models
{
    /// <summary>Fields that the models take.</summary>
    public const string Person = """{"age":39.5,"city":"Ulm","member":true,"since":"2020-05-17"}""";

    private static readonly TableFitOptions Quick = new() { Hidden = [8], Epochs = 2, BatchSize = 16 };

    /// <summary>Two models of the same schema that answer differently.</summary>
    public static TableModel First { get; } = Fit(People(1), "income", seed: 1);

    public static TableModel Second { get; } = Fit(People(2), "income", seed: 2);

    /// <summary>People with age (sometimes missing), city, membership, a date, and an income that follows from the age.</summary>
    public static Table People(int seed, string[]? cities = null, string city = "city")
    {
        var random = new Random(seed);
        cities ??= ["Berlin", "Hamburg", "Ulm"];
        IEnumerable<string> lines = Enumerable.Range(0, 120).Select(i =>
        {
            double age = Math.Round(20 + (40 * random.NextDouble()), 2);
            return FormattableString.Invariant(
                $"{i},{(i % 9 == 4 ? "" : age)},{cities[random.Next(cities.Length)]},{random.Next(2) == 0},{new DateTime(2015, 1, 1).AddDays(random.Next(3000)):yyyy-MM-dd},{(age > 40 ? "high" : "low")}");
        });
        return Table.FromCsv(new StringReader(string.Join('\n', lines.Prepend($"id,age,{city},member,since,income"))));
    }

    public static TableModel Fit(Table table, string target, int seed, Action<TableSchema>? change = null)
    {
        TableSchema schema = table.InferSchema(target);
        if (schema.Columns.Any(column => column.Name == "id")) schema["id"].Ignore();
        change?.Invoke(schema);
        return TableModel.Fit(table, schema, new Random(seed), Quick);
    }

    public static TablePrediction Predict(TableModel model, string json = Person) => model.ToPredictor().Predict(JsonNode.Parse(json)!.AsObject());

    public static byte[] Bytes(TableModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
