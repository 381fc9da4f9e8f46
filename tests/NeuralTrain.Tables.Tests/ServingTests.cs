using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuralTrain.Tests.Tables;

/// <summary>What a trained model makes of values that are odd, written otherwise, or wrong.</summary>
public sealed class ServingTests : IDisposable
{
    private static readonly TableFitOptions Quick = new() { Hidden = [16], Epochs = 3, BatchSize = 16 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_table_without_rows_has_no_predictions()
    {
        Table table = Table.From(Enumerable.Range(0, 20).Select(i => new { X = i / 7.0, Kind = i % 2 == 0 ? "a" : "b" }));
        TableModel.Fit(table, table.InferSchema("Kind"), new Random(1), Quick).Predict(table.Select([])).Should().BeEmpty();
    }

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

    [Fact]
    public void A_value_far_from_the_training_data_is_named_and_has_no_interval()
    {
        Table table = Table.From(Enumerable.Range(0, 400).Select(i => new { X = 10 + (i % 101 / 10.0), Day = new DateTime(2024, 1, 1).AddDays(i % 31), Gap = i % 5 == 0 ? null : (double?)(i % 7), Y = (double)(i % 101) }));
        TableModel model = TableModel.Fit(table, table.InferSchema("Y"), new Random(1), Quick);
        model.Save(_folder["m"]);
        TablePredictor predictor = TablePredictor.Load(_folder["m"]);

        // X is 10 to 20, days are 1 to 31 January: as far beyond them as they reach is still near.
        (object X, object Day, double? Gap, string[] Expected)[] rows =
        [
            (15.0, "2024-01-10", 3, []), (0, "2023-12-02", -6, []), (30, "2024-03-01", 12, []), (-0.1, "2024-01-10", 3, ["X"]), ("30.1", "2024-01-10", null, ["X"]), (1e300, "2024-03-02", 12.1, ["X", "Day", "Gap"]),
            (15, "2023-12-01", 0, ["Day"]), (15, new DateTime(2024, 3, 1, 0, 0, 1), 0, ["Day"]),
        ];
        foreach ((object x, object day, double? gap, string[] expected) in rows)
        {
            TablePrediction answer = predictor.Predict(new Dictionary<string, object?> { ["X"] = x, ["Day"] = day, ["Gap"] = gap });
            answer.Unfamiliar.Should().Equal(expected);
            answer.UnknownCategories.Should().BeEmpty();
            answer.Values["Y"].Low.HasValue.Should().Be(expected.Length == 0);
            answer.ToString().EndsWith($", unfamiliar value in {string.Join(", ", expected)}", StringComparison.Ordinal).Should().Be(expected.Length > 0);
            JsonSerializer.Deserialize<TablePrediction>(JsonSerializer.Serialize(answer))!.Unfamiliar.Should().Equal(expected);
        }

        SavedModel saved = ModelFile.Load(_folder["m"]);
        string schema = saved.Texts["neuraltrain.table"], early = System.Text.RegularExpressions.Regex.Replace(schema, ",\"(least|most)\":[^,}]*", "");
        early.Should().NotContain("least");
        Resave(early);
        TablePredictor.Load(_folder["other"]).Predict(new { X = 1e300, Day = "2024-01-10" }).Unfamiliar.Should().BeEmpty("files of earlier versions do not know the range");
        Resave(schema.Replace("\"least\":10,", "\"least\":100,", StringComparison.Ordinal));
        ((Action)(() => TablePredictor.Load(_folder["other"]))).Should().Throw<InvalidDataException>().WithMessage("*'X' has a range that is none*");

        void Resave(string text) => ModelFile.Save(_folder["other"], saved.Network, loss: new MeanSquaredError(), texts: new Dictionary<string, string> { ["neuraltrain.table"] = text });
    }

    [Fact]
    public void Evaluate_and_the_predictor_agree_on_rows_that_are_unlike_the_training_data()
    {
        Table table = Table.From(Enumerable.Range(0, 600).Select(i => new Odd(i % 101 / 10.0, $"place {i % 12}", i % 2 == 0, i % 101)));
        TableSchema schema = table.InferSchema("Y");
        TableModel strict = TableModel.Fit(table, schema, new Random(1), Quick);
        Odd[] odd =
        [
            .. Enumerable.Range(0, 50).Select(i => new Odd(i % 10, "place 3", true, i)), new(null, "place 3", true, 1), new(5, null, true, 1), new(null, "", false, 1),
            new(1e6, "place 3", true, 1), new(5, "elsewhere", true, 1), new(-1e6, "elsewhere", null, 1),
        ];
        var test = Table.From(odd);
        TableEvaluation evaluation = strict.Evaluate(test);
        evaluation.Rows.Should().Be(52);
        evaluation.Refused.Should().BeEquivalentTo(new Dictionary<string, int> { ["X"] = 2, ["Place"] = 2, ["Flag"] = 1 });
        evaluation.UnknownCategories.Should().BeEquivalentTo(new Dictionary<string, int> { ["Place"] = 1 });
        evaluation.Unfamiliar.Should().BeEquivalentTo(new Dictionary<string, int> { ["X"] = 1 });
        evaluation.ToString().Should().Contain("\nnot measured, as they have no value: 'X' in 2 rows, 'Place' in 2 rows, 'Flag' in 1 row\nunknown categories: 'Place' in 1 row\nunfamiliar values: 'X' in 1 row");
        JsonSerializer.Deserialize<TableEvaluation>(JsonSerializer.Serialize(evaluation))!.ToString().Should().Be(evaluation.ToString());
        (strict.Compare(test).Predicted.Rows, strict.Compare(test).Actual.Rows).Should().Be((52, 52));
        strict.PermutationImportance(test).Columns.Should().HaveCount(3);
        Agree(strict, refused: 4);

        foreach (string column in (string[])["X", "Place", "Flag"]) schema[column].AllowMissing();
        schema["X"].IsOptional.Should().BeTrue();
        schema["X"].HasMissing.Should().BeFalse();
        TableModel lenient = TableModel.Fit(table, schema, new Random(1), Quick);
        lenient.Save(_folder["m"]);
        lenient.Evaluate(test).Refused.Should().BeEmpty();
        lenient.Evaluate(test).Unfamiliar.Should().BeEquivalentTo(new Dictionary<string, int> { ["X"] = 4, ["Place"] = 2, ["Flag"] = 1 });
        Agree(TableModel.Load(_folder["m"]), refused: 0);
        TablePredictor predictor = TablePredictor.Load(_folder["m"]);
        double[] sorted = [.. Enumerable.Range(0, 600).Select(row => (double)table["X"].Value(row)!).Order()];
        double median = (sorted[299] + sorted[300]) / 2;
        predictor.Predict(new { Flag = true, Place = "place 3" }).Value.Should().Be(predictor.Predict(new { X = median, Flag = true, Place = "place 3" }).Value);
        ((Action)(() => strict.Evaluate(test.Select([50, 51])))).Should().Throw<InvalidDataException>().WithMessage("No row can be measured*'X', 'Place'*");

        void Agree(TableModel model, int refused)
        {
            TablePredictor own = model.ToPredictor();
            int refusals = 0, within = 0, intervals = 0;
            foreach (Odd row in odd)
            {
                try
                {
                    if (own.Predict(row).Values["Y"] is not { Low: double low, High: double high }) continue;
                    intervals++;
                    within += row.Y >= low && row.Y <= high ? 1 : 0;
                }
                catch (TableRowException)
                {
                    refusals++;
                }
            }

            (refusals, intervals).Should().Be((refused, 50));
            model.Evaluate(test)["within the 90 % interval"].Should().Be(within / 50.0);
        }
    }

    [Fact]
    public void A_number_given_as_text_is_read_as_the_CSV_file_of_the_model_writes_numbers()
    {
        TablePredictor german = Saved("a;b;y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"1.{i * 7 % 40 + 100},5;{i % 9},25;{i}\n")));
        string number = german.Predict(new { a = 1500.0, b = 2.0 }).ToString();
        german.Predict(new { a = "1.500", b = "2,0" }).ToString().Should().Be(number);
        german.Predict(new { a = " 1500,0 ", b = "2" }).ToString().Should().Be(number);
        Problem(() => german.Predict(new { a = "1.5", b = 2 }), "a").Should().Be("expects a number written as '1.234,5', received '1.5'");
        TablePredictor comma = Saved("a;b;y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * 7 % 40},5;{i % 9},25;{i}\n")));
        Problem(() => comma.Predict(new { a = "1.500", b = 2 }), "a").Should().Be("expects a number written as '1234,5', received '1.500'");
        TablePredictor point = Trained(Table.From(Enumerable.Range(0, 40).Select(i => new { A = i * 7 % 40, Y = (double)i })), "Y");
        point.Predict(new { A = "1.500" }).Value.Should().Be(point.Predict(new { A = 1.5 }).Value);
        Problem(() => point.Predict(new { A = "1,5" }), "A").Should().Contain("'1234.5'");
    }

