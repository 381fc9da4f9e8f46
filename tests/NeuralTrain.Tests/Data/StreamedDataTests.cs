using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Data;

public sealed class StreamedDataTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(10, 1)]
    [InlineData(10, 3)]
    [InlineData(11, 3)]
    [InlineData(12, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(10, 100)]
    public void Batches_are_those_of_the_same_data_in_memory(int rows, int batchSize)
    {
        foreach (bool merge in new[] { false, true })
        {
            var plan = new BatchPlan(batchSize) { MergeLastRow = merge };
            DatasetReaderTests.Batches(Numbered(rows), plan).Should().BeEquivalentTo(
                DatasetReaderTests.Batches(DatasetReaderTests.Numbered(rows), plan), options => options.WithStrictOrdering());

            // Shuffled, rows come in another order, but in batches of the same sizes, each once.
            List<float[]> shuffled = DatasetReaderTests.Batches(Numbered(rows, window: 4), plan with { ShuffleSeed = 3 });
            shuffled.SelectMany(batch => batch).Order().Should().Equal(Enumerable.Range(0, rows).Select(row => (float)row));
            shuffled.Select(batch => batch.Length).Should().Equal(
                DatasetReaderTests.Batches(DatasetReaderTests.Numbered(rows), plan).Select(batch => batch.Length));
        }
    }

    [Fact]
    public void The_order_is_repeated_by_seed_and_epoch_and_is_another_for_others()
    {
        string Order(ulong seed, int epoch) => string.Join(',', Values(Numbered(100, window: 20), seed, epoch));
        Order(1, 0).Should().Be(Order(1, 0));
        new[] { Order(1, 0), Order(1, 1), Order(2, 0), string.Join(',', Enumerable.Range(0, 100)) }.Distinct().Should().HaveCount(4);
    }

    [Fact]
    public void A_row_comes_no_earlier_than_the_window_allows_and_a_window_of_one_keeps_the_order()
    {
        float[] values = Values(Numbered(200, window: 10), seed: 5, epoch: 0);
        for (int place = 0; place < 200; place++)
        {
            values[place].Should().BeLessThanOrEqualTo(place + 9);
        }

        Values(Numbered(50, window: 1), seed: 5, epoch: 0).Should().Equal(Enumerable.Range(0, 50).Select(row => (float)row));
    }

    [Fact]
    public void A_window_as_large_as_the_data_gives_every_row_the_same_chance_at_every_place()
    {
        const int rows = 5, epochs = 5000;
        StreamedData data = Numbered(rows, window: rows);
        var counts = new int[rows, rows];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            float[] values = Values(data, seed: 2, epoch);
            for (int place = 0; place < rows; place++)
            {
                counts[place, (int)values[place]]++;
            }
        }

        // Chi-square with 16 degrees of freedom: 1e-6 of all draws lie above 59.
        counts.Cast<int>().Sum(count => Math.Pow(count - 1000, 2) / 1000).Should().BeLessThan(59);
    }

    [Fact]
    public void What_goes_wrong_while_reading_is_thrown_behind_the_batches_before_it()
    {
        static IEnumerable<int> Failing()
        {
            yield return 0;
            yield return 1;
            yield return 2;
            throw new IOException("the disk is gone");
        }

        StreamedData data = StreamedData.From(Failing, row => [row], row => [row]);
        using BatchReader reader = data.Read(new BatchPlan(2));
        reader.Read().Should().BeTrue();
        reader.Invoking(r => r.Read()).Should().Throw<IOException>().WithMessage("the disk is gone");
    }

    [Fact]
    public void A_ragged_item_is_named()
    {
        StreamedData data = StreamedData.From(() => new[] { 1, 1, 2 }, size => new float[size], _ => [1]);
        using BatchReader reader = data.Read(new BatchPlan(1));
        (reader.Read() && reader.Read()).Should().BeTrue();
        reader.Invoking(r => r.Read()).Should().Throw<InvalidDataException>().WithMessage("Item 2*2 values*expected 1*");
    }

    [Theory]
    [InlineData(6, 4, "The stream ended after 4 items, but its count says 6*")]
    [InlineData(4, 4, "")]
    [InlineData(3, 4, "The stream has more items than the 3 its count says*")]
    public void A_stream_of_another_length_than_its_count_says_is_refused(int count, int rows, string message)
    {
        foreach (BatchPlan plan in new BatchPlan[] { new(2), new(100), new(2, shuffleSeed: 1), new(2) { MergeLastRow = true } })
        {
            StreamedData data = StreamedData.From(() => Enumerable.Range(0, rows), row => [row], row => [row], count: count);
            using BatchReader reader = data.Read(plan);
            Action read = () => _ = reader.Read() && reader.Read() && reader.Read() && reader.Read();
            if (message.Length == 0)
            {
                read.Should().NotThrow();
            }
            else
            {
                read.Should().Throw<InvalidDataException>().WithMessage(message);
            }
        }
    }

    [Fact]
    public void Disposed_in_the_middle_of_a_pass_the_source_is_closed()
    {
        int open = 0;
        IEnumerable<int> Endless()
        {
            Interlocked.Increment(ref open);
            try
            {
                for (int i = 0; ; i++)
                {
                    yield return i;
                }
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        }

        StreamedData data = StreamedData.From(Endless, row => [row], row => [row]);
        foreach (ulong? seed in new ulong?[] { null, 1 })
        {
            using (BatchReader reader = data.Read(new BatchPlan(2, seed) { MergeLastRow = true }))
            {
                reader.Read().Should().BeTrue();
                Volatile.Read(ref open).Should().Be(1);
            }

            open.Should().Be(0);
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_batch_by_the_caller()
    {
        StreamedData data = Numbered(100_000);
        using BatchReader reader = data.Read(new BatchPlan(2, 1));
        float sum = 0;
        Allocation.PerCall(() => sum += reader.Read() ? reader.Inputs.Span[0] : float.NaN).Should().Be(0);
        sum.Should().BePositive();
    }

    [Fact]
    public void A_stream_of_IDX_files_gives_what_loading_them_gives()
    {
        string images = RealData.Mnist("t10k-images-idx3-ubyte.gz"), labels = RealData.Mnist("t10k-labels-idx1-ubyte.gz");
        var loaded = Dataset.FromIdx(images, labels);
        StreamedData streamed = StreamedData.FromIdx(images, labels);
        streamed.ToString().Should().Be("10000 samples of 784 inputs and 10 classes");
        for (int pass = 0; pass < 2; pass++)
        {
            using BatchReader reader = streamed.Read(new BatchPlan(77));
            int row = 0;
            for (; reader.Read(); row += reader.Inputs.Rows)
            {
                reader.Inputs.Span.SequenceEqual(loaded.Inputs.SliceRows(row, reader.Inputs.Rows).Span).Should().BeTrue();
                reader.Targets.Span.SequenceEqual(loaded.Targets.SliceRows(row, reader.Inputs.Rows).Span).Should().BeTrue();
            }

            row.Should().Be(10_000);
        }
    }

    [Fact]
    public void What_no_stream_can_be_made_of_is_refused()
    {
        ((Action)(() => StreamedData.From(() => Array.Empty<int>(), _ => [1], _ => [1]))).Should().Throw<ArgumentException>().WithMessage("The stream is empty*");
        ((Action)(() => StreamedData.From(() => new[] { 1 }, _ => [], _ => [1]))).Should().Throw<ArgumentException>().WithMessage("*no values for its inputs*");
        ((Action)(() => StreamedData.From(() => new[] { 1 }, _ => [1], _ => [1], ["a", "b"]))).Should().Throw<ArgumentException>().WithMessage("*classes must match the targets: expected 1, received 2*");
        ((Action)(() => StreamedData.From(() => new[] { 1 }, _ => [1], _ => [1], count: 0))).Should().Throw<ArgumentOutOfRangeException>();
        StreamedData data = Numbered(3);
        data.Invoking(d => d.ShuffleWindow = 0).Should().Throw<ArgumentOutOfRangeException>();
        data.Invoking(d => d.Read(new BatchPlan(0))).Should().Throw<ArgumentOutOfRangeException>();
        data.Invoking(d => d.Read(new BatchPlan(int.MaxValue))).Should().Throw<ArgumentOutOfRangeException>("nobody knows how many rows there are");
    }

    private static StreamedData Numbered(int rows, int window = 8) =>
        StreamedData.From(() => Enumerable.Range(0, rows), row => [row, -row], row => [10 * row]) is var data && (data.ShuffleWindow = window) > 0 ? data : null!;

    private static float[] Values(BatchSource data, ulong seed, int epoch) =>
        [.. DatasetReaderTests.Batches(data, new BatchPlan(3, seed, epoch)).SelectMany(batch => batch)];
}
