namespace NeuralTrain.Tests.Tables;

public sealed class RefitTests
{
    private static readonly TableFitOptions Quick = new() { Hidden = [64], Epochs = 40, BatchSize = 16 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_are_learnt_from_all_rows_for_the_best_number_of_epochs_unless_that_is_switched_off(bool isOn)
    {
        Table table = Drawn(200);
        TableModel model = TableModel.Fit(table, Schema(table, "Price"), new Random(1), Quick with { RefitOnAllRows = isOn });

        // The same with the trainer of the core: what is drawn comes in the same order.
        var random = new Random(1);
        TableSchema schema = Schema(table, "Price").MeasuredOn(table);
        Dataset all = schema.Encode(table);
        var (others, held) = table.Split(0.85, random);
        Trainer first = ByHand();
        first.EarlyStopping = new EarlyStopping(patience: 10);
        History history = first.Fit(all.Select([.. RowsOf(others).Order()]), all.Select([.. RowsOf(held)]), epochs: 40);
        Trainer second = ByHand();
        second.Fit(all, epochs: history.BestEpoch!.Value);

        (others.Rows, held.Rows).Should().Be((170, 30));
        Values(model).Should().Equal((isOn ? second : first).Network.Predict(all.Inputs).Span.ToArray());
        Values(model).Should().NotEqual((isOn ? first : second).Network.Predict(all.Inputs).Span.ToArray());
        model.Histories.Should().ContainSingle().Which.Best!.Validation!.Loss.Should().Be(history.Best!.Validation!.Loss);
        if (isOn) model.Explain().Should().Contain($"trained again on all 200 rows for {history.BestEpoch} epochs, the number that was best with rows held out").And.Contain("the loss above and the intervals were measured with the network before");
        else model.Explain().Should().NotContain("again");

        static IEnumerable<int> RowsOf(Table part) => Enumerable.Range(0, part.Rows).Select(row => (int)(double)part["Row"].Value(row)!);

        float[] Values(TableModel of) => of.Network.Predict(all.Inputs).Span.ToArray();

        Trainer ByHand()
        {
            var network = new Sequential(new Linear(all.InputSize, 64, random), new SiLU(), new Linear(64, 1, random));
            return new Trainer(network, new MeanSquaredError(), new AdamW(network, 0.008, weightDecay: 0.02))
            {
                BatchSize = 16, Seed = (ulong)random.NextInt64(), Schedule = new WarmUp(1, new CosineDecay(40)), Metrics = [],
            };
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_training_on_all_rows_that_is_cancelled_leaves_the_network_before(int epochs)
    {
        Table table = Drawn(200);
        TableSchema schema = Schema(table, "Price");
        using var source = new CancellationTokenSource();
        var watch = new Watch { AfterFirst = done => { if (done == epochs) source.Cancel(); } };
        TableModel cancelled = TableModel.Fit(table, schema, new Random(1), Quick with { Progress = watch }, source.Token);
        TableModel first = TableModel.Fit(table, schema, new Random(1), Quick with { RefitOnAllRows = false });
        watch.Epochs.Should().Equal([.. Enumerable.Range(1, first.Histories[0].Epochs.Count), .. Enumerable.Range(1, epochs)]);
        cancelled.Network.Predict(schema.Encode(table).Inputs).Span.ToArray().Should().Equal(first.Network.Predict(schema.Encode(table).Inputs).Span.ToArray());
        cancelled.Explain().Should().Contain("not trained again on all rows: that was ended before its last epoch");
    }

    [Fact]
    public void A_time_that_is_spent_and_intervals_that_are_learnt_leave_the_network_before_and_say_why()
    {
        Table table = Drawn(200);
        Explained("Price", Quick with { Budget = TimeSpan.FromTicks(1) }).Should().Contain("not trained again on all rows: no time was left for it");
        Explained("Price", Quick with { Budget = TimeSpan.FromHours(1) }).Should().Contain("trained again on all 200 rows");
        Explained("Price", Quick with { AdaptiveIntervals = true }).Should().Contain("not trained again on all rows: the ends of its intervals are learnt");
        Explained("Color", Quick).Should().NotContain("again");
        Explained("Price", Quick with { Members = 2 }).Should().NotContain("again");

        string Explained(string target, TableFitOptions options) => TableModel.Fit(table, Schema(table, target), new Random(1), options).Explain();
    }

    [Fact]
    public void A_network_of_all_rows_that_is_worse_on_the_rows_held_out_is_not_taken()
    {
        Table table = Drawn(200);
        int made = 0;
        TableModel model = TableModel.Fit(table, Schema(table, "Price"), new Random(1), Quick with { Network = Made });
        made.Should().Be(2);
        model.Explain().Should().Contain("not trained again on all rows: the network of all rows was worse even on the held-out ones");
        model.Evaluate(table)["R²"].Should().BePositive();

        Sequential Made(int inputs, int outputs, Random random)
        {
            var linear = new Linear(inputs, outputs, random);
            if (++made == 2) linear.Weight.Value.Span.Fill(1000);
            return new Sequential(linear);
        }
    }

    private static TableSchema Schema(Table table, string target)
    {
        TableSchema schema = table.InferSchema(target);
        schema["Row"].Ignore();
        return schema;
    }

    // A curve, which more rows show better.
    private static Table Drawn(int rows)
    {
        var random = new Random(7);
        return Table.From(Enumerable.Range(0, rows).Select(row =>
        {
            double size = 4 * random.NextDouble(), age = 4 * random.NextDouble();
            string color = random.Next(2) == 0 ? "red" : "blue";
            return new { Row = row, Size = size, Age = age, Color = color, Price = 1000 + (3 * Math.Sin(2 * size) * Math.Cos(2 * age)) + (color == "red" ? 5 : 0) + random.NextDouble() };
        }));
    }

    // The finished epochs of one training after the other.
    private sealed class Watch : IProgress<TrainingProgress>
    {
        private bool _isFirst = true;

        public List<int> Epochs { get; } = [];

        public required Action<int> AfterFirst { get; init; }

        public void Report(TrainingProgress value)
        {
            if (value.Finished is not Epoch epoch) return;
            Epochs.Add(epoch.Number);
            bool isSecond = !_isFirst;
            if (_isFirst && value.IsLast) _isFirst = false;
            if (!_isFirst) AfterFirst(isSecond ? epoch.Number : 0);
        }
    }
}