    [Fact]
    public void A_file_of_before_the_form_of_numbers_was_kept_reads_decimal_points()
    {
        Table table = Table.From(Enumerable.Range(0, 40).Select(i => new { A = i * 7 % 40, Y = (double)i }));
        TableModel.Fit(table, table.InferSchema("Y"), new Random(1), Quick).Save(_folder["m"]);
        SavedModel saved = ModelFile.Load(_folder["m"]);
        string old = saved.Texts["neuraltrain.table"].Replace(",\"decimalPoint\":\".\",\"thousands\":null", "", StringComparison.Ordinal);
        old.Should().NotContain("decimalPoint");
        ModelFile.Save(_folder["old"], saved.Network, loss: new MeanSquaredError(), texts: new Dictionary<string, string> { ["neuraltrain.table"] = old });
        TablePredictor.Load(_folder["old"]).Predict(new { A = "1.5" }).Value.Should().Be(TablePredictor.Load(_folder["m"]).Predict(new { A = 1.5 }).Value);
        string damaged = saved.Texts["neuraltrain.table"].Replace("\"decimalPoint\":\".\"", "\"decimalPoint\":\"x\"", StringComparison.Ordinal);
        ModelFile.Save(_folder["d"], saved.Network, loss: new MeanSquaredError(), texts: new Dictionary<string, string> { ["neuraltrain.table"] = damaged });
        ((Action)(() => TablePredictor.Load(_folder["d"]))).Should().Throw<InvalidDataException>().WithMessage("*a form of numbers that does not exist*");
    }

