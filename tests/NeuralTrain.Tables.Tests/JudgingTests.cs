using System.Text.Json;

namespace NeuralTrain.Tests.Tables;

public sealed class JudgingTests
{
    private static readonly TableFitOptions Quick = new() { Hidden = [16], Epochs = 15, BatchSize = 16 };

    [Fact]
    public void Cross_validation_holds_out_every_row_once_in_each_repeat_and_gives_mean_and_deviation()
    {
        Table table = Drawn(120, seed: 1);
        CrossValidation found = TableModel.CrossValidate(table, table.InferSchema("Kind"), new Random(2), folds: 4, repeats: 2, Quick with { Epochs = 5 });
        found.Evaluations.Select(evaluation => evaluation.Rows).Should().Equal(Enumerable.Repeat(30, 8));
        double[] values = [.. found.Evaluations.Select(evaluation => evaluation["accuracy"])];
        double mean = values.Sum() / 8;
        found.Mean("accuracy").Should().BeApproximately(mean, 1e-12);
        found.Deviation("ACCURACY").Should().BeApproximately(Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / 7), 1e-12);
        found.ToString().Should().StartWith("8 parts held out, of 240 rows in all\nKind accuracy ");
        CrossValidation read = JsonSerializer.Deserialize<CrossValidation>(JsonSerializer.Serialize(found, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;
        read.ToString().Should().Be(found.ToString());
        ((Action)(() => found.Mean("beauty"))).Should().Throw<ArgumentException>().WithMessage("*'beauty'*'accuracy'*");
        ((Action)(() => TableModel.CrossValidate(table, table.InferSchema("Kind"), new Random(2), folds: 1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*2 to the number of rows, 120, received 1*");
    }

    [Fact]
    public void Shuffling_a_column_that_tells_the_target_hurts_and_one_that_does_not_does_not()
    {
        var (train, test) = Drawn(600, seed: 3).Split(0.5, new Random(1));
        TableModel model = TableModel.Fit(train, train.InferSchema("Kind"), new Random(2), Quick);
        TableImportance found = model.PermutationImportance(test);
        found.Columns.Select(column => column.Name).Should().BeEquivalentTo("Size", "Noise", "Color");
        found.Columns[0].Name.Should().Be("Size");
        found.Columns[0].Rise.Should().BeGreaterThan(0.2);
        Math.Abs(found.Columns.Single(column => column.Name == "Noise").Rise).Should().BeLessThan(0.05);
        found.Columns.Should().AllSatisfy(column => column.Deviation.Should().BePositive());
        found.Baseline.Should().BeApproximately(model.Evaluate(test)["log-loss"], 1e-5);
        model.PermutationImportance(test).ToString().Should().Be(found.ToString());
        JsonSerializer.Deserialize<TableImportance>(JsonSerializer.Serialize(found, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!.ToString().Should().Be(found.ToString());
    }

    [Fact]
    public void An_evaluation_tells_every_metric_of_classes_and_of_numbers_and_is_read_back_from_JSON()
    {
        Table table = Drawn(300, seed: 4);
        TableEvaluation classes = TableModel.Fit(table, table.InferSchema("Kind"), new Random(2), Quick).Evaluate(table);
        classes.Targets["Kind"].Select(value => value.Name).Should().Equal("accuracy", "balanced accuracy", "ROC AUC", "average precision", "log-loss", "Brier score", "calibration error");
        classes["accuracy"].Should().Be(classes.Confusion!.Accuracy);
        JsonSerializer.Deserialize<TableEvaluation>(JsonSerializer.Serialize(classes, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!.ToString().Should().Be(classes.ToString());
        TableEvaluation numbers = TableModel.Fit(table, table.InferSchema("Size"), new Random(2), Quick).Evaluate(table);
        numbers.Targets["Size"].Select(value => value.Name).Should().Equal("MAE", "RMSE", "R²", "within the 90 % interval");
        numbers.Confusion.Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Errors_of_numbers_far_from_0_are_measured_finer_than_a_float_there(bool log)
    {
        var random = new Random(1);
        Table table = Table.From(Enumerable.Range(0, 200).Select(_ => (Speed: random.NextDouble(), Noise: random.NextDouble()))
            .Select(row => new { row.Speed, row.Noise, Moment = 1.7e9 + (30 * row.Speed) + (3 * row.Noise) }).ToArray());
        TableSchema schema = table.InferSchema("Moment");
        schema["Noise"].Ignore();
        schema["Moment"].Target(log: log);
        TableModel model = TableModel.Fit(table, schema, new Random(2), Quick);
        double[] errors = [.. model.Predict(table).Select((found, row) => found.Value!.Value - (double)table["Moment"].Value(row)!)], truths = [.. errors.Select((_, row) => (double)table["Moment"].Value(row)!)];
        double squares = errors.Average(error => error * error), mean = truths.Average();
        TableEvaluation measured = model.Evaluate(table);
        measured["MAE"].Should().BeApproximately(errors.Average(Math.Abs), 1e-3).And.BePositive();
        measured["RMSE"].Should().BeApproximately(Math.Sqrt(squares), 1e-3);
        measured["R²"].Should().BeApproximately(1 - (squares / truths.Average(truth => (truth - mean) * (truth - mean))), 1e-3);
    }

    [Fact]
    public void A_model_goes_on_with_new_rows_and_never_gets_worse_on_those_held_out()
    {
        TableModel old = TableModel.Fit(Drawn(200, seed: 5), Drawn(200, seed: 5).InferSchema("Kind"), new Random(1), Quick with { Epochs = 2 });
        Table fresh = Drawn(800, seed: 6), test = Drawn(500, seed: 7);
        double before = old.Evaluate(test)["log-loss"];
        TableModel next = old.Continue(fresh, new Random(2), Quick with { LearningRate = 0.01 });
        next.Evaluate(test)["log-loss"].Should().BeLessThan(before);
        old.Evaluate(test)["log-loss"].Should().Be(before, "the old model stays as it is");
        next.Explain().Should().Contain("continued with 800 rows").And.Contain("the new weights are kept");

        TableModel same = next.Continue(fresh, new Random(2), Quick with { LearningRate = 30, Epochs = 1 });
        same.Explain().Should().Contain("the old weights are kept");
        same.Predict(test)[0].ToString().Should().Be(next.Predict(test)[0].ToString());
        ((Action)(() => old.Continue(test.Select([0, 1]), new Random(1)))).Should().Throw<ArgumentException>().WithMessage("*at least 10 rows, received 2*");
    }

    private static Table Drawn(int rows, int seed)
    {
        var random = new Random(seed);
        return Table.From(Enumerable.Range(0, rows).Select(_ =>
        {
            double size = 4 * random.NextDouble();
            return new { Size = size, Noise = random.NextDouble(), Color = random.Next(2) == 0 ? "red" : "blue", Kind = size + (0.5 * random.NextDouble()) > 2.2 ? "large" : "small" };
        }).ToArray());
    }
}
