namespace NeuralTrain.Tests.Search;

[Trait("Lecture", "L7.5")]
public sealed class SearchTests
{
    private static readonly SearchSpace Space = new SearchSpace().LogUniform("rate", 1e-4, 1).Choice("units", 2, 4, 8);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_same_seed_gives_the_same_trials_and_decisions_whatever_runs_at_once(int parallelism)
    {
        string[] alone = Fingerprint(Search(1));
        Fingerprint(Search(parallelism)).Should().Equal(alone);
        alone.Count(line => line.Contains("Stopped", StringComparison.Ordinal)).Should().BeInRange(3, 25, "the rule has something to decide");

        static SearchResults Search(int parallelism) => RandomSearch.Run(
            Space, 30, seed: 4, TrainXor, new SearchOptions { Parallelism = parallelism, EarlyStop = new MedianRule(warmUpTrials: 3, warmUpEpochs: 1, window: 6) });
    }

    [Fact]
    public void Another_seed_gives_other_trials_and_more_trials_begin_with_the_same()
    {
        SearchOptions one = new() { Parallelism = 1 };
        string[] ten = [.. RandomSearch.Run(Space, 10, 1, _ => 0, one).Trials.Select(trial => trial.ToString())];
        RandomSearch.Run(Space, 20, 1, _ => 0, one).Trials.Take(10).Select(trial => trial.ToString()).Should().Equal(ten);
        RandomSearch.Run(Space, 10, 2, _ => 0, one).Trials.Select(trial => trial.ToString()).Should().NotEqual(ten);
        int[] draws = [.. RandomSearch.Run(Space, 50, 1, trial => trial.Random.Next(), one).Trials.Select(trial => (int)trial.Score!.Value)];
        draws.Distinct().Should().HaveCount(50, "each trial has a generator of its own");
    }

    [Fact]
    public void The_best_comes_first_by_loss_or_by_accuracy()
    {
        SearchResults lower = RandomSearch.Run(Space, 20, 1, trial => Math.Abs(Math.Log10(trial.Number("rate")) + 2));
        lower.Trials.Select(trial => trial.Score!.Value).Should().BeInAscendingOrder();
        lower.Best.Should().BeSameAs(lower.Trials[0]);
        SearchResults higher = RandomSearch.Run(Space, 20, 1, trial => trial.Number("rate"), new SearchOptions { Maximize = true });
        higher.Trials.Select(trial => trial.Score!.Value).Should().BeInDescendingOrder();
    }

    [Fact]
    public void A_trial_that_throws_or_diverges_is_a_line_of_the_table_and_the_search_goes_on()
    {
        SearchResults results = RandomSearch.Run(Space, 6, 1, trial => trial.Index switch
        {
            2 => throw new InvalidOperationException("no such network\nsecond line"),
            4 => double.NaN,
            int index => index,
        });
        results.Trials.Select(trial => trial.Index).Should().Equal(0, 1, 3, 5, 2, 4);
        results.Trials[4].Status.Should().Be(TrialStatus.Failed);
        results.Trials[4].Failure.Should().BeOfType<InvalidOperationException>();
        results.Trials[5].Message.Should().Contain("NaN").And.Contain("diverged");
        results.ToString().Should().Contain("InvalidOperationException: no such network").And.NotContain("second line").And.Contain("diverged");
        results.ToString().Split('\n').Should().HaveCount(7);
    }

    [Fact]
    public void If_every_trial_fails_the_best_says_why()
    {
        SearchResults results = RandomSearch.Run(Space, 3, 1, _ => throw new InvalidOperationException("no such network"));
        results.Invoking(r => r.Best).Should().Throw<InvalidOperationException>().WithMessage("None of 3 trials*no such network*")
            .WithInnerException<InvalidOperationException>();
    }

    [Fact]
    public void The_table_reads_as_it_should()
    {
        SearchResults results = GridSearch.Run(
            new SearchSpace().LogUniform("rate", 0.001, 0.1).Choice("units", 8, 16), 2, 1, trial => 1 / (trial.Number("rate") * trial.WholeNumber("units")));
        string[] lines = results.ToString().Split('\n');
        lines[0].Should().Be("trial   rate  units  score  epochs  seconds  ended");
        lines[1].Should().MatchRegex(@"^    3    0\.1     16  0\.625           +\S+  Completed$");
        lines.Should().HaveCount(4 + 1);
        results.Best.ToString().Should().Be("trial 3: rate 0.1, units 16: 0.625");
    }

