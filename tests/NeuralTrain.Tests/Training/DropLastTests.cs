namespace NeuralTrain.Tests.Training;

public sealed class DropLastTests
{
    [Fact]
    public void An_epoch_takes_full_batches_only_and_other_rows_each_time()
    {
        var seen = new BatchLog();
        Trainer trainer = Create(seen);
        trainer.Fit(TestData.Classes(23), epochs: 3);
        seen.Rows.Should().Equal(10, 10, 10, 10, 10, 10);
        trainer.DropLast = false;
        trainer.Fit(TestData.Classes(23), epochs: 1);
        seen.Rows.Skip(6).Should().Equal(10, 10, 3);
    }

    [Fact]
    public void Its_steps_have_the_bits_of_a_training_on_the_rows_that_fill_batches()
    {
        Dataset data = TestData.Classes(23);
        Trainer dropping = Create(new BatchLog()), whole = Create(new BatchLog());
        (dropping.Shuffle, whole.Shuffle) = (false, false);
        (dropping.Schedule, whole.Schedule) = (new CosineDecay(), new CosineDecay());
        dropping.Fit(data, epochs: 4);
        whole.DropLast = false;
        whole.Fit(data[..20], epochs: 4);
        TestData.Bits(dropping.Network).Should().Equal(TestData.Bits(whole.Network), "the schedule counts the steps that are taken");
        dropping.History.Epochs[3].Training.Loss.Should().Be(whole.History.Epochs[3].Training.Loss);
    }

    [Fact]
    public void A_row_left_over_is_left_out_and_not_merged_before_a_batch_normalisation()
    {
        var seen = new BatchLog();
        var random = new Random(1);
        var network = new Sequential(new Linear(3, 4, random), new BatchNorm(4), new Linear(4, 3, random));
        Trainer trainer = TestData.Classifier(network);
        (trainer.DropLast, trainer.BatchSize) = (true, 10);
        trainer.Observers.Add(seen);
        trainer.Fit(TestData.Classes(21), epochs: 1);
        seen.Rows.Should().Equal(10, 10);
    }

    [Fact]
    public void A_stream_of_unknown_length_leaves_its_last_rows_out_too()
    {
        var seen = new BatchLog();
        Dataset data = TestData.Classes(23);
        StreamedData stream = StreamedData.From(() => Enumerable.Range(0, 23), row => data.Inputs.Row(row).ToArray(), row => data.Targets.Row(row).ToArray());
        Create(seen).Fit(stream, epochs: 1);
        seen.Rows.Should().Equal(10, 10);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void What_is_set_while_a_training_runs_counts_from_the_next_one(int batchSize)
    {
        var seen = new BatchLog();
        Trainer disturbed = Create(seen), alone = Create(new BatchLog());
        (disturbed.Augmentation, alone.Augmentation) = (new Mixup(), new Mixup());
        foreach (Epoch epoch in disturbed.Epochs(TestData.Classes(23), epochs: 3))
        {
            (disturbed.BatchSize, disturbed.DropLast, disturbed.Seed, disturbed.ScheduleMetric) = (batchSize, false, 99, "none");
        }

        alone.Fit(TestData.Classes(23), epochs: 3);
        seen.Rows.Should().Equal(10, 10, 10, 10, 10, 10);
        disturbed.Network.NamedParameters()[0].Parameter.Value.Span.ToArray().Should().Equal(alone.Network.NamedParameters()[0].Parameter.Value.Span.ToArray());
    }

    [Fact]
    public void Data_that_do_not_fill_one_batch_are_refused() => Create(new BatchLog()).Invoking(trainer => trainer.Fit(TestData.Classes(9), epochs: 1))
        .Should().Throw<ArgumentException>().WithMessage("The training data have 9 rows, which do not fill a batch of 10*DropLast to false*");

    [Fact]
    public void A_stream_that_does_not_fill_one_batch_is_refused_with_the_reason()
    {
        Dataset few = TestData.Classes(9);
        var stream = StreamedData.From(() => Enumerable.Range(0, 9), row => few.Inputs.Row(row).ToArray(), row => few.Targets.Row(row).ToArray());
        Create(new BatchLog()).Invoking(trainer => trainer.Fit(stream, epochs: 1))
            .Should().Throw<ArgumentException>().WithMessage("The training data have rows that do not fill a batch of 10*DropLast to false*");
    }

    private static Trainer Create(BatchLog log)
    {
        Trainer trainer = TestData.Classifier();
        trainer.DropLast = true;
        trainer.Observers.Add(log);
        return trainer;
    }

    private sealed class BatchLog : TrainingObserver
    {
        public List<int> Rows { get; } = [];

        public override void OnStep(in TrainingStep trainingStep) => Rows.Add(trainingStep.Inputs.Rows);
    }
}
