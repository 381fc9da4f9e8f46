using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

public sealed class LearningRateFinderTests
{
    [Fact]
    [Trait("Lecture", "L5.7")]
    public void The_live_network_and_its_optimizer_are_left_alone_to_the_bit()
    {
        (Sequential network, Optimizer optimizer) = LiveStateTests.InTraining();
        IReadOnlyList<string> before = LiveState.Of(network, optimizer);
        LearningRateCurve curve = LearningRateFinder.Run(network, LiveStateTests.Data(200), new SoftmaxCrossEntropy(), optimizer);
        LiveState.Of(network, optimizer).Should().Equal(before);
        curve.Points.Should().HaveCountGreaterThan(50);
    }

    [Fact]
    [Trait("Lecture", "L5.7")]
    public void The_rate_rises_by_the_same_factor_from_batch_to_batch_and_the_average_forgets_its_start()
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        LearningRateCurve curve = LearningRateFinder.Run(
            network, LiveStateTests.Data(200), new SoftmaxCrossEntropy(), optimizer, lowest: 1e-8, highest: 1, batches: 200, batchSize: 16, seed: 0, smoothing: 0.98, stopFactor: 1e9);
        curve.Points.Should().HaveCount(200);
        double average = 0;
        for (int i = 0; i < 200; i++)
        {
            LearningRatePoint point = curve.Points[i];
            point.LearningRate.Should().BeApproximately(1e-8 * Math.Pow(1e8, i / 199.0), 1e-12 * point.LearningRate);
            average = (0.98 * average) + (0.02 * point.Loss);
            point.SmoothedLoss.Should().BeApproximately(average / (1 - Math.Pow(0.98, i + 1)), 1e-9 * point.SmoothedLoss);
        }

