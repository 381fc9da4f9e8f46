using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Data;

public sealed class DatasetReaderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 3)]
    [InlineData(10, 10)]
    [InlineData(10, 11)]
    [InlineData(10, int.MaxValue)]
    public void Every_row_comes_exactly_once_an_epoch_with_its_target_and_weight(int rows, int batchSize)
    {
        Dataset data = Numbered(rows, weighted: true);
        foreach (ulong? seed in new ulong?[] { null, 0, 5 })
        {
            foreach (bool merge in new[] { false, true })
            {
                foreach (bool writable in new[] { false, true })
                {
                    List<float[]> batches = Batches(data, new BatchPlan(batchSize, seed, epoch: 2) { MergeLastRow = merge, Writable = writable });
                    batches.SelectMany(batch => batch).Order().Should().Equal(Enumerable.Range(0, rows).Select(row => (float)row));
                }
            }
        }
    }

    [Fact]
    public void Without_a_seed_rows_keep_their_order() =>
        Batches(Numbered(5), new BatchPlan(2)).Should().BeEquivalentTo(
            new float[][] { [0, 1], [2, 3], [4] }, options => options.WithStrictOrdering());

    [Theory]
    [InlineData(10, 3, "3,3,4")]
    [InlineData(9, 3, "3,3,3")]
    [InlineData(11, 3, "3,3,3,2")]
    [InlineData(3, 2, "3")]
    [InlineData(1, 2, "1")]
    [InlineData(3, int.MaxValue, "3")]
    [InlineData(3, 1, "1,1,1")]
    public void A_single_row_left_over_joins_the_batch_before_it_where_asked_unless_all_batches_have_one(int rows, int batchSize, string sizes)
    {
        foreach (ulong? seed in new ulong?[] { null, 7 })
        {
            Sizes(Batches(Numbered(rows), new BatchPlan(batchSize, seed) { MergeLastRow = true })).Should().Be(sizes);
        }
    }

    [Fact]
    public void Else_it_is_a_batch_of_its_own() => Sizes(Batches(Numbered(10), new BatchPlan(3))).Should().Be("3,3,3,1");

    [Fact]
    public void The_same_seed_and_epoch_give_the_same_order_and_others_give_others()
    {
        Dataset data = Numbered(100);
        float[] Order(ulong seed, int epoch) => [.. Batches(data, new BatchPlan(8, seed, epoch)).SelectMany(batch => batch)];

        Order(3, 1).Should().Equal(Order(3, 1));
        float[][] others = [Order(3, 0), Order(3, 2), Order(4, 1), Order(3, 1)];
        others.Select(order => string.Join(',', order)).Distinct().Should().HaveCount(4);
    }

    [Fact]
    public void Every_row_has_the_same_chance_at_every_place()
    {
        const int rows = 7, epochs = 70_000;
        var counts = new int[rows, rows];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            int[] order = Shuffle.Order(rows, seed: 11, epoch);
            for (int place = 0; place < rows; place++)
            {
                counts[place, order[place]]++;
            }
        }

        // Chi-square with (7 − 1)² = 36 degrees of freedom: 5e-6 of all draws lie above 88.
        double expected = epochs / (double)rows;
        double chiSquare = counts.Cast<int>().Sum(count => Math.Pow(count - expected, 2) / expected);
        chiSquare.Should().BeLessThan(88).And.BeGreaterThan(8, "less than that would be too regular to be chance");
    }

    [Fact]
    public void All_orders_of_four_rows_have_the_same_chance()
    {
        const int epochs = 48_000;
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            string order = string.Concat(Shuffle.Order(4, seed: 12, epoch));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        counts.Should().HaveCount(24);

        // 23 degrees of freedom: 1e-6 of all draws lie above 70.
        counts.Values.Sum(count => Math.Pow(count - 2000, 2) / 2000).Should().BeLessThan(70);
    }

    [Fact]
    public void Draws_use_all_their_bits()
    {
        // With 24 bits alone every number drawn below 2³⁰ would be a multiple of 64.
        var draws = new DrawStream(seed: 1, firstDraw: 0);
        Enumerable.Range(0, 1000).Count(_ => draws.Below(1 << 30) % 64 != 0).Should().BeGreaterThan(900);
    }

    [Fact]
    public void A_stream_of_draws_may_begin_anywhere()
    {
        var whole = new DrawStream(seed: 9, firstDraw: 0);
        int[] all = [.. Enumerable.Range(0, 1000).Select(_ => whole.Below(1000))];
        var late = new DrawStream(seed: 9, firstDraw: 700);
        Enumerable.Range(0, 300).Select(_ => late.Below(1000)).Should().Equal(all[700..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_allocated_per_batch(bool shuffled)
    {
        Dataset data = Numbered(10_000, weighted: true);
        using BatchReader reader = data.Read(new BatchPlan(2, shuffled ? 1UL : null));
        float sum = 0;
        Allocation.PerCall(() =>
        {
            sum += reader.Read() ? reader.Inputs.Span[0] + reader.SampleWeights[0] : float.NaN;
        }).Should().Be(0);
        sum.Should().BePositive();
    }

    [Fact]
    public void Writable_batches_are_copies_and_the_data_stay_as_they_are()
    {
        foreach (ulong? seed in new ulong?[] { null, 1 })
        {
            Dataset data = Numbered(5);
            using BatchReader reader = data.Read(new BatchPlan(2, seed) { Writable = true });
            while (reader.Read())
            {
                reader.Inputs.Span.Fill(-1);
                reader.Targets.Span.Fill(-1);
            }

            data.Inputs.Span.ToArray().Should().Equal(Numbered(5).Inputs.Span.ToArray());
            data.Targets.Span.ToArray().Should().Equal(Numbered(5).Targets.Span.ToArray());
        }
    }

    [Fact]
    public void A_plan_nobody_can_follow_is_refused()
    {
        Dataset data = Numbered(5);
        data.Invoking(d => d.Read(new BatchPlan(0))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("BatchSize must be 1 or more, received 0*");
        data.Invoking(d => d.Read(new BatchPlan(2, 1, epoch: -1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Epoch must be 0 or more*");
    }

    /// <summary>Row i has the inputs i and −i, the target 10·i, the weight i + 1.</summary>
    internal static Dataset Numbered(int rows, bool weighted = false)
    {
        var inputs = new Matrix(rows, 2);
        var targets = new Matrix(rows, 1);
        for (int row = 0; row < rows; row++)
        {
            (inputs[row, 0], inputs[row, 1], targets[row, 0]) = (row, -row, 10 * row);
        }

        float[] weights = weighted ? [.. Enumerable.Range(1, rows).Select(weight => (float)weight)] : [];
        return new Dataset(inputs, targets, sampleWeights: weights);
    }

    /// <summary>The first input of each row by batch; checks that everything else belongs to it.</summary>
    internal static List<float[]> Batches(BatchSource data, BatchPlan plan)
    {
        var batches = new List<float[]>();
        using BatchReader reader = data.Read(plan);
        while (reader.Read())
        {
            batches.Add([.. Enumerable.Range(0, reader.Inputs.Rows).Select(row => reader.Inputs[row, 0])]);
            reader.Targets.Rows.Should().Be(reader.Inputs.Rows);
            for (int row = 0; row < reader.Inputs.Rows; row++)
            {
                reader.Inputs[row, 1].Should().Be(-reader.Inputs[row, 0]);
                reader.Targets[row, 0].Should().Be(10 * reader.Inputs[row, 0]);
                if (!reader.SampleWeights.IsEmpty)
                {
                    reader.SampleWeights[row].Should().Be(reader.Inputs[row, 0] + 1);
                }
            }
        }

        reader.Read().Should().BeFalse("a pass that ended stays so");
        return batches;
    }

    private static string Sizes(List<float[]> batches) => string.Join(',', batches.Select(batch => batch.Length));
}