    [Fact]
    public void Trials_worse_than_the_median_of_those_before_are_stopped_and_never_the_best()
    {
        // Trial i reports i + 1 in every epoch: all behind the warm-up are worse than the median of those before.
        SearchResults results = RandomSearch.Run(Space, 12, 1, Report, new SearchOptions { Parallelism = 2, EarlyStop = new MedianRule(warmUpTrials: 4, warmUpEpochs: 2, window: 2) });
        results.Trials.Where(trial => trial.Status == TrialStatus.Completed).Select(trial => trial.Index).Should().Equal(0, 1, 2, 3, 4);
        results.Trials.Where(trial => trial.Status == TrialStatus.Stopped).Should().OnlyContain(trial => trial.Reports.Count == 3, "two epochs are warm-up");
        results.ToString().Should().Contain("Stopped: worse than half of the others at epoch 3");

        // The better ones are let through, and without a rule nothing is stopped.
        RandomSearch.Run(Space, 12, 1, trial => ReportSigned(trial, -1), new SearchOptions { EarlyStop = new MedianRule(4, 0, 2) }).Trials
            .Should().OnlyContain(trial => trial.Status == TrialStatus.Completed);
        RandomSearch.Run(Space, 12, 1, Report).Trials.Should().OnlyContain(trial => trial.Status == TrialStatus.Completed && trial.Reports.Count == 10);
        RandomSearch.Run(Space, 12, 1, trial => ReportSigned(trial, -1), new SearchOptions { Maximize = true, EarlyStop = new MedianRule(4, 0, 2) }).Trials
            .Count(trial => trial.Status == TrialStatus.Stopped).Should().Be(7);

        static double Report(Trial trial) => ReportSigned(trial, 1);
        static double ReportSigned(Trial trial, int sign)
        {
            for (int epoch = 0; epoch < 10 && trial.Report(sign * (trial.Index + 1)); epoch++)
            {
            }

            return sign * (trial.Index + 1);
        }
    }

    [Fact]
    public void A_trial_whose_reports_are_no_numbers_counts_as_the_worst()
    {
        var rule = new MedianRule(warmUpTrials: 3);
        IReadOnlyList<double>[] others = [[1, 1], [2, 2], [3, 3]];
        rule.Stops([double.NaN], others, maximize: false).Should().BeTrue();
        rule.Stops([2], others, maximize: false).Should().BeFalse("it is the median");
        rule.Stops([2.1], others, maximize: false).Should().BeTrue();
        rule.Stops([1.5, 9], others, maximize: false).Should().BeFalse("its best counts");
        rule.Stops([2.1], others, maximize: true).Should().BeFalse();
        rule.Stops([9], [[1], [2, 2]], maximize: false).Should().BeFalse("two are too few");
        rule.Stops([1, 9, 9], others, maximize: false).Should().BeFalse("nobody came so far");
        rule.Stops([5], [[double.NaN], [double.NaN], [1]], maximize: false).Should().BeFalse("most others diverged");
        FluentActions.Invoking(() => new MedianRule(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new MedianRule(window: 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SearchOptions { Parallelism = 0 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Cancelling_ends_the_search_with_what_it_has()
    {
        using var source = new CancellationTokenSource();
        SearchResults results = RandomSearch.Run(
            Space, 20, 1,
            trial =>
            {
                if (trial.Index == 5)
                {
                    source.Cancel();
                    trial.Report(1).Should().BeFalse();
                    trial.CancellationToken.ThrowIfCancellationRequested();
                }

                return trial.Index;
            },
            new SearchOptions { Parallelism = 1 }, source.Token);
        results.Trials.Should().HaveCount(6);
        results.Requested.Should().Be(20);
        results.Best.Index.Should().Be(0);
        results.Trials[5].Status.Should().Be(TrialStatus.Cancelled);

        SearchResults none = RandomSearch.Run(Space, 20, 1, _ => 0, cancellationToken: source.Token);
        none.Trials.Should().BeEmpty();
        none.Invoking(r => r.Best).Should().Throw<InvalidOperationException>().WithMessage("No trial began*");
    }

    [Fact]
    public void Progress_hears_of_every_trial_one_at_a_time()
    {
        var heard = new List<int>();
        int inside = 0;
        var progress = new Listener(result =>
        {
            Interlocked.Increment(ref inside).Should().Be(1);
            heard.Add(result.Index);
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });
        RandomSearch.Run(Space, 50, 1, _ => 0, new SearchOptions { Parallelism = 4, Progress = progress });
        heard.Should().BeEquivalentTo(Enumerable.Range(0, 50));
    }

    [Fact]
    public void It_finds_a_rate_that_learns_XOR()
    {
        SearchResults results = RandomSearch.Run(Space, 20, 1, TrainXor);
        results.Best.Score.Should().BeLessThan(0.05);
        results.Best.Values["units"].Should().NotBe(0);
        results.Trials[^1].Score.Should().BeGreaterThan(0.2, "the worst of the rates learns nothing");
    }

    private static double TrainXor(Trial trial)
    {
        Matrix inputs = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
        int units = trial.WholeNumber("units");
        var network = new Sequential(new Linear(2, units, trial.Random), new Tanh(), new Linear(units, 1, trial.Random));
        var optimizer = new Adam(network, trial.Number("rate"));
        var loss = new MeanSquaredError();
        var gradient = new Matrix(4, 1);
        double last = 0;
        for (int epoch = 0; epoch < 10; epoch++)
        {
            for (int step = 0; step < 40; step++)
            {
                last = loss.Evaluate(network.Forward(inputs), targets, gradient);
                network.Backward(gradient);
                optimizer.Step();
            }

            if (!trial.Report(last))
            {
                break;
            }
        }

        return last;
    }

    // Everything that must repeat, bit for bit; durations do not.
    private static string[] Fingerprint(SearchResults results) =>
    [
        .. results.Trials.Select(trial => $"{trial.Index} {trial.Status} {trial.Score:R} {string.Join(' ', trial.Values.Values)} {string.Join(' ', trial.Reports.Select(report => report.ToString("R")))}"),
    ];

    private sealed class Listener(Action<TrialResult> heard) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => heard(value);
    }
}
