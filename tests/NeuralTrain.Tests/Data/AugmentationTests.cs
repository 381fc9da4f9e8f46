using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Data;

[Trait("Lecture", "L7.4")]
public sealed class AugmentationTests
{
    [Fact]
    public void Noise_has_the_deviation_asked_for_and_differs_each_time()
    {
        var batch = new Matrix(100, 500);
        var random = new Random(1);
        new AddNoise(0.2).Apply(batch, random);
        float[] values = batch.Span.ToArray();
        values.Average().Should().BeApproximately(0, 0.005f);
        Math.Sqrt(values.Average(value => (double)value * value)).Should().BeApproximately(0.2, 0.003);

        var second = new Matrix(100, 500);
        new AddNoise(0.2).Apply(second, random);
        second.Span.SequenceEqual(batch.Span).Should().BeFalse();
        var repeated = new Matrix(100, 500);
        new AddNoise(0.2).Apply(repeated, new Random(1));
        repeated.Span.SequenceEqual(batch.Span).Should().BeTrue("the same seed gives the same noise");
    }

    [Fact]
    public void Mixup_mixes_each_row_with_another_one_and_its_target_alike()
    {
        var random = new Random(1);
        var ratios = new List<double>();
        for (int batch = 0; batch < 2000; batch++)
        {
            // Each row has 1 in a column of its own, and so has its target: what became of both tells λ and the partner.
            var inputs = new Matrix(5, 5);
            for (int row = 0; row < 5; row++) inputs[row, row] = 1;
            Matrix targets = inputs.Clone();
            new Mixup(0.4).Apply(inputs, targets, random);
            targets.Span.SequenceEqual(inputs.Span).Should().BeTrue();
            for (int row = 0; row < 5; row++)
            {
                inputs.Row(row).ToArray().Sum().Should().BeApproximately(1, 1e-6f);
                if (inputs[row, row] < 1) inputs.Row(row).ToArray().Count(value => value != 0).Should().BeLessThanOrEqualTo(2);
            }

            int partner = Array.FindIndex(inputs.Row(0).ToArray(), 1, value => value != 0);
            if (partner > 0) ratios.Add(inputs[0, 0]);
        }

        // Beta(α, α) has the mean ½ and the variance 1 / (4(2α + 1)); one batch in five is mixed with itself.
        ratios.Count.Should().BeInRange(1500, 1700);
        ratios.Average().Should().BeApproximately(0.5, 0.03);
        ratios.Average(ratio => (ratio - 0.5) * (ratio - 0.5)).Should().BeApproximately(1 / (4 * 1.8), 0.01);
        Action alone = () => new Mixup().Apply(new Matrix(2, 2), random);
        alone.Should().Throw<NotSupportedException>().WithMessage("*together with their targets*");
    }

