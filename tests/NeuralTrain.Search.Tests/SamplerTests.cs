namespace NeuralTrain.Tests.Search;

[Trait("Lecture", "L7.5")]
public sealed class SamplerTests
{
    [Fact]
    public void Seeds_of_64_bits_are_unrelated_to_each_other_and_to_those_of_other_trials() =>
        (from seed in new ulong[] { 0, 1, 1UL << 32, (1UL << 32) + 1, ulong.MaxValue } from trial in Enumerable.Range(0, 20) select Seeds.Of(seed, trial, "trainer")).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Random_draws_are_spread_evenly_over_a_range_its_logarithm_and_a_choice()
    {
        Study study = new(Direction.Minimize, new RandomSampler(1));
        study.Run(4000, 1, trial =>
        {
            trial.Suggest("dropout", 0.2, 0.6);
            trial.Suggest("rate", 1e-5, 1e-1, log: true);
            trial.SuggestWhole("layers", 1, 4);
            trial.Suggest("units", [16, 32, 64]);
            return 0;
        });
        CheckEven([.. study.Trials.Select(trial => trial.Coordinates["dropout"])], 0.2, 0.6);
        CheckEven([.. study.Trials.Select(trial => Math.Log10(trial.Coordinates["rate"]))], -5, -1);

        // A share of 1/n in 4000 draws deviates by √(1/n·(1 − 1/n)/4000) < 0.0075; four of these are 0.03.
        foreach (int layers in Enumerable.Range(1, 4)) study.Trials.Count(trial => (int)trial.Values["layers"] == layers).Should().BeCloseTo(1000, 120);
        foreach (string units in new[] { "16", "32", "64" }) study.Trials.Count(trial => (string)trial.Values["units"] == units).Should().BeCloseTo(1333, 120);

        static void CheckEven(double[] values, double low, double high)
        {
            values.Should().OnlyContain(value => value >= low && value <= high);
            for (int tenth = 0; tenth < 10; tenth++)
            {
                double from = low + (tenth * (high - low) / 10);
                values.Count(value => value >= from && value < from + ((high - low) / 10)).Should().BeCloseTo(400, 80);
            }
        }
    }

