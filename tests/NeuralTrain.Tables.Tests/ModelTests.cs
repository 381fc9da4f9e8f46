using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuralTrain.Tests.Tables;

public sealed class ModelTests : IDisposable
{
    private static readonly TableFitOptions Quick = new() { Hidden = [16], Epochs = 12, BatchSize = 16 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_model_predicts_the_same_from_objects_dictionaries_JSON_and_rows_of_a_table()
    {
        Table table = Drawn(300);
        TableModel model = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick);
        model.Save(_folder["m.safetensors"]);
        TablePredictor predictor = TablePredictor.Load(_folder["m.safetensors"]);
        var row = new { Size = 1.5, Color = "red", Old = (bool?)true };
        TablePrediction answer = predictor.Predict(row);
        TablePrediction[] others =
        [
            model.ToPredictor().Predict(row),
            predictor.Predict(new Dictionary<string, object?> { ["Color"] = "red", ["Size"] = 1.5f, ["Old"] = true }),
            predictor.Predict(new Dictionary<string, object?> { ["color"] = "red", ["SIZE"] = "1.5", ["old"] = "True" }),
            predictor.Predict(JsonNode.Parse("""{"color":"red","size":1.5,"old":true,"kind":"?"}""")!.AsObject()),
            predictor.Predict(new JsonObject { ["Size"] = 1.5, ["Color"] = "red", ["Old"] = true }),
            predictor.Predict(Table.From([new { Old = true, Color = "red", Size = 1.5 }]))[0],
        ];
        others.Should().AllSatisfy(other => (other.Label, other.Probability).Should().Be((answer.Label, answer.Probability)));
        answer.Probabilities.Keys.Should().Equal("large", "small");
        answer.Probabilities.Values.Sum().Should().BeApproximately(1, 1e-6);
        float[] outputs = new float[2];
        predictor.Predict(row, outputs);
        outputs[1].Should().Be((float)answer.Probabilities["small"]);
        JsonSerializer.Deserialize<TablePrediction>(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!.ToString().Should().Be(answer.ToString());
        answer.ToString().Should().MatchRegex(@"^(large|small) \(\d+\.\d %\)$");
    }

    [Fact]
    public void Numbers_are_predicted_in_their_own_units_with_intervals_that_cover()
    {
        Table table = Table.From(Drawn(4000, noise: 1));
        TableSchema schema = table.InferSchema(["Price", "Weight"]);
        var (train, test) = table.Split(0.5, new Random(3));
        TableModel model = TableModel.Fit(train, schema, new Random(1), Quick with { Interval = 0.8 });
        TableEvaluation evaluation = model.Evaluate(test);
        evaluation.Targets.Keys.Should().Equal("Price", "Weight");
        evaluation["R²"].Should().BeGreaterThan(0.8);
        evaluation["within the 80 % interval"].Should().BeInRange(0.74, 0.86);
        TablePrediction answer = model.Predict(test)[0];
        TableValue price = answer.Values["Price"];
        price.Value.Should().BeInRange(price.Low!.Value, price.High!.Value);
        double error = Enumerable.Range(0, test.Rows).Average(row => Math.Abs(model.Predict(test.Select([row]))[0].Values["Price"].Value - (double)test["Price"].Value(row)!));
        evaluation["MAE"].Should().BeApproximately(error, 1e-3 * error);
    }

    [Fact]
    public void Adaptive_intervals_are_wide_where_numbers_scatter_and_cover_as_many()
    {
        var random = new Random(7);
        Table table = Table.From(Enumerable.Range(0, 6000).Select(_ =>
        {
            double place = random.NextDouble(), error = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            return new { Place = place, Price = 100 + (10 * place) + ((place < 0.5 ? 0.2 : 4) * error), Other = 5 - place };
        }));
        var (train, test) = table.Split(0.5, new Random(3));
        TableFitOptions options = Quick with { Interval = 0.9, AdaptiveIntervals = true, Epochs = 40 };
        TableModel model = TableModel.Fit(train, table.InferSchema(["Price", "Other"]), new Random(1), options with { Members = 2 });
        model.Evaluate(test)["within the 90 % interval"].Should().BeInRange(0.87, 0.93);
        double Width(double place) => model.ToPredictor().Predict(new { Place = place }).Values["Price"] is var price ? price.High!.Value - price.Low!.Value : 0;
        double Share(Func<double, bool> isAsked)
        {
            Table rows = test.Select([.. Enumerable.Range(0, test.Rows).Where(row => isAsked((double)test["Place"].Value(row)!))]);
            return model.Evaluate(rows)["within the 90 % interval"];
        }

        (Width(0.75) / Width(0.25)).Should().BeGreaterThan(3, "errors are 20 times as large");
        (Share(place => place < 0.5) - Share(place => place >= 0.5)).Should().BeInRange(-0.1, 0.1, "either half is covered, not one at the expense of the other");
        double fixedWidths = Math.Abs(TableModel.Fit(train, table.InferSchema(["Price", "Other"]), new Random(1), Quick).Evaluate(test.Select([.. Enumerable.Range(0, test.Rows).Where(row => (double)test["Place"].Value(row)! < 0.5)]))["within the 90 % interval"]);
        fixedWidths.Should().BeGreaterThan(0.97, "one width for all is too wide where little scatters");

        model.Explain().Should().Contain("conformalized quantile regression");
        model.Save(_folder["m"]);
        TablePredictor loaded = TablePredictor.Load(_folder["m"]);
        loaded.Predict(new { Place = 0.75 }).ToString().Should().Be(model.ToPredictor().Predict(new { Place = 0.75 }).ToString());
        float[] outputs = new float[2];
        loaded.Predict(new { Place = 0.75 }, outputs);
        outputs[0].Should().Be((float)loaded.Predict(new { Place = 0.75 }).Values["Price"].Value);
        (model.Compare(test).Predicted.Columns, model.Compare(test).Actual.Columns).Should().Be((2, 2));
        model.PermutationImportance(test).Columns.Should().ContainSingle().Which.Rise.Should().BePositive();
        TableModel.Load(_folder["m"]).Continue(train, new Random(2), options with { Epochs = 1 }).Explain().Should().Contain("continued with 3000 rows");
        ((Action)(() => TableModel.Fit(train, table.InferSchema("Price"), random, options with { Interval = null }))).Should().Throw<ArgumentException>().WithMessage("*AdaptiveIntervals needs an Interval*");
    }

    [Fact]
    public void The_same_seed_gives_the_same_model()
    {
        Table table = Drawn(200);
        byte[] Saved(int seed)
        {
            using var stream = new MemoryStream();
            TableModel.Fit(table, table.InferSchema("Kind"), new Random(seed), Quick with { Epochs = 3 }).Save(stream);

            // Without the duration of the training.
            return Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(Encoding.Latin1.GetString(stream.ToArray()), "trained [^\"]*", ""));
        }

        Saved(5).Should().Equal(Saved(5));
        Saved(5).Should().NotEqual(Saved(6));
    }

