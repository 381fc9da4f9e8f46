namespace NeuralTrain.Tests.Search;

[Trait("Lecture", "L7.5")]
public sealed class StudyTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void The_same_seed_gives_the_same_trials_and_decisions_whatever_runs_at_once(int parallel)
    {
        string[] alone = Lines(Search(1));
        Lines(Search(parallel)).Should().Equal(alone);
        alone.Count(line => line.Contains("Stopped", StringComparison.Ordinal)).Should().BeInRange(3, 25, "the rule has something to decide");

        static Study Search(int parallel)
        {
            Study study = new(Direction.Minimize, new TpeSampler(4, startup: 5), new MedianRule(warmUpTrials: 3, warmUpEpochs: 1), new StudyOptions { Window = 6 });
            study.Run(30, parallel, TrainXor);
            return study;
        }
    }

    [Fact]
    public void More_trials_begin_with_the_same_and_another_seed_gives_others()
    {
        string[] ten = Lines(Run(10, 1));
        Lines(Run(20, 1))[..10].Should().Equal(ten);
        Lines(Run(10, 2)).Should().NotEqual(ten);
        Run(50, 1, trial => trial.Random.Next()).Trials.Select(trial => trial.Score).Should().OnlyHaveUniqueItems("each trial has another generator");
        Run(50, 1, trial => trial.Seed / 2.0).Trials.Select(trial => trial.Score).Should().OnlyHaveUniqueItems();

        static Study Run(int trials, ulong seed, Func<Trial, double>? score = null)
        {
            Study study = new(Direction.Minimize, new TpeSampler(seed, startup: 2), options: new StudyOptions { Window = 2 });
            study.Run(trials, 2, score ?? (trial => trial.Suggest("x", 0, 1)));
            return study;
        }
    }

    [Fact]
    public void The_best_is_the_lowest_or_the_highest_score_and_of_equal_ones_the_first()
    {
        foreach ((Direction direction, int best) in new[] { (Direction.Minimize, 1), (Direction.Maximize, 2) })
        {
            Study study = new(direction, new RandomSampler());
            study.Run(6, 2, trial => new[] { 5.0, 1, 9, 1, 9, 4 }[trial.Number]);
            study.Best.Number.Should().Be(best);
        }
    }

    [Fact]
    public void A_trial_that_throws_or_diverges_is_a_result_and_the_study_goes_on()
    {
        Study study = new(Direction.Minimize, new RandomSampler());
        study.Run(7, 2, trial => trial.Number switch
        {
            2 => throw new InvalidOperationException("no such network\nsecond line"),
            4 => double.NaN,
            5 => new byte[int.MaxValue].Length,
            int number => number,
        });
        study.Trials.Select(trial => trial.Status).Should().Equal(
            TrialStatus.Completed, TrialStatus.Completed, TrialStatus.Failed, TrialStatus.Completed, TrialStatus.Failed, TrialStatus.Failed, TrialStatus.Completed);
        study.Trials[2].Message.Should().Be("InvalidOperationException: no such network\nsecond line");
        study.Trials[4].Message.Should().Contain("NaN").And.Contain("diverged");
        study.Trials[5].Message.Should().StartWith("OutOfMemoryException: ");
        study.Best.Number.Should().Be(0);
        study.ToString().Split('\n').Should().HaveCount(8);
        study.ToString().Should().NotContain("second line");
    }

    [Fact]
    public void If_every_trial_fails_the_best_says_why()
    {
        Study study = new(Direction.Minimize, new RandomSampler());
        study.Invoking(s => s.Best).Should().Throw<InvalidOperationException>().WithMessage("No trial has ended*");
        study.Run(3, 1, new Func<Trial, double>(_ => throw new InvalidOperationException("no such network")));
        study.Invoking(s => s.Best).Should().Throw<InvalidOperationException>().WithMessage("None of 3 trials*no such network*");
        study.BestModelFile.Should().BeNull();
    }

    [Fact]
    public void The_table_reads_as_it_should_under_any_culture()
    {
        string[] lines = TestCulture.German(() =>
        {
            Study study = new(Direction.Minimize, new GridSampler(2));
            study.Run(10, 1, trial => 1 / (trial.Suggest("rate", 0.001, 0.1, log: true) * trial.Suggest("units", [8.5, 16])));
            return $"{study}\n{study.Best}";
        }).Split('\n');
        lines[0].Should().Be("trial   rate  units  score  epochs  seconds  ended");
        lines[1].Should().MatchRegex(@"^    3    0\.1     16  0\.625           +\S+  Completed$");
        lines[5].Should().Be("trial 3: rate 0.1, units 16: 0.625");
    }

    [Fact]
    public void Ranges_that_make_no_sense_or_change_are_refused()
    {
        Study study = new(Direction.Minimize, new RandomSampler());
        Trial trial = study.Ask();
        trial.Invoking(t => t.Suggest("x", 1, 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1 to 1*");
        trial.Invoking(t => t.Suggest("x", 0, double.PositiveInfinity)).Should().Throw<ArgumentOutOfRangeException>();
        trial.Invoking(t => t.Suggest("x", -1e308, 1e308)).Should().Throw<ArgumentOutOfRangeException>();
        trial.Invoking(t => t.Suggest("x", 0, 1, log: true)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*logarithm*");
        trial.Invoking(t => t.SuggestWhole("x", 2, 1)).Should().Throw<ArgumentOutOfRangeException>();
        trial.Invoking(t => t.SuggestWhole("x", 0, 1, log: true)).Should().Throw<ArgumentOutOfRangeException>();
        trial.Invoking(t => t.Suggest<int>("x", [])).Should().Throw<ArgumentException>().WithMessage("*at least one*");
        trial.Invoking(t => t.Suggest("x", ["a", null!])).Should().Throw<ArgumentException>().WithMessage("*null*");
        trial.Invoking(t => t.Suggest("x", [new object(), new object()])).Should().Throw<ArgumentException>().WithMessage("*differ as text*");
        trial.Invoking(t => t.Suggest(" ", 0, 1)).Should().Throw<ArgumentException>();
        double x = trial.Suggest("x", 0, 1);
        trial.Suggest("x", 0, 1).Should().Be(x);
        trial.Invoking(t => t.Suggest("x", 0, 2)).Should().Throw<ArgumentException>().WithMessage("'x' is 0 to 2 in trial 0, but was 0 to 1 before*");
        study.Ask().Invoking(t => t.Suggest("x", 0.5, 1)).Should().Throw<ArgumentException>().WithMessage("*in trial 1, but was 0 to 1*");
    }

    [Fact]
    public void What_a_choice_gives_is_the_value_itself()
    {
        Trial trial = new Study(Direction.Minimize, new RandomSampler()).Ask();
        trial.Suggest("mode", [CyclicalMode.Triangular]).Should().Be(CyclicalMode.Triangular);
        trial.Suggest("flag", [true]).Should().BeTrue();
        int[] widths = trial.Suggest("layers", [new Layers([8, 4]), new Layers([16])]).Widths;
        widths.Should().Match<int[]>(found => found.Length == 1 || found.Length == 2);
    }

    [Fact]
    public void Asking_and_telling_needs_no_run()
    {
        Study study = new(Direction.Maximize, new TpeSampler(1, startup: 3), new MedianRule(1), new StudyOptions { Window = 2 });
        Trial first = study.Ask(), second = study.Ask();
        study.Invoking(s => s.Ask()).Should().Throw<InvalidOperationException>().WithMessage("Trial 0 must end first: 2 trials may run at once*");
        first.ShouldStop(1, 0.5).Should().BeFalse();
        study.Tell(0, 0.5);
        study.Tell(1, null, "it broke");
        study.Trials[1].Message.Should().Be("it broke");
        Trial third = study.Ask();
        third.ShouldStop(1, 0.4).Should().BeTrue();
        study.Tell(2, 0.4);
        study.Trials[2].Status.Should().Be(TrialStatus.Stopped);
        study.Invoking(s => s.Tell(1, 1)).Should().Throw<InvalidOperationException>().WithMessage("*ended already*");
        study.Invoking(s => s.Tell(9, 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*no trial 9*");
        second.Invoking(t => t.ShouldStop(1, 1)).Should().Throw<LeaseLostException>();
    }

    [Fact]
    public void Cancelling_ends_the_run_and_the_next_one_finishes_it_as_if_nothing_had_been()
    {
        using var source = new CancellationTokenSource();
        Study study = new(Direction.Minimize, new TpeSampler(1, startup: 2)), whole = new(Direction.Minimize, new TpeSampler(1, startup: 2));
        study.Run(20, 2, trial =>
        {
            if (trial.Number == 5) source.Cancel();
            return trial.Suggest("x", 0, 1);
        }, source.Token);
        study.Trials.Count.Should().BeLessThan(20);
        study.Run(20, 2, trial => trial.Suggest("x", 0, 1));
        whole.Run(20, 1, trial => trial.Suggest("x", 0, 1));
        Lines(study).Should().Equal(Lines(whole));
    }

    [Fact]
    public void A_trial_that_takes_too_long_ends_with_what_it_has()
    {
        Study study = new(Direction.Minimize, new RandomSampler(), options: new StudyOptions { TrialTime = TimeSpan.FromMilliseconds(50) });
        study.Run(2, 1, trial =>
        {
            if (trial.Number == 0) return 1;
            int epoch = 0;
            while (!trial.ShouldStop(++epoch, 1.0 / epoch)) Thread.Sleep(5);
            trial.CancellationToken.WaitHandle.WaitOne();
            return 1.0 / epoch;
        });
        study.Trials[1].Status.Should().Be(TrialStatus.Stopped);
        study.Trials[1].Message.Should().Be("its time of 00:00:00.0500000 was spent");
        study.Trials[1].Score.Should().BeLessThan(1);
    }

    [Fact]
    public void The_score_is_that_of_the_weights_the_trainer_has()
    {
        Dataset data = new(new float[,] { { 0, 1 }, { 1, 0 } }, new float[,] { { 1, 0 }, { 0, 1 } });
        foreach (EarlyStopping? stopping in new[] { null, new EarlyStopping(2) })
        {
            // A rate so high that the loss goes up and down.
            Study study = new(Direction.Minimize, new RandomSampler());
            Sequential network = new(new Linear(2, 2, new Random(1)));
            study.Run(1, 1, _ =>
            {
                var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network, 1.2)) { EarlyStopping = stopping };
                trainer.Fit(data, data, epochs: 5);
                return trainer;
            });
            study.Best.Score.Should().Be(network.Evaluate(data, new MeanSquaredError()).Loss);
        }
    }

    [Theory]
    [InlineData(Direction.Maximize, "loss", "*looks for a high 'loss', of which lower is better*Direction.Minimize*")]
    [InlineData(Direction.Minimize, "accuracy", "*looks for a low 'accuracy', of which higher is better*Direction.Maximize*")]
    public void A_study_does_not_look_for_the_worst_trainer(Direction direction, string metric, string message)
    {
        Study study = new(direction, new RandomSampler(), options: new StudyOptions { Metric = metric });
        study.Invoking(s => s.Run(3, 2, TrainClasses)).Should().Throw<ArgumentException>().WithMessage(message);
        study.Trials.Should().OnlyContain(trial => trial.Status == TrialStatus.Running && trial.Score == null);

        Study right = new(direction == Direction.Minimize ? Direction.Maximize : Direction.Minimize, new RandomSampler(), options: new StudyOptions { Metric = metric });
        right.Run(2, 1, TrainClasses);
        right.Best.Score.Should().NotBeNull();

        static Trainer TrainClasses(Trial trial)
        {
            Sequential network = new(new Linear(2, 2, trial.Random));
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, trial.Suggest("rate", 0.01, 0.1)));
            trainer.Fit(new Dataset(new float[,] { { 0, 1 }, { 1, 0 } }, new float[,] { { 1, 0 }, { 0, 1 } }), epochs: 2);
            return trainer;
        }
    }

    [Fact]
    public void More_workers_than_the_window_has_room_for_are_refused() =>
        new Study(Direction.Minimize, new RandomSampler(), options: new StudyOptions { Window = 2 }).Invoking(study => study.Run(3, 3, _ => 0.0))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("parallel must be 2 or less, received 3*asynchronous*");

    [Fact]
    public void An_asynchronous_study_waits_for_nobody()
    {
        using var others = new CountdownEvent(5);
        Study study = new(Direction.Minimize, new RandomSampler(), options: new StudyOptions { Window = 1, IsAsynchronous = true });
        study.Run(6, 2, trial =>
        {
            if (trial.Number > 0) others.Signal();
            else others.Wait();
            return trial.Number;
        });
        study.Trials.Should().OnlyContain(trial => trial.Status == TrialStatus.Completed);
    }

    [Fact]
    public void Progress_is_told_of_every_beginning_report_and_end()
    {
        var told = new List<string>();
        Study study = new(Direction.Minimize, new RandomSampler(), options: new StudyOptions { Progress = new Listener(trial => told.Add($"{trial.Number} {trial.Status} {trial.Reports.Count}")) });
        study.Run(2, 1, trial => trial.ShouldStop(1, 5) ? 1 : 2);
        told.Should().Equal("0 Running 0", "0 Running 1", "0 Completed 1", "1 Running 0", "1 Running 1", "1 Completed 1");
    }

    [Fact]
    public void What_decides_the_score_is_the_most_important()
    {
        Study study = new(Direction.Minimize, new RandomSampler(1));
        study.Invoking(s => s.Importance()).Should().Throw<InvalidOperationException>().WithMessage("*20 trials or more*received 0*");
        study.Run(300, 1, trial => Math.Abs(Math.Log10(trial.Suggest("rate", 1e-5, 1e-1, log: true)) + 3) + (0.2 * trial.SuggestWhole("n", 0, 3)) + (0 * trial.Suggest("nothing", 0, 1)) + (trial.Suggest("kind", ["a", "b"]) == "a" ? 0 : 0));
        IReadOnlyList<ParameterImportance> importance = study.Importance();
        importance.Select(one => one.Name).Take(2).Should().Equal("rate", "n");
        importance.Sum(one => one.Share).Should().BeApproximately(1, 1e-12);
        importance.Where(one => one.Name is "nothing" or "kind").Sum(one => one.Share).Should().BeLessThan(0.15);
    }

    internal static string[] Lines(Study study) => [.. study.Trials.Select(trial =>
        $"{trial} {trial.Status} {trial.Message} {string.Join(" ", trial.Coordinates.Select(value => $"{value.Value:R}"))} {trial.Score:R} {string.Join(" ", trial.Reports.Select(report => $"{report.Epoch}:{report.Value:R}"))}")];

    private static Trainer TrainXor(Trial trial)
    {
        int units = trial.Suggest("units", [2, 4, 8]);
        var network = new Sequential(new Linear(2, units, trial.Random), new Tanh(), new Linear(units, 1, trial.Random), new Sigmoid());
        var trainer = new Trainer(network, new SumOfSquares(), new SGD(network, trial.Suggest("rate", 1e-4, 1, log: true))) { Seed = trial.Seed, BatchSize = 2 };
        Dataset xor = new(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });
        foreach (Epoch epoch in trainer.Epochs(xor, epochs: 12, cancellationToken: trial.CancellationToken))
        {
            if (trial.ShouldStop(epoch)) break;
        }

        return trainer;
    }

    private sealed record Layers(int[] Widths)
    {
        public override string ToString() => string.Join("-", Widths);
    }

    private sealed class Listener(Action<TrialResult> report) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => report(value);
    }
}
