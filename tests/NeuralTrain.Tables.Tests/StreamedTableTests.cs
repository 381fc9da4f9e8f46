using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Tables;

/// <summary>Training from files that are read anew in each epoch.</summary>
[Collection(MemoryTestGroup.Name)]
public sealed class StreamedTableTests : IDisposable
{
    private static readonly TableFitOptions Quick = new() { Hidden = [16], Epochs = 3, BatchSize = 16 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_fits_into_the_sample_gives_the_schema_and_the_rows_of_a_table_in_memory()
    {
        string path = Write(700);
        Table table = Table.FromCsv(path);
        var streamed = StreamedTable.FromCsv(path);
        (streamed.Rows, streamed.Sample.ToString()).Should().Be((700, table.ToString()));
        TableSchema schema = table.InferSchema("price"), same = streamed.Sample.InferSchema("price");
        same.ToString().Should().Be(schema.ToString());
        Dataset expected = schema.Encode(table);
        StreamedData rows = same.Encode(streamed);
        (rows.Count, rows.ToString(), string.Join('|', rows.InputNames)).Should().Be((700, expected.ToString(), string.Join('|', expected.InputNames)));
        (List<float> inputs, List<float> targets) = ReadAll(rows);
        inputs.Should().Equal(expected.Inputs.Span.ToArray());
        targets.Should().Equal(expected.Targets.Span.ToArray());
    }

    [Fact]
    public void Trained_from_a_file_that_fits_into_the_sample_the_held_out_rows_and_scales_are_those_of_a_table_and_the_model_is_as_good()
    {
        string path = Write(3000);
        Table table = Table.FromCsv(path);
        var streamed = StreamedTable.FromCsv(path);
        TableFitOptions options = Quick with { Epochs = 12, Members = 1 };
        TableModel memory = TableModel.Fit(table, table.InferSchema("price"), new Random(1), options);
        TableModel file = TableModel.Fit(streamed, streamed.Sample.InferSchema("price"), new Random(1), options);
        Table test = Table.FromCsv(Write(500, seed: 9));
        (double ofMemory, double ofFile) = (memory.Evaluate(test)["RMSE"], file.Evaluate(test)["RMSE"]);
        ofFile.Should().BeInRange(0.8 * ofMemory, 1.2 * ofMemory, "only the order of the rows differs");
        ofFile.Should().NotBe(ofMemory);
        Lines(memory)[2].Should().Be(Lines(file)[2], "epochs, batches and the part that is held out are the same").And.Contain("for 3000 rows").And.Contain("15 % of the rows");
        file.Schema.Encode(test).Inputs.Span.ToArray().Should().Equal(memory.Schema.Encode(test).Inputs.Span.ToArray(), "scales and categories are the same");
        file.Save(_folder["m"]);
        TablePredictor.Load(_folder["m"]).Predict(test)[3].ToString().Should().Be(file.Predict(test)[3].ToString());

        static string[] Lines(TableModel model) => model.Explain().Split('\n');
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_same_seed_gives_the_same_bits_and_another_one_others(int members)
    {
        var streamed = StreamedTable.FromCsv(Write(2000), sampleRows: 300);
        TableSchema schema = streamed.Sample.InferSchema("kind");
        byte[] Saved(int seed)
        {
            using var stream = new MemoryStream();
            TableModel.Fit(streamed, schema, new Random(seed), Quick with { Members = members }).Save(stream);
            return Encoding.Latin1.GetBytes(Regex.Replace(Encoding.Latin1.GetString(stream.ToArray()), "trained [^\"]*", ""));
        }

        Saved(5).Should().Equal(Saved(5));
        Saved(5).Should().NotEqual(Saved(6));
    }

    [Fact]
    public void The_sample_is_drawn_evenly_from_the_whole_file_and_stays_in_its_order()
    {
        var rows = StreamedTable.FromCsv(Write(20_000), sampleRows: 1000);
        double[] places = [.. Enumerable.Range(0, 1000).Select(row => (double)rows.Sample["id"].Value(row)!)];
        places.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();

        // Of 10 parts each holds 100 ± 9.
        places.GroupBy(place => (int)(place / 2000)).Select(part => part.Count()).Should().HaveCount(10).And.AllSatisfy(count => count.Should().BeInRange(65, 135));
    }

    [Fact]
    public void Rows_that_are_held_out_are_not_trained_on_and_all_others_are_once_in_each_epoch()
    {
        var rows = StreamedTable.FromCsv(Write(2000), sampleRows: 200);
        TableSchema schema = rows.Sample.InferSchema("price");
        schema["id"].AsNumber();
        schema.Scaling = NumberScaling.None;
        List<float> trained = [], measured = [];
        TableFitOptions options = Quick with { Epochs = 2, ValidationFraction = 0.05, LearningRate = 1e-6, Network = (inputs, outputs, random) => new Sequential(new Recorder(trained, measured), new Linear(inputs, outputs, random)) };
        foreach (string column in (string[])["size", "city", "kind"]) schema[column].Ignore();
        TableModel.Fit(rows, schema, new Random(1), options);
        float[] held = [.. measured.Distinct()];
        held.Should().HaveCount(100);
        held.Should().BeSubsetOf(Enumerable.Range(0, 200).Select(row => (float)(double)rows.Sample["id"].Value(row)!));
        float[] others = [.. Enumerable.Range(0, 2000).Select(row => (float)row).Except(held)];
        trained.Should().HaveCount(2 * others.Length);
        trained[..others.Length].Order().Should().Equal(others);
        trained[others.Length..].Order().Should().Equal(others);
        trained[others.Length..].Should().NotEqual(trained[..others.Length]);
    }

    [Fact]
    public void What_only_rows_outside_the_sample_have_is_known_all_the_same()
    {
        // The last of 5000 rows has a class, a missing value and a text among numbers that no other row has.
        static string Row(int i) => i < 4999 ? $"{i % 7}.5,{i % 3},{"ab"[i % 2]},{i % 9}" : ",x,rare,0";
        string path = _folder["odd.csv"];
        File.WriteAllText(path, "n,code,kind,z\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{Row(i)}\n")));
        var rows = StreamedTable.FromCsv(path, sampleRows: 50);
        TableSchema schema = rows.Sample.InferSchema("kind");
        schema.Classes.Should().Equal("a", "b", "rare");
        schema["n"].HasMissing.Should().BeTrue();
        schema["code"].Kind.Should().Be(ColumnKind.Category);
        schema["code"].Ignore();
        TableModel.Fit(rows, schema, new Random(1), Quick with { Epochs = 1, Calibrate = false }).Explain().Should().Contain("a sample of 50").And.Contain("network: Sequential");
        ((Action)(() => rows.Sample.InferSchema("n"))).Should().Throw<InvalidDataException>().WithMessage("Column 'n' is a target, but has no value in some rows of the file*");
    }