    [Fact]
    public void In_a_column_that_turns_to_texts_numbers_stay_as_the_file_writes_them()
    {
        Table table = CsvTests.Read("a;y\n1,5;1\nx;2\n1,5;3\n");
        CsvTests.Texts(table["a"]).Should().Equal("1,5", "x", "1,5");
        TableSchema schema = table.InferSchema("y");
        schema.Findings.Should().Contain(finding => finding.Message.Contains("1 of its 2 different values are numbers", StringComparison.Ordinal));
        Table text = CsvTests.Read("a;b;y\n1,5;2,5;1\n3,5;2,5;2\n", new CsvOptions { Text = ["a"] });
        TableSchema numbers = text.InferSchema("y");
        numbers["a"].AsNumber();
        numbers.Scaling = NumberScaling.None;
        numbers.Encode(text).Inputs[1, 0].Should().Be(3.5f);
    }

    [Fact]
    public void Dates_are_taken_as_they_are_written_whatever_their_offset()
    {
        Table table = CsvTests.Read("d,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"2024-0{1 + (i % 9)}-{10 + (i % 18)},{i * 7 % 31}.5\n")));
        TablePredictor predictor = Trained(table, "y");
        double expected = predictor.Predict(new { d = "2024-05-06" }).Value!.Value;
        object[] others = ["2024-05-06T00:00:00+02:00", "2024-05-06T00:00:00.000-11:00", "2024-05-06T00:00:00Z", "2024-05-06 00:00", new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.FromHours(2)), new DateTime(2024, 5, 6, 0, 0, 0, DateTimeKind.Utc), new DateOnly(2024, 5, 6)];
        others.Should().AllSatisfy(date => predictor.Predict(new Dictionary<string, object?> { ["d"] = date }).Value.Should().Be(expected));
        predictor.Predict(new { d = new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.FromHours(2)) }).Value.Should().Be(expected);
        predictor.Predict(new { d = "2024-05-05" }).Value.Should().NotBe(expected);
        Table offsets = CsvTests.Read("d,y\n2024-05-06T00:30:00+02:00,1.5\n2024-05-06T23:30:00-02:00,2.5\n");
        CsvTests.Read("d,y\n2024-05-06T00:30:00+02:00,1.5\n")["d"].Value(0).Should().Be(new DateTime(2024, 5, 6, 0, 30, 0));
        offsets["d"].Value(1).Should().Be(new DateTime(2024, 5, 6, 23, 30, 0));
    }

    [Theory]
    [InlineData(1e150)]
    [InlineData(1e200)]
    [InlineData(double.MaxValue)]
    public void A_number_however_large_lies_at_the_end_of_the_bend(double huge)
    {
        Table table = Table.From(Enumerable.Range(0, 40).Select(i => new { X = 0.001 * (i * 7 % 40), Y = (double)i }));
        TableSchema schema = table.InferSchema("Y");
        schema.Encode(Table.From([new { X = huge, Y = 1.0 }, new { X = -huge, Y = 1.0 }])).Inputs.Span.ToArray().Should().Equal(3, -3);
        Problem(() => Trained(table, "Y").Predict(new { X = double.PositiveInfinity }), "X").Should().Contain("expects a number");
    }

    [Fact]
    public void Labels_match_digit_by_digit()
    {
        string[] labels = ["1067", "2000", "A7", "07", "9007199254740992", "1000000000000000"];
        TablePredictor predictor = Trained(Table.From(Enumerable.Range(0, 60).Select(i => new { L = labels[i % 6], Y = (double)(i % 6) })), "Y");
        foreach (string text in (string[])["01067", "2E3", "+2000", "2000.0", "7", " 07"]) Unknown(text).Should().BeTrue(text);
        foreach (object value in (object[])[9007199254740993, 9007199254740993m, 9007199254740993UL, JsonNode.Parse("9007199254740993")!, 2000.5, 1e20]) Unknown(value).Should().BeTrue("{0}", value);
        foreach (object value in (object[])["1067", 1067, 1067.0, 1067.00m, JsonNode.Parse("1067.0")!, "07", 9007199254740992, 9007199254740992m, JsonNode.Parse("9007199254740992")!, 1000000000000000, 1e15]) Unknown(value).Should().BeFalse("{0}", value);
        predictor.Predict(new { L = 9007199254740993 }).UnknownCategories.Should().Equal("L");
        predictor.Predict(new { L = 9007199254740992m }).UnknownCategories.Should().BeEmpty();
        Table numbers = Table.From(Enumerable.Range(0, 20).Select(i => new { L = 9007199254740992 + i, Y = (double)i }));
        ((Action)(() => numbers.InferSchema("Y")["L"].AsCategory())).Should().Throw<InvalidDataException>().WithMessage("Column 'L' has the number *of more digits than a number keeps*");

        bool Unknown(object value) => predictor.Predict(new Dictionary<string, object?> { ["L"] = value }).UnknownCategories.Count > 0;
    }

    [Fact]
    public void Yes_and_no_in_another_case_as_true_and_false_and_empty_texts_are_what_they_say()
    {
        TablePredictor predictor = Trained(Table.From(Enumerable.Range(0, 60).Select(i => new { Answer = i % 7 == 6 ? null : i % 2 == 0 ? "ja" : "nein", Code = "aAb"[i % 3].ToString(), Y = (double)(i % 2) + (i % 3) })), "Y");
        (string Of, string[] Unknown) Of(object? answer, string code = "b") => predictor.Predict(new Dictionary<string, object?> { ["Answer"] = answer, ["Code"] = code }) is var found ? ($"{found.Value}", [.. found.UnknownCategories]) : default;
        foreach (object yes in (object[])["Ja", "JA", true, JsonNode.Parse("true")!]) Of(yes).Should().BeEquivalentTo(Of("ja"));
        Of(false).Should().BeEquivalentTo(Of("nein")).And.NotBe(Of("ja"));
        Of("").Should().BeEquivalentTo(Of(null));
        Of("jaa").Unknown.Should().Equal("Answer");
        Of("ja", "B").Should().BeEquivalentTo(Of("ja", "b"));
        Of("ja", "a").Should().NotBe(Of("ja", "A"));
        Problem(() => predictor.Predict(new { Answer = "ja", Code = "" }), "Code").Should().Contain("has no value");
    }

    [Theory]
    [InlineData("ja", "nein")]
    [InlineData("Oui", "non")]
    [InlineData("sí", "no")]
    [InlineData("Yes", "no")]
    [InlineData("true", "False")]
    [InlineData("1", "0")]
    [InlineData("J", "N")]
    public void Of_yes_and_no_the_probability_of_yes_is_predicted(string yes, string no)
    {
        Table table = Table.From(Enumerable.Range(0, 30).Select(i => new { X = (double)i * i, Y = i % 3 == 0 ? yes : no }));
        TableSchema schema = table.InferSchema("Y");
        schema.Classes.Should().Equal(no, yes);
        schema.ToString().Should().Contain($"probability of {yes}");
        schema["Y"].Target(positive: no);
        schema.Classes.Should().Equal(yes, no);
    }

    [Fact]
    public void Field_names_match_loosely_but_never_another_quantity()
    {
        TablePredictor predictor = Trained(CsvRows("Wohnfläche m²,Temp+,%,native-country,hours_per week,°C"), "y");
        var row = new Dictionary<string, object?> { ["wohnflächeM²"] = 1, ["TEMP+"] = 2, ["%"] = 3, ["NativeCountry"] = 4, ["HoursPerWeek"] = 5, ["°c"] = 6 };
        predictor.Predict(row).Value.Should().NotBeNull();
        foreach (string wrong in (string[])["Wohnfläche m", "Wohnfläche m³", "Temp-", "Temp", "-Temp+", "", " ", "_", "-", "C", "[%]", "native.country", "nativecountry-"]) Problem(() => predictor.Predict(new Dictionary<string, object?>(row) { [wrong] = 1 }), wrong).Should().Be("is not a column of the model");
    }

    [Fact]
    public void Whatever_a_dictionary_or_a_JSON_object_holds_is_answered_or_refused_by_the_name_of_the_field()
    {
        TablePredictor predictor = Trained(Table.From(Enumerable.Range(0, 40).Select(i => new { A = i * 7 % 40, Day = new DateTime(2024, 1, 1).AddDays(i * 3 % 17), Y = (double)i })), "Y");
        var day = new DateTime(2024, 1, 5);
        double expected = predictor.Predict(new { A = 3, Day = day }).Value!.Value;
        predictor.Predict(new JsonObject { ["A"] = 3, ["Day"] = day }).Value.Should().Be(expected);
        predictor.Predict(new JsonObject { ["A"] = 3m, ["Day"] = new DateTimeOffset(day, TimeSpan.FromHours(3)) }).Value.Should().Be(expected);
        object[] rows =
        [
            new Dictionary<string, string> { ["A"] = "3", ["Day"] = "2024-01-05" }, new SortedList<string, string> { ["A"] = "3", ["Day"] = "2024-01-05" }, new Hashtable { ["A"] = 3, ["Day"] = day },
            JsonSerializer.Deserialize<JsonObject>("""{"A":3,"Day":"2024-01-05"}""")!, JsonSerializer.Deserialize<Dictionary<string, JsonNode>>("""{"A":3.0,"Day":"2024-01-05"}""")!, new JsonObject { ["a"] = 3L, ["day"] = "2024-01-05" },
            new Dictionary<string, IConvertible> { ["A"] = 3, ["Day"] = day }, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"A":3,"Day":"2024-01-05"}""")!,
            new System.Collections.ObjectModel.ReadOnlyDictionary<string, string>(new Dictionary<string, string> { ["A"] = "3", ["Day"] = "2024-01-05" }),
        ];
        float[] outputs = new float[1];
        foreach (object row in rows)
        {
            predictor.Predict(row).Value.Should().Be(expected);
            predictor.Predict(row, outputs);
            outputs[0].Should().Be((float)expected);
        }

        JsonElement disposed;
        using (var document = JsonDocument.Parse("[1]")) disposed = document.RootElement[0];
        object?[] wrong =
        [
            .. JsonDocument.Parse("""[[1],{},"\ud83d",1e999,{"A":1}]""").RootElement.EnumerateArray(), disposed, default(JsonElement), JsonValue.Create(day), JsonValue.Create(double.NaN), JsonValue.Create(double.PositiveInfinity),
            JsonValue.Create(new object()), JsonValue.Create(new { B = 1 }), new JsonArray(1), new JsonObject(), new object(), new int[1], double.NaN, float.NegativeInfinity, null, day, new Version(1, 2), 1f / 0,
        ];
        foreach (object? value in wrong)
        {
            Problem(() => predictor.Predict(new Dictionary<string, object?> { ["A"] = value, ["Day"] = day }), "A").Should().NotBeEmpty();
            Refusal(() => { predictor.Predict(new Dictionary<string, object?> { ["A"] = value, ["Day"] = day }, outputs); return outputs; }).Problems.Keys.Should().Equal("A");
            if (value is JsonNode node) Problem(() => predictor.Predict(new JsonObject { ["A"] = node.DeepClone(), ["Day"] = day }), "A").Should().NotBeEmpty();
        }

        Refusal(() => predictor.Predict([KeyValuePair.Create<string, object?>(null!, 1)])).Problems[""].Should().Contain("null");
        Refusal(() => predictor.Predict(new Dictionary<int, int> { [1] = 2 })).Message.Should().Contain("no texts");
        Refusal(() => predictor.Predict(new List<int> { 1 })).Message.Should().Contain("is a list and no row");
        Refusal(() => { predictor.Predict(JsonNode.Parse("""{"A":1,"A":2}""")!.AsObject(), outputs); return outputs; }).Message.Should().Contain("cannot be read");
        TableRowException many = Refusal(() => predictor.Predict(Enumerable.Range(0, 10_000).Select(i => KeyValuePair.Create($"field {i}", (object?)i))));
        many.Problems.Should().HaveCount(100);
    }

    [Fact]
    public void The_file_of_a_table_model_is_not_served_as_a_network_alone()
    {
        Table table = CsvRows("a,b");
        TableModel.Fit(table, table.InferSchema("y"), new Random(1), Quick).Save(_folder["m"]);
        ((Action)(() => Predictor.Load(_folder["m"]))).Should().Throw<InvalidDataException>().WithMessage("*is a table model*TablePredictor.Load*");
        using FileStream stream = File.OpenRead(_folder["m"]);
        ((Action)(() => Predictor.Load(stream))).Should().Throw<InvalidDataException>().WithMessage("*TablePredictor.Load*");
        ModelFile.Load(_folder["m"]).Texts.Should().ContainKey("neuraltrain.table");
    }

    private static Table CsvRows(string header) => CsvTests.Read($"{header},y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => string.Join(',', Enumerable.Range(1, header.Split(',').Length + 1).Select(c => ((i * 7 * c % 37) + 0.5).ToString(CultureInfo.InvariantCulture))) + "\n")));

    private static TableRowException Refusal(Func<object> predict) => predict.Should().Throw<TableRowException>().Which;

    private static string Problem(Func<object> predict, string field) => predict.Should().Throw<TableRowException>().Which.Problems[field];

    private static TablePredictor Trained(Table table, string target) => TableModel.Fit(table, table.InferSchema(target), new Random(1), Quick).ToPredictor();

    // As a service has it: from a file.
    private TablePredictor Saved(string csv)
    {
        Table table = CsvTests.Read(csv);
        TableModel.Fit(table, table.InferSchema("y"), new Random(1), Quick).Save(_folder["m"]);
        return TablePredictor.Load(_folder["m"]);
    }

    private sealed record Odd(double? X, string? Place, bool? Flag, double Y);
}
