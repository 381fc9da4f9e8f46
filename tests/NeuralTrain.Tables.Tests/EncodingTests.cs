namespace NeuralTrain.Tests.Tables;

public sealed class EncodingTests
{
    private const float Precision = 1e-6f;

    [Fact]
    public void Numbers_are_centered_at_the_median_divided_by_the_quartiles_and_bent_smoothly_into_3()
    {
        double[] values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3000];
        double[] sorted = [.. values.Order()];
        double Quantile(double part) => sorted[(int)(part * 9)] + (((part * 9) - (int)(part * 9)) * (sorted[(int)(part * 9) + 1] - sorted[(int)(part * 9)]));
        float[] inputs = Encoded(values, NumberScaling.Robust);
        for (int i = 0; i < values.Length; i++)
        {
            double z = (values[i] - Quantile(0.5)) / (Quantile(0.75) - Quantile(0.25));
            inputs[i].Should().BeApproximately((float)(z / Math.Sqrt(1 + Math.Pow(z / 3, 2))), Precision);
        }

        inputs[^1].Should().BeInRange(2.99f, 3);
    }

    [Fact]
    public void Where_the_quartiles_are_equal_the_standard_deviation_stands_in()
    {
        float[] inputs = Encoded([0, 0, 0, 0, 0, 0, 0, 0, 0, 8], NumberScaling.Robust);
        inputs[0].Should().Be(0);

        // The mean is 0.8.
        double z = 8 / Math.Sqrt(((9 * 0.8 * 0.8) + (7.2 * 7.2)) / 10);
        inputs[^1].Should().BeApproximately((float)(z / Math.Sqrt(1 + (z * z / 9))), Precision);
    }

    [Fact]
    public void Standard_scores_have_mean_0_and_deviation_1_and_none_changes_nothing()
    {
        double[] values = [3, 1, 4, 1, 5, 9, 2, 6];
        float[] inputs = Encoded(values, NumberScaling.Standard);
        inputs.Average().Should().BeApproximately(0, Precision);
        inputs.Average(z => z * z).Should().BeApproximately(1, Precision);
        Encoded(values, NumberScaling.None).Should().Equal(values.Select(value => (float)value));
    }

    [Fact]
    public void Missing_numbers_are_0_and_flagged_categories_one_hot_and_flags_plus_and_minus_1()
    {
        Table table = CsvTests.Read("n,c,f,y\n1,red,true,5\n,blue,false,6\n5,,true,8\n3,red,,7\n");
        TableSchema schema = table.InferSchema("y");
        Dataset data = schema.Encode(table);
        data.InputNames.Should().Equal("n", "n missing", "c=blue", "c=red", "c missing", "f");
        data.Inputs.Row(1).ToArray().Should().Equal(0, 1, 1, 0, 0, -1);
        data.Inputs.Row(2).ToArray()[1..].Should().Equal(0, 0, 0, 1, 1);
        data.Inputs.Row(3).ToArray().Should().Equal(0, 0, 0, 1, 0, 0);
        schema.Encode(CsvTests.Read("n,c,f,y\n3,green,true,7\n")).Inputs.Row(0).ToArray().Should().Equal([0, 0, 0, 0, 0, 1], "an unknown category is 0 in all inputs");
    }

    [Fact]
    public void Many_categories_are_numbered_for_an_embedding_with_0_for_unknown_ones()
    {
        string[] cities = [.. Enumerable.Range(0, 12).Select(i => $"city{(char)('a' + i)}")];
        Table table = CsvTests.Read("city,x,y\n" + string.Concat(Enumerable.Range(0, 36).Select(i => $"{(i == 35 ? "" : cities[i % 12])},{i % 5},{i * 7 % 11}.5\n")));
        TableSchema schema = table.InferSchema("y");
        schema["city"].EmbeddingSize.Should().Be(8);
        Dataset data = schema.Encode(table);
        data.Inputs[3, 0].Should().Be(4);
        data.Inputs[35, 0].Should().Be(13);
        schema.Encode(CsvTests.Read("city,x,y\nelsewhere,1,2.5\n")).Inputs[0, 0].Should().Be(0);
        schema.InputLayer(new Random(1)).ToString().Should().Be("Embedding(2 → 9, column 0: 14 × 8)");
        CsvTests.Read("a,y\n1,1.5\n2,3\n").InferSchema("y").InputLayer(new Random(1)).Should().BeOfType<Identity>();
    }

    [Theory]
    [InlineData("a,a=b,y\nb,1.5,1\nc,2.5,2\nb,3.5,4\n", "'a'=b", "'a'=c", "'a=b'")]
    [InlineData("a,a=b,y\nb=c,c,1\nd,e,2\nb=c,e,4\n", "'a'=b=c", "'a'=d", "'a=b'=c", "'a=b'=e")]
    [InlineData("x,x missing,y\n1,5,1\n,6,2\n3,7,4\n", "'x'", "'x' missing", "'x missing'")]
    [InlineData("d,d day,y\n2024-01-01,5,1\n2024-07-01,6,2\n2024-03-04,7,4\n", "'d' day", "'d' season sine", "'d' season cosine", "'d' weekday sine", "'d' weekday cosine", "'d day'")]
    [InlineData("it's,it's=b,y\nb,1.5,1\nc,2.5,2\nb,3.5,4\n", "'it''s'=b", "'it''s'=c", "'it''s=b'")]
    public void Inputs_of_the_same_name_are_told_apart_so_that_other_columns_are_refused(string csv, params string[] names)
    {
        (Dataset data, Dataset turned) = (Encode(csv), Encode(string.Join('\n', csv.Split('\n').Select(line => string.Join(',', line.Split(',') is [var first, var second, var target] ? [second, first, target] : [])))));
        data.InputNames.Should().Equal(names);
        turned.InputSize.Should().Be(names.Length);
        var network = new Sequential(new Linear(names.Length, 1, new Random(1)));
        var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network, 0.01));
        trainer.Invoking(own => own.Fit(data, turned, epochs: 1)).Should().Throw<ArgumentException>().WithMessage("*Only the order differs*");
        trainer.Fit(data, Encode(csv), epochs: 1);
        trainer.Invoking(own => own.Evaluate(turned)).Should().Throw<ArgumentException>().WithMessage("*Only the order differs*");

        static Dataset Encode(string csv)
        {
            Table table = CsvTests.Read(csv);
            return table.InferSchema("y").Encode(table);
        }
    }

    [Fact]
    public void An_embedded_column_whose_categories_are_counted_otherwise_is_refused()
    {
        Table all = Cities(0), fewer = Cities(1);
        (TableSchema schema, TableSchema other) = (all.InferSchema("y"), fewer.InferSchema("y"));
        Dataset data = schema.Encode(all), wrong = other.Encode(fewer);
        (data.InputNames[0], data.InputNames[1], wrong.InputSize).Should().Be(("city=a|b|c|d|e|f|g|h|i|j|k|l", "x", data.InputSize));
        var network = new Sequential(schema.InputLayer(new Random(1)), new Linear(9, 1, new Random(1)));
        var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network, 0.01));
        trainer.Fit(data, schema.Encode(fewer), epochs: 1);
        trainer.Invoking(own => own.Evaluate(wrong)).Should().Throw<ArgumentException>().WithMessage("*'city=a|b|c|*', 'x', the given data 'city=b|c|d*");

        static Table Cities(int first) => CsvTests.Read("city,x,y\n" + string.Concat(Enumerable.Range(0, 36).Select(i => $"{(char)('a' + first + (i % (12 - first)))},{i % 5},{i * 7 % 11}.5\n")));
    }

    [Fact]
    public void Dates_become_day_season_weekday_and_hour()
    {
        Table table = CsvTests.Read("d,y\n2024-01-01 06:00,1.5\n2024-07-01 18:00,2.5\n2024-03-04 00:00,4\n");
        TableSchema schema = table.InferSchema("y");
        schema.Scaling = NumberScaling.None;
        Dataset data = schema.Encode(table);
        data.InputNames.Should().Equal("d day", "d season sine", "d season cosine", "d weekday sine", "d weekday cosine", "d hour sine", "d hour cosine");
        double days = (new DateTime(2024, 1, 1, 6, 0, 0) - DateTime.UnixEpoch).TotalDays;
        double[] expected = [days, Math.Sin(2 * Math.PI * days / 365.2425), Math.Cos(2 * Math.PI * days / 365.2425), Math.Sin(2 * Math.PI * Math.Floor(days) / 7), Math.Cos(2 * Math.PI * Math.Floor(days) / 7), 1, 0];
        for (int i = 0; i < expected.Length; i++) data.Inputs[0, i].Should().BeApproximately((float)expected[i], 1e-4f);
        data.Inputs[0, 3].Should().BeApproximately(data.Inputs[2, 3], 1e-4f, "both are Mondays");
    }

    [Fact]
    public void A_missing_date_is_the_mean_day_where_days_are_not_scaled()
    {
        TableSchema schema = CsvTests.Read("d,y\n2024-01-01,1.5\n2024-01-03,2.5\n,4\n").InferSchema("y");
        schema.Encode(CsvTests.Read("d,y\n,4\n")).Inputs.Row(0).ToArray().Should().Equal(0, 0, 0, 0, 0, 1);
        schema.Scaling = NumberScaling.None;
        schema.Encode(CsvTests.Read("d,y\n,4\n")).Inputs.Row(0).ToArray().Should().Equal((float)(new DateTime(2024, 1, 2) - DateTime.UnixEpoch).TotalDays, 0, 0, 0, 0, 1);
    }

    [Fact]
    public void Two_classes_are_one_column_more_are_one_hot_numbers_standard_scores_and_weights_count()
    {
        Table table = CsvTests.Read("x,two,three,n,w\n1,no,a,10,1\n2,yes,b,20,2\n3,no,c,60,0.5\n");
        TableSchema two = table.InferSchema("two");
        two.Encode(table).Targets.Span.ToArray().Should().Equal(0, 1, 0);
        two["two"].Target(positive: "no");
        two.Encode(table).Targets.Span.ToArray().Should().Equal(1, 0, 1);
        TableSchema three = table.InferSchema("three");
        three["w"].Weight();
        Dataset weighted = three.Encode(table);
        weighted.Targets.Row(1).ToArray().Should().Equal(0, 1, 0);
        weighted.Classes.Should().Equal("a", "b", "c");
        weighted.SampleWeights.ToArray().Should().Equal(1, 2, 0.5f);
        TableSchema number = table.InferSchema("n");
        double deviation = Math.Sqrt(((20.0 * 20) + (10 * 10) + (30 * 30)) / 3);
        number.Encode(table).Targets.Span.ToArray().Should().Equal((float)(-20 / deviation), (float)(-10 / deviation), (float)(30 / deviation));
        number["n"].Target(log: true);
        double mean = (Math.Log(10) + Math.Log(20) + Math.Log(60)) / 3;
        number.Encode(table).Targets[1, 0].Should().BeApproximately((float)((Math.Log(20) - mean) / Math.Sqrt(new double[] { 10, 20, 60 }.Average(value => Math.Pow(Math.Log(value) - mean, 2)))), Precision);
        table.InferSchema(["n", "x"]).Encode(table).TargetSize.Should().Be(2);
    }

    [Fact]
    public void Weights_that_are_all_0_are_refused()
    {
        TableSchema schema = CsvTests.Read("x,y,w\n1,1.5,0\n2,2.5,0\n3,4,0\n").InferSchema("y");
        schema.Invoking(s => s["w"].Weight()).Should().Throw<InvalidDataException>().WithMessage("Column 'w' is a weight, but 0 in all rows*");
    }

    [Fact]
    public void Measured_on_other_rows_scales_and_categories_are_theirs_and_classes_stay()
    {
        Table table = CsvTests.Read("x,c,y\n1,red,cat\n2,blue,dog\n30,green,cow\n40,green,cow\n");
        TableSchema schema = table.InferSchema("y").MeasuredOn(table.Select([0, 1]));
        schema["c"].Categories.Should().Equal("blue", "red");
        schema.Classes.Should().Equal("cat", "cow", "dog");
        schema.Encode(table).Inputs.Row(3).ToArray()[1..].Should().Equal(0, 0);
    }

    private static float[] Encoded(double[] values, NumberScaling scaling)
    {
        Table table = Table.From(values.Select((value, i) => new { X = value, Y = (double)i * i }));
        TableSchema schema = table.InferSchema("Y");
        schema.Scaling = scaling;

        // A column that is changed later is measured in the same way.
        schema["X"].AsNumber();
        return schema.Encode(table).Inputs.Span.ToArray();
    }
}
