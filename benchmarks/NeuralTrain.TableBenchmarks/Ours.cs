namespace NeuralTrain.TableBenchmarks;

/// <summary>NeuralTrain with its defaults.</summary>
internal sealed record Ours(string Name, int Members) : Method(Name)
{
    public override Outcome Run(Problem problem, Table train, Table test, int seed, bool measuresServing)
    {
        TableModel model = Timed(() => TableModel.Fit(train, problem.Schema, new Random(seed), new TableFitOptions { Members = Members }), out double seconds, out double processor);
        TablePredictor predictor = model.ToPredictor();
        double[][] predictions =
        [
            .. predictor.Predict(test).Select(answer => problem.IsClasses
                ? problem.Schema.Classes.Select(name => answer.Probabilities[name]).ToArray()
                : problem.Schema.Targets.Select(target => answer.Values[target.Name].Value).ToArray()),
        ];
        using var file = new MemoryStream();
        model.Save(file);
        double batch = double.NaN, single = double.NaN;
        if (measuresServing)
        {
            Table many = test.Select([.. Enumerable.Range(0, 1000).Select(i => i % test.Rows)]);
            string[] inputs = [.. problem.Schema.Columns.Where(column => column.Role == ColumnRole.Input).Select(column => column.Name)];
            Dictionary<string, object?>[] rows = [.. Enumerable.Range(0, Math.Min(1000, test.Rows)).Select(row => inputs.ToDictionary(name => name, name => test[name].Value(row)))];
            batch = Rate(many.Rows, () => predictor.Predict(many));
            single = Rate(rows.Length, () =>
            {
                foreach (Dictionary<string, object?> row in rows) predictor.Predict(row);
            });
        }

        return new Outcome(predictions, seconds, processor, batch, single, file.Length);
    }
}
