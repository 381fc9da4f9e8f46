using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace NeuralTrain.Tests;

/// <summary>Table models in ONNX Runtime, column by column, beside their own predictions.</summary>
public sealed class TableOnnxTests
{
    private static readonly TableFitOptions Quick = new() { Epochs = 3, Hidden = [16] };

    public static TheoryData<string, NumberScaling, int> ClassCases =>
    [
        .. from target in (string[])["Taste", "Good"] from scaling in Enum.GetValues<NumberScaling>() select (target, scaling, 1),
        ("Taste", NumberScaling.Robust, 3), ("Good", NumberScaling.Robust, 3),
    ];

    [Theory]
    [MemberData(nameof(ClassCases))]
    public void Classes_get_the_same_probabilities_whatever_is_missing_or_unknown(string target, NumberScaling scaling, int members)
    {
        Table table = Drawn(300);
        TableSchema schema = Schema(table, [target]);
        schema.Scaling = scaling;
        TableModel model = TableModel.Fit(table, schema, new Random(1), Quick with { Members = members, RejectBelow = 0.6, ThresholdMetric = target == "Good" ? new F1() : null });
        ShouldAgree(model, table);
        ShouldAgree(model, WithUnknown(table));
    }

    [Theory]
    [InlineData(NumberScaling.Robust, false, false)]
    [InlineData(NumberScaling.Robust, false, true)]
    [InlineData(NumberScaling.Robust, true, false)]
    [InlineData(NumberScaling.Robust, true, true)]
    [InlineData(NumberScaling.None, false, false)]
    [InlineData(NumberScaling.Standard, true, false)]
    public void Numbers_come_in_their_own_units_with_their_intervals(NumberScaling scaling, bool quantiles, bool log)
    {
        Table table = Drawn(300);
        TableSchema schema = Schema(table, ["Price", "Weight"]);
        schema["Price"].Target(log: log);
        schema.Scaling = scaling;
        foreach (string large in scaling == NumberScaling.None ? ["Moment", "Made"] : Array.Empty<string>()) schema[large].Ignore();
        TableModel model = TableModel.Fit(table, schema, new Random(1), Quick with { AdaptiveIntervals = quantiles });
        ShouldAgree(model, table);
        ShouldAgree(model, WithUnknown(table));
    }

    [Fact]
    public void A_network_with_normalisation_and_without_intervals_is_written_too()
    {
        Table table = Drawn(200);
        TableModel model = TableModel.Fit(table, Schema(table, ["Weight"]), new Random(1), Quick with { Interval = null, Network = (inputs, outputs, random) => new Sequential(new Linear(inputs, 8, random), new BatchNorm(8), new GELU(), new Linear(8, outputs, random)) });
        ShouldAgree(model, table);
    }

    [Fact]
    public void Incomes_of_Adult_get_the_same_probabilities()
    {
        string[] names = ["age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income"];
        Table train = Table.FromCsv(RealData.Table("adult-train.csv.gz"), new CsvOptions { ColumnNames = names });
        Table test = Table.FromCsv(RealData.Table("adult-test.csv.gz"), new CsvOptions { ColumnNames = names }).ReplaceText("income", text => text.TrimEnd('.'));
        ShouldAgree(TableModel.Fit(train, train.InferSchema("income"), new Random(1), Quick with { Epochs = 1 }), test);
    }

    [Theory]
    [InlineData("concrete.csv")]
    [InlineData("winequality-red.csv")]
    [InlineData("iris.csv")]
    [InlineData("sonar.csv")]
    public void Real_tables_get_the_same_answers(string file)
    {
        Table table = Table.FromCsv(RealData.Table(file));
        TableSchema schema = table.InferSchema(table.Columns[^1].Name);
        ShouldAgree(TableModel.Fit(table, schema, new Random(1), Quick with { Members = 2 }), table);
    }

    [Fact]
    public void What_a_prediction_refuses_is_no_answer_in_the_file_either()
    {
        Table table = Drawn(200);
        TableModel model = TableModel.Fit(table, Schema(table, ["Taste"]), new Random(1), Quick);
        using InferenceSession session = Open(model);
        (string Column, object Value)[] refused = [("Size", float.NaN), ("Size", float.PositiveInfinity), ("Old", 0.5f), ("City", ""), ("Kind", ""), ("Moment", double.NaN), ("Made", double.PositiveInfinity)];
        foreach ((string column, object value) in refused)
        {
            using var results = session.Run(Inputs(session, table.Select([0, 1, 2]), (column, 1, value)));
            string[] labels = [.. Of<string>(results, "label")];
            float[] probabilities = Of<float>(results, "probabilities");
            labels[1].Should().BeEmpty("{0} cannot be {1}", column, value);
            probabilities[3..6].Should().AllSatisfy(probability => probability.Should().Be(float.NaN));
            labels[0].Should().NotBeEmpty();
            probabilities[..3].Sum().Should().BeApproximately(1, 1e-5f);
        }
    }