        curve.Reason.Should().Be("The highest rate, 1, was reached.");
    }

    [Fact]
    public void Data_that_are_not_scaled_are_said_with_the_column_and_scaled_ones_are_not()
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        Dataset data = LiveStateTests.Data(96);
        Matrix inputs = data.Inputs.Clone();
        for (int row = 0; row < inputs.Rows; row++) inputs[row, 1] *= 1000;
        LearningRateFinder.Run(network, new Dataset(inputs, data.Targets), new SoftmaxCrossEntropy(), optimizer).ToString()
            .Should().Contain("unscaled data").And.Contain("column 1 has standard deviation").And.Contain("put Standardization first");
        LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer).ToString().Should().NotContain("scaled");
    }

    [Fact]
    [Trait("Lecture", "L5.7")]
    public void The_losses_are_those_of_a_training_at_these_rates()
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        Dataset data = LiveStateTests.Data(96);
        LearningRateCurve curve = LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer, lowest: 0.001, highest: 0.1, batches: 10, seed: 7);
        var loss = new SoftmaxCrossEntropy();
        var gradient = new Matrix(32, 3);
        int i = 0;
        for (int epoch = 0; epoch < 4; epoch++)
        {
            using BatchReader reader = data.Read(new BatchPlan(32, 7, epoch));
            while (i < 10 && reader.Read())
            {
                optimizer.LearningRate = curve.Points[i].LearningRate;
                loss.Evaluate(network.Forward(reader.Inputs), reader.Targets, gradient).Should().Be(curve.Points[i].Loss);
                network.Backward(gradient);
                optimizer.Step();
                i++;
            }
        }

        i.Should().Be(10);
    }

    [Fact]
    public void Of_two_valleys_that_are_equally_long_the_first_one_counts()
    {
        double[] losses = [4, 3, 9, 8, 9, 9, 9, 9, 9];
        new LearningRateCurve([.. losses.Select((loss, i) => new LearningRatePoint(i + 1, loss, loss))], planned: 9, "").Suggestion.Should().Be(1);
    }

    [Fact]
    public void The_run_ends_when_the_smoothed_loss_is_four_times_its_best()
    {
        (Sequential network, Optimizer _) = Fresh();
        LearningRateCurve curve = LearningRateFinder.Run(
            network, LiveStateTests.Data(200), new MeanSquaredError(), new SGD(network), lowest: 1e-7, highest: 100, batches: 100, batchSize: 32, seed: 0, smoothing: 0.5, stopFactor: 4);
        curve.Points.Count.Should().BeLessThan(100);
        double best = double.PositiveInfinity;
        for (int i = 0; i < curve.Points.Count; i++)
        {
            best = Math.Min(best, curve.Points[i].SmoothedLoss);
            (curve.Points[i].SmoothedLoss > 4 * best).Should().Be(i == curve.Points.Count - 1);
        }

        curve.Reason.Should().StartWith("The smoothed loss rose above 4 times its best at the rate ");
        curve.Suggestion.Should().NotBeNull();
    }

    [Fact]
    [Trait("Lecture", "L5.7")]
    public void A_training_at_the_suggested_rate_learns_and_one_at_a_thousandth_does_not()
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        Dataset data = LiveStateTests.Data(320);
        double rate = LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer).Suggestion!.Value;
        Train(rate).Should().BeLessThan(0.4);
        Train(rate / 1000).Should().BeGreaterThan(0.8);

        double Train(double learningRate)
        {
            (Sequential fresh, Optimizer own) = Fresh();
            own.LearningRate = learningRate;
            var loss = new SoftmaxCrossEntropy();
            var gradient = new Matrix(320, 3);
            for (int step = 0; step < 200; step++)
            {
                loss.Evaluate(fresh.Forward(data.Inputs), data.Targets, gradient);
                fresh.Backward(gradient);
                own.Step();
            }

            return loss.Evaluate(fresh.Predict(data.Inputs), data.Targets);
        }
    }

    [Fact]
    public void The_valley_is_the_longest_falling_row_and_the_suggestion_stands_two_thirds_into_it()
    {
        // 20 batches: the first two and the last five do not count. Of the rest the row 10, 9, …, 1 falls; 8.5 in between is not in it.
        double[] losses = [1, 1, 5, 10, 9, 8, 8.5, 7, 6, 5, 4, 3, 2, 1, 4, 0, 0, 0, 0, 0];
        LearningRateCurve curve = Curve(losses);

        // From the fourth to the fourteenth batch: 3 + 10·2/3 rounded down = 9.
        curve.Suggestion.Should().Be(Rate(9));
        curve.MinimumOverTen.Should().Be(Rate(13) / 10);
        curve.Steepest.Should().Be(Rate(7), "from 8.5 to 6 is the greatest fall over two batches");
    }

    [Fact]
    public void On_a_curve_that_begins_flat_the_valley_begins_where_the_loss_does_fall()
    {
        // The average creeps down from the third batch on, but less than a twentieth of the fall is done before the eleventh.
        double[] losses = [12, 12, 10, 9.99, 9.98, 9.97, 9.96, 9.95, 9.94, 9.93, 8, 6, 4, 2, 1, 5, 9, 30, 60, 90];

        // From the tenth to the fifteenth batch: 9 + 5·2/3 rounded down = 12.
        Curve(losses).Suggestion.Should().Be(Rate(12));
    }

    [Fact]
    public void A_first_loss_of_exactly_0_does_not_end_the_run()
    {
        var random = new Random(3);
        var network = new Sequential(new Linear(2, 1, random, bias: false));
        StreamedData data = StreamedData.From(
            () => Enumerable.Range(0, 800), row => row < 8 ? [0, 0] : [MathF.Sin(row), MathF.Cos(row)], row => [row < 8 ? 0 : MathF.Sin(row)]);
        data.ShuffleWindow = 1;
        LearningRateCurve curve = LearningRateFinder.Run(network, data, new MeanSquaredError(), new SGD(network), highest: 1, batchSize: 8);
        curve.Points[0].Loss.Should().Be(0);
        curve.Points.Should().HaveCount(100);
        curve.Suggestion.Should().NotBeNull();
    }

    [Fact]
    public void The_steepest_rate_is_that_of_the_greatest_fall_for_each_decade()
    {
        double[] losses = [9, 9, 9, 8.9, 8.8, 8, 4, 3, 2.9, 2.9, 3, 4, 8, 20, 90];
        Curve(losses).Steepest.Should().Be(Rate(6), "from 8 to 3 is the greatest fall over two batches");
    }

    [Fact]
    public void A_fall_beyond_the_lowest_loss_is_the_way_back_from_an_explosion_and_not_the_steepest()
    {
        double[] losses = [9, 9, 9, 8, 6, 4, 3, 40, 60, 20, 15, 90, 90, 90, 90, 90];
        Curve(losses).Steepest.Should().Be(Rate(4), "from 8 to 4 is the greatest fall up to the lowest loss; from 60 to 15 comes after it");
    }

    [Fact]
    public void The_first_tenth_and_the_last_five_batches_give_no_suggestion()
    {
        // Both ends fall, the middle rises.
        double[] losses = [5, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 3, 2, 1, 0.5, 0.1];
        LearningRateCurve curve = Curve(losses);
        curve.Suggestion.Should().BeNull();
        curve.Steepest.Should().BeNull();
        curve.MinimumOverTen.Should().BeNull();
        curve.Reason.Should().Be("The end. No suggestion: the loss did not fall at any rate. Check the network and the data (network.Check), and that something learns.");
        curve.ToString().Should().Be(curve.Reason);
    }

    [Theory]
    [InlineData(1e6, 0.006, false)]
    [InlineData(1e6, 0.012, true)]
    [InlineData(1e-3, 1e-6, true)]
    public void A_fall_within_the_rounding_of_the_losses_is_none(double loss, double fall, bool counts)
    {
        double[] losses = [.. Enumerable.Range(0, 20).Select(i => loss - (fall * Math.Clamp(i - 2, 0, 10)))];
        Curve(losses).Suggestion.HasValue.Should().Be(counts);
    }

    [Theory]
    [InlineData(3.9f, false)]
    [InlineData(4.1f, true)]
    public void A_loss_of_four_times_the_best_is_the_end_and_less_is_not(float last, bool ends)
    {
        // The network gives 0, so the loss of a batch is the square of its targets.
        var network = new Sequential(new Linear(1, 1, new Random(1), weightInitializer: new Zeros()));
        StreamedData data = StreamedData.From(() => Enumerable.Range(0, 80), _ => [1], row => [MathF.Sqrt(row < 72 ? 1 : last)]);
        data.ShuffleWindow = 1;
        LearningRateCurve curve = LearningRateFinder.Run(
            network, data, new MeanSquaredError(), new SGD(network), lowest: 1e-12, highest: 1e-11, batches: 20, batchSize: 8, seed: 0, smoothing: 0, stopFactor: 4);
        (curve.Points.Count, curve.Reason.StartsWith("The smoothed loss rose above 4 times", StringComparison.Ordinal)).Should().Be(ends ? (10, true) : (20, false));
    }

    [Fact]
    public void Too_few_batches_are_a_stated_reason() => Curve([3, 2, 1, 1, 1, 1]).Reason.Should().StartWith(
        "The end. No suggestion: 6 of 6 batches are too few, since the first 0 and the last 5 do not count.");

    [Fact]
    public void A_network_that_learns_nothing_gives_no_suggestion()
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        network.Freeze();
        Dataset data = LiveStateTests.Data(32);
        LearningRateCurve curve = LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer);
        curve.Suggestion.Should().BeNull();
        curve.Reason.Should().Contain("The highest rate, 10, was reached. No suggestion: the loss did not fall at any rate.");
    }

    [Theory]
    [InlineData(float.NaN, "The loss was not finite in batch 1, before its step with the rate 1e-07.*")]
    [InlineData(float.PositiveInfinity, "*not finite in batch 1, before its step with the rate 1e-07.*")]
    public void Data_that_are_not_finite_are_a_stated_reason(float bad, string reason)
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        Dataset data = LiveStateTests.Data(32);
        data.Inputs.Span.Fill(bad);
        LearningRateCurve curve = LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer);
        curve.Suggestion.Should().BeNull();
        curve.Reason.Should().Match(reason).And.Contain("No suggestion");
    }

    [Fact]
    public void A_single_row_left_over_does_not_stop_a_batch_normalisation()
    {
        (Sequential network, Optimizer optimizer) = LiveStateTests.InTraining();
        LearningRateFinder.Run(network, LiveStateTests.Data(65), new SoftmaxCrossEntropy(), optimizer).Points.Should().HaveCountGreaterThan(20);
    }

    [Theory]
    [InlineData(16, new[] { 16, 1, 16, 1, 15 }, new[] { 0, 2, 4 })]    // within the pass too, as at the end of each file
    [InlineData(1, new[] { 1, 1, 1 }, new[] { 0, 1, 2 })]              // none: a custom layer may make do with one
    public void Of_single_rows_only_those_left_over_are_left_out(int batchSize, int[] rows, int[] learnt)
    {
        LearningRateCurve curve = Of(new Several(), i => true), expected = Of(new Identity(), i => learnt.Contains(i));
        curve.Points.Should().HaveCount(learnt.Length).And.BeEquivalentTo(expected.Points);

        LearningRateCurve Of(Layer first, Func<int, bool> isGiven)
        {
            var network = new Sequential(first, Fresh().Network);
            var data = new Batches(LiveStateTests.Data(64), rows, isGiven);
            return LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), new Adam(network), highest: 1e-6, batches: learnt.Length, batchSize: batchSize);
        }
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        (Sequential network, Optimizer optimizer) = Fresh();
        Dataset data = LiveStateTests.Data(32);
        var squashed = new Sequential(new Linear(4, 3, new Random(1)), new Softmax());
        FluentActions.Invoking(() => LearningRateFinder.Run(squashed, data, new SoftmaxCrossEntropy(), new SGD(squashed)))
            .Should().Throw<ArgumentException>().WithMessage("*takes raw scores*");
        FluentActions.Invoking(() => LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer, lowest: 1, highest: 0.1))
            .Should().Throw<ArgumentException>().WithMessage("The rate rises from lowest to highest, received 1 and 0.1*");
        FluentActions.Invoking(() => LearningRateFinder.Run(network, data, new SoftmaxCrossEntropy(), optimizer, batches: 1))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("batches must be 2 or more, received 1*");
    }

    private static double Rate(int i) => 1e-7 * Math.Pow(2, i);

    private static LearningRateCurve Curve(double[] losses) =>
        new([.. losses.Select((loss, i) => new LearningRatePoint(Rate(i), loss, loss))], losses.Length, "The end.");

    private static (Sequential Network, Optimizer Optimizer) Fresh()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, 16, random), new ReLU(), new Linear(16, 3, random));
        return (network, new Adam(network));
    }

    private sealed class Several : Layer
    {
        public override bool NeedsSeveralRows => true;

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }

    /// <summary>Batches of the given numbers of rows, or some of them.</summary>
    private sealed class Batches(Dataset data, int[] rows, Func<int, bool> isGiven) : BatchSource(data.InputSize, data.TargetSize)
    {
        public override BatchReader Read(BatchPlan plan) => new Reader(data, rows, isGiven);

        private sealed class Reader(Dataset data, int[] rows, Func<int, bool> isGiven) : BatchReader
        {
            private int _next, _start;

            public override bool Read()
            {
                for (; _next < rows.Length && !isGiven(_next); _next++)
                {
                    _start += rows[_next];
                }

                if (_next == rows.Length)
                {
                    return false;
                }

                (Inputs, Targets) = (data.Inputs.SliceRows(_start, rows[_next]), data.Targets.SliceRows(_start, rows[_next]));
                _start += rows[_next++];
                return true;
            }
        }
    }
}
