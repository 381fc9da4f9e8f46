
namespace NeuralTrain.Tests.Tables;

/// <summary>What a trained model makes of values that are odd, written otherwise, or wrong.</summary>
public sealed class ServingTests : IDisposable
{
    private static readonly TableFitOptions Quick = new() { Hidden = [16], Epochs = 3, BatchSize = 16 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_unknown_category_of_many_is_predicted_like_the_average_row_and_without_an_interval(int members)
    {
        var random = new Random(5);
        Table table = Table.From(Enumerable.Range(0, 600).Select(i => new { Place = $"place {i % 12}", X = random.NextDouble(), Y = 1000.0 + (100 * (i % 12)) }));
        for (int seed = 0; seed < 6; seed++)
        {
            TableModel model = TableModel.Fit(table, table.InferSchema("Y"), new Random(seed), new TableFitOptions { Epochs = 30, Members = members });
            Check(model);
            model.Save(_folder["m"]);
            Check(TableModel.Load(_folder["m"]).Continue(table, new Random(seed), new TableFitOptions { Epochs = 2 }));
        }

        static void Check(TableModel model)
        {
            TablePredictor predictor = model.ToPredictor();
            TablePrediction unknown = predictor.Predict(new { Place = "elsewhere", X = 0.5 });
            unknown.Value.Should().BeInRange(0.85 * 1550, 1.15 * 1550);
            unknown.UnknownCategories.Should().Equal("Place");
            unknown.Values["Y"].Low.Should().BeNull();
            predictor.Predict(new { Place = "place 3", X = 0.5 }).Values["Y"].Low.Should().NotBeNull();
        }
    }
}