    [Theory]
    [InlineData(NumberScaling.Robust)]
    [InlineData(NumberScaling.Standard)]
    [InlineData(NumberScaling.None)]
    public void A_value_far_from_the_training_data_or_allowed_to_be_missing_is_answered_without_an_interval(NumberScaling scaling)
    {
        string[] always = ["Size", "Old", "Color", "City", "Made"];
        Table drawn = Drawn(300).DropMissing(always);
        TableSchema schema = drawn.InferSchema("Price");
        schema.Scaling = scaling;
        schema["City"].Embed(5);
        foreach (string name in (string[])["Shipped", "Kind", "Region", "Sold", "Moment", "Taste", "Good", "Weight"]) schema[name].Ignore();
        foreach (string name in always) schema[name].AllowMissing();
        if (scaling == NumberScaling.None) schema["Made"].Ignore();
        TableModel model = TableModel.Fit(drawn, schema, new Random(1), Quick);

        // Size reaches from 0 to 4, Depth to 20, Made over two years from 2024: each row but the first two is unlike all of them in one column.
        Row usual = new(2, 5, true, "red", "city 3", new DateTime(2024, 6, 1));
        Table rows = Table.From(new Row[]
        {
            usual, usual with { Size = 7.9, Depth = null }, usual with { Size = 8.5 }, usual with { Size = -5 }, usual with { Depth = 1000 }, usual with { Made = new DateTime(2060, 1, 1) }, usual with { Made = new DateTime(1960, 1, 1) },
            usual with { Size = null }, usual with { Old = null }, usual with { Color = null }, usual with { City = null }, usual with { Made = null },
        });
        IReadOnlyList<TablePrediction> answers = model.Predict(rows);
        answers.Take(2).Should().AllSatisfy(answer => answer.Values["Price"].Low.Should().NotBeNull());
        answers.Skip(2).Count(answer => answer.Unfamiliar.Count == 1 && answer.Values["Price"].Low is null).Should().Be(scaling == NumberScaling.None ? 7 : 10);
        ShouldAgree(model, rows);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Numbers_far_from_0_beside_their_spread_come_as_doubles(bool log, bool quantiles)
    {
        Table table = Drawn(100);
        TableSchema schema = table.InferSchema("Moment");
        schema["Moment"].Target(log: log);
        foreach (string name in (string[])["Shipped", "Made"]) schema[name].Ignore();
        TableModel model = TableModel.Fit(table, schema, new Random(1), Quick with { AdaptiveIntervals = quantiles });
        using InferenceSession session = Open(model);
        using var results = session.Run(Inputs(session, table, ("Size", 3, float.NaN)));
        IReadOnlyList<TablePrediction> expected = model.Predict(table);
        foreach ((string name, Func<TableValue, double?> of) in ((string, Func<TableValue, double?>)[])[("Moment", value => value.Value), ("Moment low", value => value.Low), ("Moment high", value => value.High)])
        {
            double[] found = Of<double>(results, name);
            for (int i = 0; i < found.Length; i++)
            {
                if (i == 3) found[i].Should().Be(double.NaN);
                else found[i].Should().BeApproximately(of(expected[i].Values["Moment"])!.Value, log ? 2 : 0.1);
            }
        }
    }

    [Fact]
    public void A_missing_date_is_the_mean_day_where_days_are_not_scaled()
    {
        Table table = Drawn(200);
        TableSchema schema = Schema(table, ["Weight"]);
        schema.Scaling = NumberScaling.None;
        foreach (string name in (string[])["Moment", "Made"]) schema[name].Ignore();
        TableModel model = TableModel.Fit(table, schema, new Random(1), Quick with { Network = (inputs, outputs, random) => new Sequential(new BatchNorm(inputs), new Linear(inputs, outputs, random)) });
        ShouldAgree(model, table);
    }

    [Fact]
    public void Limits_that_no_float_reaches_are_left_out()
    {
        Table table = Table.From(Enumerable.Range(0, 40).Select(i => new { Huge = ((7 * i % 40) - 20) * 1e37, target = i > 25 ? "yes" : "no" }));
        ShouldAgree(TableModel.Fit(table, table.InferSchema("target"), new Random(1), Quick), table);
    }

    [Fact]
    public void Names_that_columns_have_already_get_an_underscore()
    {
        Table table = Table.From(Enumerable.Range(0, 40).Select(i => new { label = i % 7, unknown = i % 2 == 0 ? "a" : "b", Sub = i % 3, target = i % 2 == 0 ? "yes" : "no" }));
        TableModel model = TableModel.Fit(table, table.InferSchema("target"), new Random(1), Quick);
        using InferenceSession session = Open(model);
        session.InputNames.Should().Equal("label", "unknown", "Sub");
        session.OutputNames.Should().Equal("label_", "probabilities", "unknown_", "unfamiliar");
        session.ModelMetadata.CustomMetadataMap["neuraltrain.classes"].Should().Be("[\"no\",\"yes\"]");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_text_as_a_category_beside_missing_values_is_refused_by_name(bool areOnlyAllowed)
    {
        Table table = Table.From(Enumerable.Range(0, 40).Select(i => new { Note = i % 3 == 0 ? (areOnlyAllowed ? "a" : null) : i % 3 == 1 ? "" : "b", Kind = i % 2 == 0 ? "yes" : "no" }));
        TableSchema schema = table.InferSchema("Kind");
        if (areOnlyAllowed) schema["Note"].AllowMissing();
        TableModel model = TableModel.Fit(table, schema, new Random(1), Quick);
        var save = () => model.SaveOnnx(new MemoryStream());
        save.Should().Throw<NotSupportedException>().WithMessage("Column 'Note' may have no value and has the empty text as a category*");
    }

    [Fact]
    public void A_table_model_is_not_read_back_as_a_network()
    {
        Table table = Drawn(50);
        var stream = new MemoryStream();
        TableModel.Fit(table, Schema(table, ["Taste"]), new Random(1), Quick).SaveOnnx(stream);
        OnnxImportTests.Refused(stream.ToArray(), "*it has 10 inputs, 'Size', 'Depth', 'Made', 'Color'; a network has one*");
    }

    // Every kind of column, with and without missing values; a moment far from 0 beside its spread.
    internal static Table Drawn(int rows)
    {
        var random = new Random(7);
        string[] colors = ["red", "blue", "green"], cities = [.. Enumerable.Range(0, 20).Select(i => $"city {i}")], kinds = ["x", "y"];
        return Table.From(Enumerable.Range(0, rows).Select(i =>
        {
            double size = 4 * random.NextDouble(), depth = Math.Exp(3 * random.NextDouble());
            string color = colors[random.Next(3)];
            var made = new DateTime(2024, 1, 1).AddMinutes(random.Next(1_000_000));
            double score = size + (color == "red" ? 2 : 0) + (0.1 * depth);
            return new
            {
                Size = size, Depth = i % 9 == 4 ? null : (double?)depth, Made = made, Shipped = i % 8 == 3 ? null : (DateTime?)made.AddDays(random.Next(30)),
                Color = i % 13 == 6 ? null : color, Kind = kinds[random.Next(2)], City = cities[random.Next(20)], Region = i % 10 == 2 ? null : cities[random.Next(12)],
                Old = random.Next(2) == 0, Sold = i % 11 == 5 ? null : (bool?)(random.Next(2) == 0), Moment = 1.7e9 + (1000 * random.NextDouble()),
                Taste = score < 2.5 ? "sweet" : score < 4 ? "sour" : "bitter", Good = score > 3 ? "yes" : "no", Price = Math.Exp(score), Weight = 500 + (10 * score),
            };
        }));
    }

    private static TableSchema Schema(Table table, string[] targets)
    {
        TableSchema schema = table.InferSchema(targets);
        foreach (string name in (string[])["Taste", "Good", "Price", "Weight"])
        {
            if (!targets.Contains(name)) schema[name].Ignore();
        }

        foreach (string name in (string[])["City", "Region"]) schema[name].Embed(5);
        schema["Moment"].AsNumber();
        schema["Shipped"].Ignore();
        if (targets is ["Weight"]) schema["Shipped"].AsDate();
        return schema;
    }

    private static Table WithUnknown(Table table)
    {
        int row = 0;
        return table.Select([.. Enumerable.Range(0, 60)]).ReplaceText("Color", text => row++ % 3 == 0 ? "mauve" : text).ReplaceText("City", text => text == "city 3" ? "nowhere" : text);
    }

    private static void ShouldAgree(TableModel model, Table table)
    {
        using InferenceSession session = Open(model);
        using var results = session.Run(Inputs(session, table));
        IReadOnlyList<TablePrediction> expected = model.Predict(table);
        bool[] unknown = results.Any(result => result.Name == "unknown") ? Of<bool>(results, "unknown") : new bool[table.Rows];
        unknown.Should().Equal(expected.Select(answer => answer.UnknownCategories.Count > 0));
        bool[] unfamiliar = results.Any(result => result.Name == "unfamiliar") ? Of<bool>(results, "unfamiliar") : new bool[table.Rows];
        unfamiliar.Should().Equal(expected.Select(answer => answer.Unfamiliar.Count > 0));
        if (model.Schema.Classes is { Count: > 0 and int classes })
        {
            Of<string>(results, "label").Should().Equal(expected.Select(answer => answer.Label));
            if (results.Any(result => result.Name == "rejected")) Of<bool>(results, "rejected").Should().Equal(expected.Select(answer => answer.IsRejected));
            float[] probabilities = Of<float>(results, "probabilities");
            for (int i = 0; i < probabilities.Length; i++) ShouldBeNear(probabilities[i], expected[i / classes].Probabilities[model.Schema.Classes[i % classes]], 0.02);
            return;
        }

        foreach (string target in model.Schema.Targets.Select(target => target.Name))
        {
            TableValue[] values = [.. expected.Select(answer => answer.Values[target])];
            double spread = values.Max(value => value.Value) - values.Min(value => value.Value);
            foreach ((string name, Func<TableValue, double?> of) in ((string, Func<TableValue, double?>)[])[(target, value => value.Value), ($"{target} low", value => value.Low), ($"{target} high", value => value.High)])
            {
                if (!session.OutputNames.Contains(name)) continue;
                float[] found = Of<float>(results, name);
                for (int i = 0; i < found.Length; i++) ShouldBeNear(found[i], of(values[i]) ?? double.NaN, 0.1 * spread);
            }
        }
    }

    // 1e-5 of the number, or of a small part of the range where it is close to 0: the probability of no is 1 less that of yes, which is a float.
    private static void ShouldBeNear(double found, double expected, double least)
    {
        if (double.IsNaN(expected)) found.Should().Be(double.NaN);
        else found.Should().BeApproximately(expected, 1e-5 * Math.Max(Math.Abs(expected), least));
    }

    private static InferenceSession Open(TableModel model)
    {
        var stream = new MemoryStream();
        model.SaveOnnx(stream);
        return new InferenceSession(stream.ToArray(), new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL });
    }

    // What a caller passes, column by column, in the type the file asks for; one value may be another.
    private static List<NamedOnnxValue> Inputs(InferenceSession session, Table table, (string Column, int Row, object? Value) other = default)
    {
        var values = new List<NamedOnnxValue>();
        foreach ((string name, NodeMetadata input) in session.InputMetadata)
        {
            TableColumn column = table[name];
            if (input.ElementType == typeof(string)) values.Add(Value(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            else if (input.ElementType == typeof(double)) values.Add(Value(Number));
            else values.Add(Value(value => (float)Number(value)));

            NamedOnnxValue Value<T>(Func<object?, T> of)
                where T : notnull
            {
                T[] all = [.. Enumerable.Range(0, table.Rows).Select(row => other.Column == name && other.Row == row ? (T)other.Value! : of(column.Value(row)))];
                return NamedOnnxValue.CreateFromTensor(name, new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<T>(all, [table.Rows, 1]));
            }
        }

        return values;

        static double Number(object? value) => value switch { null => double.NaN, bool flag => flag ? 1 : 0, DateTime date => (date - DateTime.UnixEpoch).TotalSeconds, _ => Convert.ToDouble(value, CultureInfo.InvariantCulture) };
    }

    private sealed record Row(double? Size, double? Depth, bool? Old, string? Color, string? City, DateTime? Made);

    private static T[] Of<T>(IReadOnlyCollection<DisposableNamedOnnxValue> results, string name) => [.. results.Single(result => result.Name == name).AsTensor<T>()];
}