    [Fact]
    public void A_training_with_mixup_repeats_and_leaves_the_data_as_they_are()
    {
        Dataset data = Training.TestData.Classes(40);
        float[] before = [.. data.Inputs.Span, .. data.Targets.Span];
        int[][] bits = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var random = new Random(1);
            var network = new Sequential(new Linear(data.InputSize, 8, random), new ReLU(), new Linear(8, data.TargetSize, random));
            new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { Augmentation = new AddNoise(0.1).Then(new Mixup()), Shuffle = false }.Fit(data, epochs: 3);
            return Training.TestData.Bits(network);
        })];
        bits[1].Should().Equal(bits[0]);
        data.Inputs.Span.ToArray().Concat(data.Targets.Span.ToArray()).Should().Equal(before);
    }

    [Fact]
    public void Trainers_that_run_at_once_may_share_an_augmentation()
    {
        const int Trainers = 6;
        foreach (Augmentation shared in new Augmentation[] { new AddNoise(1), new Mixup(1) })
        {
            double[][] alone = [.. Enumerable.Range(0, Trainers).Select(Batches)], together = new double[Trainers][];
            Thread[] threads = [.. Enumerable.Range(0, Trainers).Select(i => new Thread(() => together[i] = Batches(i)))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
            for (int i = 0; i < Trainers; i++) together[i].Should().Equal(alone[i], shared.ToString());

            // The sum of each batch, of other values and another width for each trainer.
            double[] Batches(int trainer)
            {
                var (random, inputs, targets) = (new Random(trainer), new Matrix(256, 150 + trainer), new Matrix(256, 2));
                return [.. Enumerable.Range(0, 150).Select(_ =>
                {
                    inputs.Span.Fill(trainer);
                    inputs.Row(0).Fill(-trainer);
                    shared.Apply(inputs, targets, random);
                    double sum = 0;
                    foreach (float value in inputs.Span) sum += value;
                    return sum;
                })];
            }
        }
    }

    [Fact]
    public void The_data_of_a_custom_source_stay_as_they_are()
    {
        Dataset data = Training.TestData.Classes(20);
        (float[] inputs, float[] targets) = (data.Inputs.Span.ToArray(), data.Targets.Span.ToArray());
        Trainer trainer = Training.TestData.Classifier();
        trainer.Augmentation = new AddNoise(1).Then(new Mixup(1));
        trainer.Fit(new Views(data), epochs: 2);
        data.Inputs.Span.ToArray().Should().Equal(inputs);
        data.Targets.Span.ToArray().Should().Equal(targets);
    }

    [Fact]
    public void An_image_moves_as_a_whole_and_every_shift_has_the_same_chance()
    {
        const int width = 5, height = 4, pixels = 2, images = 5000;
        var counts = new Dictionary<(int, int), int>();
        var random = new Random(3);
        var shift = new ImageShift(width, height, pixels, background: -1);
        for (int i = 0; i < images; i++)
        {
            var image = new Matrix(1, width * height);
            for (int pixel = 0; pixel < image.Columns; pixel++)
            {
                image[0, pixel] = pixel + 1;
            }

            shift.Apply(image, random);
            (int right, int down) = Enumerable.Range(-pixels, (2 * pixels) + 1)
                .SelectMany(_ => Enumerable.Range(-pixels, (2 * pixels) + 1), (x, y) => (x, y))
                .Single(candidate => image.Span.SequenceEqual(Moved(width, height, candidate.x, candidate.y)));
            counts[(right, down)] = counts.GetValueOrDefault((right, down)) + 1;
        }

        counts.Should().HaveCount(25);

        // 24 degrees of freedom: 1e-6 of all draws lie above 72.
        counts.Values.Sum(count => Math.Pow(count - 200, 2) / 200).Should().BeLessThan(72);
    }

    [Fact]
    public void The_channels_of_an_image_move_alike()
    {
        float[] channel = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var batch = new Matrix([.. channel, .. channel, .. channel, .. channel], 2, 18);
        new ImageShift(3, 3, 1).Apply(batch, new Random(4));
        batch.Row(0)[..9].SequenceEqual(batch.Row(0)[9..]).Should().BeTrue();
        batch.Row(1)[..9].SequenceEqual(batch.Row(1)[9..]).Should().BeTrue();
    }

    [Fact]
    public void Two_in_a_row_are_applied_one_after_the_other()
    {
        var batch = new Matrix(2, 9);
        Augmentation both = new AddNoise(0.1).Then(new ImageShift(3, 3, 1));
        both.Apply(batch, new Random(1));
        var (expected, random) = (new Matrix(2, 9), new Random(1));
        new AddNoise(0.1).Apply(expected, random);
        float[] noise = expected.Span.ToArray();
        new ImageShift(3, 3, 1).Apply(expected, random);
        batch.Span.ToArray().Should().Equal(expected.Span.ToArray()).And.NotEqual(noise);
        both.ToString().Should().Be("AddNoise(standard deviation 0.1), ImageShift(width 3, height 3, pixels 1, background 0)");
    }

    [Fact]
    public void Nothing_is_allocated_per_batch()
    {
        var batch = new Matrix(8, 16);
        var random = new Random(1);
        Augmentation both = new AddNoise(0.1).Then(new ImageShift(4, 4, 1));
        Allocation.PerCall(() => both.Apply(batch, random)).Should().Be(0);
    }

    [Fact]
    public void What_is_no_image_of_this_size_is_refused()
    {
        ((Action)(() => new ImageShift(3, 3, 1).Apply(new Matrix(1, 10), new Random(1)))).Should().Throw<ArgumentException>().WithMessage("*9 values, received a 1×10*");
        ((Action)(() => _ = new ImageShift(3, 3, 3))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*3×3*");
        ((Action)(() => _ = new AddNoise(double.NaN))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static float[] Moved(int width, int height, int right, int down)
    {
        var moved = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = (x - right, y - down);
                bool isInside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height;
                moved[(y * width) + x] = isInside ? (fromY * width) + fromX + 1 : -1;
            }
        }

        return moved;
    }

    // Batches that are parts of the data.
    private sealed class Views(Dataset data) : BatchSource(data.InputSize, data.TargetSize, data.Count)
    {
        public override BatchReader Read(BatchPlan plan) => data.Read(new BatchPlan(plan.BatchSize));
    }
}