    [Fact]
    public void Several_members_are_one_network_that_averages_their_scores()
    {
        Table table = Drawn(200);
        TableModel model = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Members = 3, Calibrate = false });
        model.Histories.Should().HaveCount(3);
        var parts = (Sequential)model.Network.Children[0];
        Matrix inputs = model.Schema.Encode(table).Inputs;
        Matrix members = ((Concatenate)parts.Children[0]).Children.Select(member => ((Sequential)member).Predict(inputs)).Aggregate((one, other) => Sum(one, other));
        Matrix outputs = model.Network.Predict(inputs);
        for (int row = 0; row < 20; row++) outputs[row, 0].Should().BeApproximately(members[row, 0] / 3, 1e-5f);
        model.Save(_folder["m"]);
        TablePredictor.Load(_folder["m"]).Predict(table)[7].ToString().Should().Be(model.Predict(table)[7].ToString());

        static Matrix Sum(Matrix one, Matrix other)
        {
            var sum = new Matrix(one.Rows, one.Columns);
            for (int i = 0; i < sum.Span.Length; i++) sum.Span[i] = one.Span[i] + other.Span[i];
            return sum;
        }
    }

    [Fact]
    public void Wrong_missing_and_unknown_fields_are_refused_by_name_and_unknown_categories_reported()
    {
        TablePredictor predictor = Predictor();
        TableRowException wrong = Refusal(() => predictor.Predict(JsonNode.Parse("""{"Size":"big","Color":3,"Weigth":1}""")!.AsObject()));
        wrong.Problems.Keys.Should().BeEquivalentTo("Weigth", "Size");
        wrong.Problems["Size"].Should().Be("expects a number, received 'big'");
        wrong.Problems["Weigth"].Should().Be("is not a column of the model");
        Refusal(() => predictor.Predict(new { Size = 1.0, Colour = "red", Old = true })).Problems.Keys.Should().BeEquivalentTo("Colour", "Color");
        Refusal(() => predictor.Predict(JsonNode.Parse("""{"Size":1,"size":2,"Color":"red"}""")!.AsObject())).Problems["size"].Should().Be("is given twice");
        Refusal(() => predictor.Predict(JsonNode.Parse("""{"Size":1,"Size":2,"Color":"red"}""")!.AsObject())).Message.Should().Contain("cannot be read");
        Refusal(() => predictor.Predict(JsonNode.Parse("""{"Size":[1],"Color":"red"}""")!.AsObject())).Problems.Keys.Should().Equal("Size");
        TablePrediction unknown = predictor.Predict(new { Size = 1.0, Color = "mauve", Old = (bool?)null });
        unknown.UnknownCategories.Should().Equal("Color");
        unknown.ToString().Should().EndWith(", unknown category in Color");
    }

    [Fact]
    public void A_thousand_hostile_objects_give_an_answer_or_a_refusal()
    {
        TablePredictor predictor = Predictor();
        var random = new Random(11);
        string[] values = ["1", "-0.0", "1e308", "1e999", "-1e400", "null", "true", "\"\"", "\"red\"", "\"NaN\"", "\"1e5\"", "\"∞\"", "{}", "[]", "[null]", "{\"Size\":1}", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "12345678901234567890123456789", "\"" + new string('x', 5000) + "\""];
        string[] names = ["Size", "Color", "Old", "Kind", "Price", "Weight", "", " ", "size ", "SIZE", "Sïze", "__proto__", "Size\\u0000", "\\ud83d\\ude00", "\\ud83d"];
        int answers = 0, refusals = 0;
        for (int i = 0; i < 1000; i++)
        {
            string fields = string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{names[random.Next(names.Length)]}\":{values[random.Next(values.Length)]}"));
            string json = i % 3 == 0 ? $"{{{fields}}}" : $"{{\"size\":1,\"color\":\"red\",\"{(i % 3 == 1 ? "kind" : "color ")}\":{values[random.Next(values.Length)]},\"old\":{values[random.Next(values.Length)]}}}";
            try
            {
                predictor.Predict(JsonNode.Parse(json)!.AsObject()).Label.Should().NotBeNull();
                answers++;
            }
            catch (TableRowException)
            {
                refusals++;
            }
        }

        (answers > 0, refusals > 500).Should().Be((true, true));
    }

    [Fact]
    public void A_typed_row_into_a_span_allocates_nothing_and_any_number_of_threads_get_the_same()
    {
        TablePredictor predictor = Predictor();
        var row = new Item { Size = 2, Color = "blue", Old = false };
        float[] outputs = new float[2];
        for (int i = 0; i < 200; i++) predictor.Predict(row, outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++) predictor.Predict(row, outputs);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200);
        float[] all = new float[400];
        Parallel.For(0, all.Length, i =>
        {
            float[] own = new float[2];
            predictor.Predict(row, own);
            all[i] = own[1];
        });
        all.Should().AllSatisfy(value => value.Should().Be(outputs[1]));
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":7", "*version 7*")]
    [InlineData("\"kind\":\"Number\"", "\"kind\":\"Cipher\"", "*damaged*")]
    [InlineData("\"role\":\"Target\"", "\"role\":\"Ignored\"", "*")]
    [InlineData("\"name\":\"Color\"", "\"name\":\"Size\"", "*two columns have the same name*")]
    [InlineData("\"scale\":", "\"scale\":-", "*a scale that is not a finite number*")]
    [InlineData("\"columns\":", "\"colums\":", "*damaged*")]
    [InlineData("\"red\"", "\"blue\"", "*two categories of the same name*")]
    [InlineData("\"embeddingSize\":0", "\"embeddingSize\":3", "*")]
    [InlineData("\"hasMissing\":false", "\"hasMissing\":true", "*do not fit together*")]
    public void A_damaged_or_foreign_schema_is_refused(string before, string after, string message)
    {
        Table table = Drawn(100);
        TableModel model = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Epochs = 1 });
        model.Save(_folder["m"]);
        SavedModel saved = ModelFile.Load(_folder["m"]);
        string schema = saved.Texts["neuraltrain.table"];
        schema.Should().Contain(before);
        int place = schema.IndexOf(before, StringComparison.Ordinal);
        string damaged = schema[..place] + after + schema[(place + before.Length)..];
        ModelFile.Save(_folder["d"], saved.Network, loss: new BinaryCrossEntropy(), texts: new Dictionary<string, string> { ["neuraltrain.table"] = damaged });
        ((Action)(() => TablePredictor.Load(_folder["d"]))).Should().Throw<InvalidDataException>().WithMessage(message);
        ModelFile.Save(_folder["p"], saved.Network);
        ((Action)(() => TablePredictor.Load(_folder["p"]))).Should().Throw<InvalidDataException>().WithMessage("*without a table*");
    }

    [Fact]
    public void A_schema_cut_at_any_place_is_refused()
    {
        Table table = Drawn(60);
        TableModel model = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Epochs = 1 });
        model.Save(_folder["m"]);
        SavedModel saved = ModelFile.Load(_folder["m"]);
        string schema = saved.Texts["neuraltrain.table"];
        for (int length = 0; length < schema.Length; length += 37)
        {
            using var stream = new MemoryStream();
            ModelFile.Save(stream, saved.Network, loss: new BinaryCrossEntropy(), texts: new Dictionary<string, string> { ["neuraltrain.table"] = schema[..length] });
            stream.Position = 0;
            ((Action)(() => TableModel.Load(stream))).Should().Throw<InvalidDataException>();
        }
    }

    [Fact]
    public void A_threshold_a_rejection_and_balanced_classes_are_kept_in_the_file()
    {
        Table table = Table.From(Enumerable.Range(0, 600).Select(i => new { X = (i * 37 % 101) / 50.0, Kind = (i * 37 % 101) + (i % 40) > 115 ? "rare" : "usual" }));
        TableModel plain = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick);
        TableModel balanced = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { BalancedClasses = true, RejectBelow = 0.9 });
        balanced.Predict(table).Average(answer => answer.Probabilities["rare"]).Should().BeGreaterThan(plain.Predict(table).Average(answer => answer.Probabilities["rare"]));
        balanced.Save(_folder["m"]);
        IReadOnlyList<TablePrediction> loaded = TablePredictor.Load(_folder["m"]).Predict(table);
        loaded.Should().AllSatisfy(answer => answer.IsRejected.Should().Be(answer.Probability < 0.9));
        loaded.Should().Contain(answer => answer.IsRejected);
        TableModel moved = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { ThresholdMetric = new Rightness() });
        moved.Explain().Should().Contain("'usual' is predicted from a probability of 0.99 on, where rightness of the first class is best on the held-out rows");
        moved.Predict(table).Should().AllSatisfy(answer => answer.Label.Should().Be(answer.Probabilities["usual"] >= 0.99 ? "usual" : "rare"));
    }

    [Fact]
    public void Classes_count_the_same_when_a_model_goes_on_too_and_one_without_rows_is_no_trouble()
    {
        Table table = Table.From(Enumerable.Range(0, 600).Select(i => new { X = (i * 37 % 101) / 50.0, Kind = (i * 37 % 101) + (i % 40) > 115 ? "rare" : "usual" }));
        TableSchema schema = table.InferSchema("Kind");
        TableModel begun = TableModel.Fit(table, schema, new Random(1), Quick with { Epochs = 1 });
        Rare(begun.Continue(table, new Random(2), Quick with { BalancedClasses = true })).Should().BeGreaterThan(Rare(begun.Continue(table, new Random(2), Quick)) + 0.05);

        Table usual = table.Select([.. Enumerable.Range(0, 600).Where(row => (string)table["Kind"].Value(row)! == "usual")]);
        Rare(TableModel.Fit(usual, schema, new Random(1), Quick with { BalancedClasses = true })).Should().BeLessThan(0.1);

        double Rare(TableModel model) => model.Predict(table).Average(answer => answer.Probabilities["rare"]);
    }

    [Fact]
    public void Held_out_rows_that_do_not_count_change_no_probability()
    {
        Table table = Table.From(Enumerable.Range(0, 100).Select(i => new { X = (i * 37 % 101) / 50.0, Kind = i % 2 == 0 ? "a" : "b", Count = i == 50 ? 1.0 : 0 }));
        TableSchema schema = table.InferSchema("Kind");
        schema["Count"].Weight();
        TableModel.Fit(table, schema, new Random(1), Quick with { Epochs = 2 }).Explain().Should().Contain("divided by the temperature 1, fitted");
    }

    [Fact]
    public void Probabilities_of_few_rows_that_are_all_right_stay_below_certainty()
    {
        Table table = Table.From(Enumerable.Range(0, 60).Select(i => new { X = (double)(i % 2 == 0 ? i : i + 1000), Kind = i % 2 == 0 ? "a" : "b" }));
        TableModel model = TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Epochs = 60 });
        model.Predict(table).Should().AllSatisfy(answer => answer.Probability.Should().BeLessThan(0.999));
    }

    [Fact]
    public void A_cancelled_training_and_one_whose_time_is_spent_give_a_model()
    {
        Table table = Drawn(200);
        using var source = new CancellationTokenSource();
        source.Cancel();
        ((Action)(() => TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Epochs = 0 }))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Epochs must be 1 or more, received 0*");
        TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick, source.Token).Histories[0].StopReason.Should().Be(StopReason.Cancelled);
        TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Budget = TimeSpan.FromTicks(1) }).Histories[0].StopReason.Should().Be(StopReason.BudgetSpent);
        ((Action)(() => TableModel.Fit(table.Select([1, 2, 3]), table.InferSchema("Kind"), new Random(1)))).Should().Throw<ArgumentException>().WithMessage("*at least 10 rows, received 3*");
    }

    [Fact]
    public void Income_from_the_CSV_file_to_a_saved_model_and_an_answer_from_raw_fields_takes_12_lines()
    {
        string[] names = ["age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income"];
        Table table = Table.FromCsv(RealData.Table("adult-train.csv.gz"), new CsvOptions { ColumnNames = names });
        TableSchema schema = table.InferSchema(target: "income");
        schema["fnlwgt"].Ignore();
        TableModel model = TableModel.Fit(table, schema, new Random(1), new TableFitOptions { Epochs = 3, Hidden = [32] });
        Table test = Table.FromCsv(RealData.Table("adult-test.csv.gz"), new CsvOptions { ColumnNames = names }).ReplaceText("income", text => text.TrimEnd('.'));
        TableEvaluation evaluation = model.Evaluate(test);
        model.Save(_folder["income.safetensors"]);
        TablePrediction answer = TablePredictor.Load(_folder["income.safetensors"]).Predict(new { Age = 39, Workclass = "State-gov", Education = "Bachelors", EducationNum = 13, MaritalStatus = "Never-married", Occupation = (string?)null, Relationship = "Not-in-family", Race = "White", Sex = "Male", CapitalGain = 2174, CapitalLoss = 0, HoursPerWeek = 40, NativeCountry = "United-States" });

        (table.Rows, test.Rows, schema.InputSize).Should().Be((32_561, 16_281, 37));
        evaluation["accuracy"].Should().BeGreaterThan(0.84);
        answer.Label.Should().Be("<=50K");
    }

    private static TableRowException Refusal(Func<object> predict) => predict.Should().Throw<TableRowException>().Which;

    private static TablePredictor Predictor()
    {
        Table table = Drawn(120);
        return TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick with { Epochs = 2 }).ToPredictor();
    }

    // Kind follows from size and color; old is sometimes missing.
    private static Table Drawn(int rows)
    {
        var random = new Random(7);
        string[] colors = ["red", "blue", "green"];
        return Table.From(Enumerable.Range(0, rows).Select(i =>
        {
            double size = 4 * random.NextDouble();
            string color = colors[random.Next(3)];
            return new { Size = size, Color = color, Old = i % 11 == 5 ? null : (bool?)(random.Next(2) == 0), Kind = size + (color == "red" ? 1 : 0) > 2.5 ? "large" : "small" };
        }));
    }

    private static IEnumerable<Priced> Drawn(int rows, double noise)
    {
        var random = new Random(7);
        for (int i = 0; i < rows; i++)
        {
            double size = 4 * random.NextDouble(), error = noise * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
            yield return new Priced(size, random.Next(2) == 0 ? "red" : "blue", 1000 + (3 * size) + (2 * error), 0.001 * size * size);
        }
    }

    private sealed record Priced(double Size, string Color, double Price, double Weight);

    private sealed class Item
    {
        public double Size { get; init; }

        public string? Color { get; init; }

        public bool Old { get; init; }
    }

    // Best where everything is said to be of the first class.
    private sealed class Rightness() : Metric("rightness of the first class")
    {
        protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight) => Count(prediction[0] < 0 ? 1 : 0, weight);
    }
}