    [Fact]
    public void Whole_numbers_on_a_logarithmic_scale_have_the_room_between_their_halves()
    {
        Study study = new(Direction.Minimize, new RandomSampler(2));
        study.Run(4000, 1, trial => trial.SuggestWhole("n", 1, 8, log: true));
        foreach (int n in Enumerable.Range(1, 8))
        {
            double share = Math.Log((n + 0.5) / (n - 0.5)) / Math.Log(8.5 / 0.5);
            study.Trials.Count(trial => trial.Score == n).Should().BeCloseTo((int)(4000 * share), (uint)(4 * Math.Sqrt(4000 * share * (1 - share))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_grid_has_every_combination_from_end_to_end_and_then_the_study_ends(int parallel)
    {
        Study study = new(Direction.Minimize, new GridSampler(points: 3));
        study.Run(1000, parallel, trial =>
        {
            trial.Suggest("dropout", 0, 0.5);
            trial.SuggestWhole("layers", 1, 2);
            trial.Suggest("activation", ["relu", "tanh"]);
            trial.Suggest("rate", 1e-4, 1e-2, log: true);
            return trial.Number;
        });
        study.Trials.Should().HaveCount(3 * 2 * 2 * 3);
        study.Trials.Select(trial => string.Join(" ", trial.Values.Values)).Distinct().Should().HaveCount(36);
        double[] rates = [.. study.Trials.Select(trial => trial.Coordinates["rate"]).Distinct()];
        rates.Should().HaveCount(3);
        (rates[0], rates[2]).Should().Be((1e-4, 1e-2));
        rates[1].Should().BeApproximately(1e-3, 1e-15);
        study.Trials.Take(4).Select(trial => trial.Values["dropout"]).Should().Equal(0.0, 0.25, 0.5, 0.0);
        study.Invoking(s => s.Ask()).Should().Throw<InvalidOperationException>().WithMessage("*no further trial*");
    }

    [Fact]
    public void A_grid_refuses_trials_that_ask_for_something_else()
    {
        Study study = new(Direction.Minimize, new GridSampler(points: 2), options: new StudyOptions { Window = 1 });
        study.Run(4, 1, trial => trial.Suggest("x", 0, 1) + trial.Suggest(trial.Number == 0 ? "y" : "z", 0, 1));
        study.Trials[1].Status.Should().Be(TrialStatus.Failed);
        study.Trials[1].Message.Should().Contain("'z' at place 1").And.Contain("asked for 'y'").And.Contain("another sampler");
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    public void A_quasi_random_sequence_puts_one_of_each_power_of_its_base_into_each_part(int place, int radix)
    {
        foreach (int count in new[] { radix, radix * radix, radix * radix * radix })
        {
            for (int from = 0; from < 3 * count; from += count)
            {
                Enumerable.Range(from, count).Select(trial => (int)(QuasiRandomSampler.Halton(7, place, trial) * count)).Order().Should().Equal(Enumerable.Range(0, count));
            }
        }
    }

    [Fact]
    public void Each_seed_has_another_quasi_random_sequence_and_values_lie_in_the_range()
    {
        double[] one = [.. Enumerable.Range(0, 50).Select(trial => QuasiRandomSampler.Halton(1, 0, trial))];
        Enumerable.Range(0, 50).Select(trial => QuasiRandomSampler.Halton(2, 0, trial)).Should().NotEqual(one);
        one.Should().OnlyContain(value => value >= 0 && value < 1).And.OnlyHaveUniqueItems();
        Study study = new(Direction.Minimize, new QuasiRandomSampler(1));
        study.Run(64, 1, trial => Enumerable.Range(0, 40).Sum(i => trial.Suggest($"x{i}", 0, 1)));
        study.Trials.Should().OnlyContain(trial => trial.Status == TrialStatus.Completed && trial.Coordinates.Count == 40);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void The_widest_and_the_narrowest_ranges_are_drawn_from(Sampler sampler)
    {
        Study study = new(Direction.Minimize, sampler);
        study.Run(60, 1, trial =>
        {
            trial.SuggestWhole("n", int.MinValue, int.MaxValue);
            trial.SuggestWhole("one", 3, 3).Should().Be(3);
            trial.Suggest("only", ["a"]).Should().Be("a");
            return Math.Log10(trial.Suggest("x", 1e-300, 1e300, log: true));
        });
        study.Trials.Should().OnlyContain(trial => trial.Status == TrialStatus.Completed);
        study.Trials.Count(trial => (int)trial.Values["n"] < 0).Should().BeInRange(5, 55);
    }

    public static TheoryData<Sampler> Samplers => [new RandomSampler(3), new QuasiRandomSampler(3), new TpeSampler(3)];

    [Fact]
    public void The_density_of_numbers_is_the_one_in_the_documentation()
    {
        SearchRange range = SearchRange.Numbers("x", -1, 3, log: false);
        double[] points = [-0.5, 0, 2.5];
        var estimator = new ParzenEstimator([range], [.. points.Select(point => new[] { point })]);
        double sigma = Math.Max(0.2 * Math.Pow(3, -1.0 / 5) * 4, 4 / 5.0);
        foreach (double x in new[] { -1, -0.3, 1.2, 3 })
        {
            double expected = points.Select(point => (point, sigma)).Append((1, 4)).Average(kernel => Gauss(x, kernel.Item1, kernel.Item2) / Mass(kernel.Item1, kernel.Item2, -1, 3));
            Math.Exp(estimator.LogDensity([x])).Should().BeApproximately(expected, 1e-6 * expected);
        }

        static double Gauss(double x, double mean, double sigma) => Math.Exp(-0.5 * Math.Pow((x - mean) / sigma, 2)) / (sigma * Math.Sqrt(2 * Math.PI));

        // Simpson's rule.
        static double Mass(double mean, double sigma, double low, double high)
        {
            const int N = 2000;
            double h = (high - low) / N;
            return h / 3 * Enumerable.Range(0, N + 1).Sum(i => Gauss(low + (i * h), mean, sigma) * (i is 0 or N ? 1 : i % 2 == 1 ? 4 : 2));
        }
    }

    [Fact]
    public void The_probabilities_of_whole_numbers_and_of_choices_sum_to_one_and_are_drawn_as_often()
    {
        foreach (SearchRange range in new[] { SearchRange.Whole("n", 1, 9, log: true), SearchRange.Whole("n", -4, 4, log: false), SearchRange.Among("c", ["a", "b", "c"]) })
        {
            var estimator = new ParzenEstimator([range], [.. Enumerable.Range(0, 40).Select(i => new[] { range.Low + (i % 3 == 0 ? 2 : 1) })]);
            double[] probabilities = [.. Enumerable.Range(0, (int)range.Count!.Value).Select(i => Math.Exp(estimator.LogDensity([range.Low + i])))];
            probabilities.Sum().Should().BeApproximately(1, 1e-9);
            var random = new Random(5);
            int[] drawn = new int[probabilities.Length];
            for (int i = 0; i < 20_000; i++) drawn[(int)(estimator.Draw(random)[0] - range.Low)]++;
            for (int i = 0; i < drawn.Length; i++)
            {
                double p = probabilities[i];
                (drawn[i] / 20_000.0).Should().BeApproximately(p, 4.5 * Math.Sqrt(p * (1 - p) / 20_000));
            }
        }
    }

    [Fact]
    public void Of_many_points_the_older_ones_weigh_less()
    {
        // 25 points at one choice, the oldest 15 at another: weights 1/40 … 1 in 15 even steps.
        SearchRange range = SearchRange.Among("c", ["a", "b"]);
        var estimator = new ParzenEstimator([range], [.. Enumerable.Range(0, 40).Select(i => new[] { i < 15 ? 0.0 : 1 })]);
        double old = Enumerable.Range(0, 15).Sum(i => (1.0 / 40) + (i / 14.0 * (1 - (1.0 / 40)))), own = (1 + (1.0 / 41)) / (1 + (2.0 / 41)), other = 1 / 41.0 / (1 + (2.0 / 41));
        Math.Exp(estimator.LogDensity([0])).Should().BeApproximately(((old * own) + (25 * other) + 0.5) / (old + 25 + 1), 1e-12);
    }

    [Fact]
    public void A_sampler_that_leaves_the_range_is_refused()
    {
        Study study = new(Direction.Minimize, new Wrong());
        study.Run(1, 1, trial => trial.Suggest("x", 0, 1));
        study.Trials[0].Message.Should().Contain("chose 2 for 'x', which is not in 0 to 1");
    }

    private sealed class Wrong : Sampler
    {
        protected internal override double Draw(string name, SearchRange range, SamplerInput input) => 2;

        protected internal override string Describe() => "Wrong";
    }
}