    [Fact]
    public void Texts_flags_dates_and_German_numbers_are_read_in_each_epoch_as_in_memory_from_a_packed_file_too()
    {
        string text = "preis;stadt;frei;tag;ziel\n" + string.Concat(Enumerable.Range(0, 400).Select(i =>
            $"{i % 13}.{100 + i},{i % 10};{(i % 11 == 3 ? "" : $"Ort {i % 12}")};{(i % 3 == 0 ? "TRUE" : "False")};{1 + (i % 28):00}.{1 + (i % 12):00}.2024;{(i % 4 == 1 ? "ja" : "nein")}\n"));
        string path = _folder["d.csv.gz"];
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest)) packed.Write(Encoding.UTF8.GetBytes(text));
        Table table = Table.FromCsv(path);
        var rows = StreamedTable.FromCsv(path, sampleRows: 400);
        TableSchema schema = rows.Sample.InferSchema("ziel");
        schema["stadt"].EmbeddingSize.Should().Be(8);
        (List<float> inputs, List<float> targets) = ReadAll(schema.Encode(rows));
        inputs.Should().Equal(schema.Encode(table).Inputs.Span.ToArray());
        targets.Should().Equal(schema.Encode(table).Targets.Span.ToArray());
        TableModel.Fit(rows, schema, new Random(1), Quick).Predict(table).Should().HaveCount(400);
    }

    [Fact]
    public void A_file_many_times_as_large_as_the_memory_of_the_training_is_trained_on()
    {
        string path = _folder["large.csv"];
        const int Rows = 80_000, Columns = 40;
        using (var file = new StreamWriter(path))
        {
            var random = new Random(4);
            file.WriteLine(string.Join(',', Enumerable.Range(0, Columns).Select(i => $"x{i}").Append("y")));
            double[] numbers = new double[Columns];
            for (int row = 0; row < Rows; row++)
            {
                for (int i = 0; i < Columns; i++) numbers[i] = Math.Round(random.NextDouble(), 6);
                file.WriteLine(string.Join(',', numbers.Append(Math.Round(numbers[0] + (2 * numbers[1]), 6)).Select(number => number.ToString(CultureInfo.InvariantCulture))));
            }
        }

        long size = new FileInfo(path).Length, before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        var rows = StreamedTable.FromCsv(path, sampleRows: 2000);
        var watch = new Watch(() => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before));
        TableModel model = TableModel.Fit(rows, rows.Sample.InferSchema("y"), new Random(1), new TableFitOptions { Hidden = [16], Epochs = 1, BatchSize = 64, LearningRate = 0.02, Progress = watch });
        GC.KeepAlive(rows);
        size.Should().BeGreaterThan(25_000_000);
        watch.Reports.Should().BeGreaterThan(0);
        most.Should().BeLessThan(size / 5);
        model.Evaluate(rows.Sample)["R²"].Should().BeGreaterThan(0.97);
    }

    [Fact]
    public void A_file_that_changes_meanwhile_is_refused()
    {
        string path = Write(200);
        var rows = StreamedTable.FromCsv(path, sampleRows: 50);
        TableSchema schema = rows.Sample.InferSchema("price");
        string text = File.ReadAllText(path);
        Change(text[..^30], "*has changed: it had 200 rows*");
        Change(text + text[(text.IndexOf('\n') + 1)..], "*has changed: it had 200 rows when it was read first, and now more*");
        Change(text.Replace("size", "sizes", StringComparison.Ordinal), "*has other columns than when it was read first*");
        Change(text.Replace("\n150,", "\n15O,", StringComparison.Ordinal), "*line 152, column 'id': '15O' is not a number*");

        void Change(string changed, string message)
        {
            File.WriteAllText(path, changed);
            ((Action)(() => TableModel.Fit(rows, schema, new Random(1), Quick))).Should().Throw<InvalidDataException>().WithMessage(message);
        }
    }

    [Fact]
    public void What_a_stream_cannot_do_is_refused_with_what_to_do()
    {
        string path = Write(100);
        var rows = StreamedTable.FromCsv(path, sampleRows: 50);
        TableSchema schema = rows.Sample.InferSchema("kind");
        schema["price"].Weight();
        ((Action)(() => TableModel.Fit(rows, schema, new Random(1), Quick))).Should().Throw<InvalidOperationException>().WithMessage("A column is a weight*Read the file with Table.FromCsv*");
        ((Action)(() => StreamedTable.FromCsv(path, sampleRows: 9))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("sampleRows must be 10 or more, received 9.*");
        rows.ToString().Should().StartWith($"100 rows, of which these are in memory: 50 rows of 5 columns from {path} (separator ','");
    }

    private static (List<float> Inputs, List<float> Targets) ReadAll(StreamedData rows)
    {
        List<float> inputs = [], targets = [];
        using BatchReader reader = rows.Read(new BatchPlan(32));
        while (reader.Read())
        {
            inputs.AddRange(reader.Inputs.Span);
            targets.AddRange(reader.Targets.Span);
        }

        return (inputs, targets);
    }

    // Price and kind follow from size and city; a size is sometimes missing.
    private string Write(int rows, int seed = 7)
    {
        string path = _folder[$"{rows}-{seed}.csv"];
        var random = new Random(seed);
        using var file = new StreamWriter(path);
        file.WriteLine("id,size,city,price,kind");
        for (int i = 0; i < rows; i++)
        {
            double size = 4 * random.NextDouble();
            int city = random.Next(12);
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i},{(i % 17 == 4 ? "" : size.ToString("0.000", CultureInfo.InvariantCulture))},City {city},{(3 * size) + city + random.NextDouble():0.000},{(size + (city / 6.0) > 3 ? "large" : "small")}"));
        }

        return path;
    }

    private sealed class Watch(Action look) : IProgress<TrainingProgress>
    {
        public int Reports { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (Reports++ % 200 == 0) look();
        }
    }

    // Writes down the first input of each row.
    private sealed class Recorder(List<float> trained, List<float> measured) : Layer
    {
        public override void Infer(Matrix input, Matrix output) => Copy(input, output, measured);

        public override void Forward(Matrix input, Matrix output) => Copy(input, output, trained);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            if (!inputGradient.IsEmpty) outputGradient.CopyTo(inputGradient);
        }

        private static void Copy(Matrix input, Matrix output, List<float> rows)
        {
            input.CopyTo(output);
            for (int row = 0; row < input.Rows; row++) rows.Add(input[row, 0]);
        }
    }
}
