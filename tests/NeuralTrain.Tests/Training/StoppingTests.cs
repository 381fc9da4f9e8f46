namespace NeuralTrain.Tests.Training;

public sealed class StoppingTests
{
    private static readonly Dataset Data = TestData.Classes(40);

    [Fact]
    [Trait("Lecture", "L7.4")]
    public void Early_stopping_waits_exactly_its_patience_and_returns_the_best_weights()
    {
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network, own => new SGD(own, 30));
        trainer.EarlyStopping = new EarlyStopping(patience: 4);
        var bits = new List<int[]>();
        trainer.Observers.Add(new StepAction(onEpoch: _ => bits.Add(TestData.Bits(network))));
        History history = trainer.Fit(Data, TestData.Classes(30, seed: 2), epochs: 200);
        history.StopReason.Should().Be(StopReason.EarlyStopping);
        history.Epochs.Should().HaveCount(history.Best!.Number + 4);
        history.Best!.Should().BeSameAs(history.Epochs.MinBy(epoch => epoch.Validation!.Loss));
        TestData.Bits(network).Should().Equal(bits[history.Best!.Number - 1]).And.NotEqual(bits[^1]);
    }

    [Fact]
    public void A_metric_that_rises_is_watched_upwards_and_the_last_weights_can_be_kept()
    {
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network);
        trainer.EarlyStopping = new EarlyStopping(patience: 3, minDelta: 0.01, metric: "Accuracy", restoreBest: false);
        int[] last = [];
        trainer.Observers.Add(new StepAction(onEpoch: _ => last = TestData.Bits(network)));
        History history = trainer.Fit(Data, epochs: 500);
        history.StopReason.Should().Be(StopReason.EarlyStopping);
        history.Epochs.Should().HaveCount(history.Best!.Number + 3);
        history.Best!.Training["accuracy"].Should().BeGreaterThanOrEqualTo(history.Epochs.Max(epoch => epoch.Training["accuracy"]) - 0.01);
        TestData.Bits(network).Should().Equal(last);
    }

    [Fact]
    public void A_metric_without_a_finite_value_is_never_the_best_and_counts_as_no_improvement()
    {
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network);
        trainer.Metrics = [new Scripted(double.NaN, 0.5, double.NaN, double.PositiveInfinity, 0.9)];
        trainer.EarlyStopping = new EarlyStopping(patience: 2, metric: "scripted");
        var bits = new List<int[]>();
        trainer.Observers.Add(new StepAction(onEpoch: _ => bits.Add(TestData.Bits(network))));
        History history = trainer.Fit(Data, epochs: 9);
        history.StopReason.Should().Be(StopReason.EarlyStopping);
        history.Epochs.Should().HaveCount(4);
        history.Best!.Number.Should().Be(2);
        TestData.Bits(network).Should().Equal(bits[1]);
    }

    [Fact]
    public void Early_stopping_on_F1_works_on_data_without_a_single_positive()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(2, 1, random));
        var inputs = new Matrix(30, 2);
        inputs.Span.Fill(1);
        var trainer = new Trainer(network, new BinaryCrossEntropy(), new SGD(network, 10))
        {
            Metrics = [new F1()],
            EarlyStopping = new EarlyStopping(patience: 3, metric: "F1"),
        };
        History history = trainer.Fit(new Dataset(inputs, new Matrix(30, 1)), epochs: 50);
        history.StopReason.Should().Be(StopReason.EarlyStopping);
        history.Epochs.Should().HaveCount(history.Best!.Number + 3);
        history.Best!.Training["F1"].Should().Be(0);
    }

    [Fact]
    public void The_best_of_an_earlier_call_is_no_measure_for_the_next_one()
    {
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network);
        trainer.EarlyStopping = new EarlyStopping(patience: 100);
        trainer.Fit(Data, epochs: 100);
        double good = trainer.History.Best!.Training.Loss;
        History history = trainer.Fit(TestData.Classes(40, seed: 8), epochs: 1);
        history.Epochs[^1].Training.Loss.Should().BeGreaterThan(good);
        history.Best!.Number.Should().Be(101);
    }

    [Fact]
    public void Cancellation_ends_after_the_current_step_with_the_best_weights_and_no_exception()
    {
        using var source = new CancellationTokenSource();
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network);
        trainer.EarlyStopping = new EarlyStopping();
        int[] atBest = [];
        trainer.Observers.Add(new StepAction(
            step =>
            {
                if (step.Step == 10)
                {
                    source.Cancel();
                }

                step.Step.Should().BeLessThanOrEqualTo(10);
            },
            _ => atBest = TestData.Bits(network)));
        History history = trainer.Fit(Data, epochs: 5, cancellationToken: source.Token);
        history.StopReason.Should().Be(StopReason.Cancelled);
        history.Epochs.Should().HaveCount(2, "each has 4 steps, and a part of an epoch is none");
        TestData.Bits(network).Should().Equal(atBest);
    }

    [Fact]
    public void Cancelled_at_its_last_step_an_epoch_counts_and_is_measured()
    {
        using var source = new CancellationTokenSource();
        Trainer trainer = TestData.Classifier();
        trainer.Observers.Add(new StepAction(step =>
        {
            if (step.Step == 8)
            {
                source.Cancel();
            }
        }));
        History history = trainer.Fit(Data, TestData.Classes(30, seed: 2), epochs: 5, cancellationToken: source.Token);
        history.StopReason.Should().Be(StopReason.Cancelled);
        history.Epochs.Should().HaveCount(2, "each has 4 steps, and both are whole");
        history.Epochs[^1].Validation.Should().NotBeNull();
    }

    [Fact]
    public void Cancelled_in_the_midst_of_a_long_validation_it_ends_there_and_the_epoch_does_not_count()
    {
        using var source = new CancellationTokenSource();
        var blocks = new List<int>();
        Trainer trainer = TestData.Classifier();
        trainer.Metrics = [new Scripted(0.5) { OnAdd = rows => blocks.Add(rows) }];
        trainer.Fit(Data, TestData.Classes(5000, seed: 2), epochs: 1, cancellationToken: source.Token);
        blocks.Should().HaveCount(4 + 10, "4 batches, and 10 blocks of the validation");

        blocks.Clear();
        trainer.Metrics = [new Scripted(0.5) { OnAdd = rows => { blocks.Add(rows); if (blocks.Count == 4 + 2) { source.Cancel(); } } }];
        History history = trainer.Fit(Data, TestData.Classes(5000, seed: 2), epochs: 5, cancellationToken: source.Token);
        blocks.Should().HaveCount(4 + 2);
        history.StopReason.Should().Be(StopReason.Cancelled);
        history.Epochs.Should().HaveCount(1, "that of the first call");
    }

    [Fact]
    public void A_token_that_is_cancelled_already_trains_nothing()
    {
        Trainer trainer = TestData.Classifier();
        int[] before = TestData.Bits(trainer.Network);
        trainer.Fit(Data, cancellationToken: new CancellationToken(canceled: true)).StopReason.Should().Be(StopReason.Cancelled);
        TestData.Bits(trainer.Network).Should().Equal(before);
        trainer.History.Best.Should().BeNull();
        trainer.History.ToString().Should().Be("0 epochs (Cancelled)");
    }

    [Fact]
    public void The_loop_over_epochs_may_be_left_and_everything_is_in_order()
    {
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network, own => new SGD(own, 30));
        trainer.Schedule = new ExponentialDecay(0.9);
        trainer.EarlyStopping = new EarlyStopping(patience: 50);
        var bits = new List<int[]>();
        foreach (Epoch epoch in trainer.Epochs(Data, Data))
        {
            bits.Add(TestData.Bits(network));
            if (epoch.Number == 7)
            {
                break;
            }
        }

        trainer.History.StopReason.Should().Be(StopReason.LeftByCaller);
        trainer.History.Epochs.Should().HaveCount(7);
        TestData.Bits(network).Should().Equal(bits[trainer.History.Best!.Number - 1]);
        trainer.Optimizer.LearningRate.Should().Be(30);
        trainer.Epochs(Data, epochs: 3).Select(epoch => epoch.Number).Should().Equal(8, 9, 10);
    }

    [Fact]
    public void A_time_budget_ends_in_the_midst_of_an_epoch_which_is_measured_all_the_same()
    {
        var clock = new TestClock();
        Trainer trainer = TestData.Classifier();
        trainer.Clock = clock;
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(1))));
        History history = trainer.Fit(Data, TimeSpan.FromSeconds(9.5), Data);
        trainer.Optimizer.StepCount.Should().Be(10);
        history.StopReason.Should().Be(StopReason.BudgetSpent);
        history.Epochs.Should().HaveCount(3);
        history.Epochs[2].Validation.Should().NotBeNull();
        history.Duration.Should().Be(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(ScheduleUnit.Step)]
    [InlineData(ScheduleUnit.Epoch)]
    public void With_a_time_budget_a_schedule_runs_by_the_time_that_is_spent_and_finishes_its_anneal(ScheduleUnit unit)
    {
        var clock = new TestClock();
        Trainer trainer = TestData.Classifier();
        trainer.Clock = clock;
        trainer.Schedule = new CosineDecay(unit: unit);
        var rates = new List<double>();
        trainer.Observers.Add(new StepAction(step =>
        {
            rates.Add(step.Optimizer.LearningRate);
            clock.Advance(TimeSpan.FromSeconds(1));
        }));
        trainer.Fit(Data, TimeSpan.FromSeconds(50));
        rates.Should().HaveCount(50);
        for (int i = 0; i < rates.Count; i++)
        {
            rates[i].Should().BeApproximately(0.01 * 0.5 * (1 + Math.Cos(Math.PI * i / 50)), 1e-7, $"step {i}");
        }

        trainer.Optimizer.LearningRate.Should().Be(0.01);
    }

    [Fact]
    public void With_a_time_budget_a_schedule_with_a_length_of_its_own_counts_as_ever()
    {
        var clock = new TestClock();
        Trainer trainer = TestData.Classifier();
        trainer.Clock = clock;
        trainer.Schedule = new WarmUp(5, new CosineDecay(unit: ScheduleUnit.Step), start: 0);
        var rates = new List<double>();
        trainer.Observers.Add(new StepAction(step =>
        {
            rates.Add(step.Optimizer.LearningRate / 0.01);
            clock.Advance(TimeSpan.FromSeconds(1));
        }));
        trainer.Fit(Data, TimeSpan.FromSeconds(50));
        rates.Take(6).Select(rate => Math.Round(rate, 6)).Should().Equal(0, 0.2, 0.4, 0.6, 0.8, 1);
        rates[^1].Should().BeLessThan(0.01);
        rates.Skip(5).Should().BeInDescendingOrder();
    }

    [Theory]
    [InlineData(ScheduleUnit.Step)]
    [InlineData(ScheduleUnit.Epoch)]
    public void With_a_time_budget_other_schedules_are_told_how_many_steps_or_epochs_will_fit_at_the_pace_so_far(ScheduleUnit unit)
    {
        var clock = new TestClock();
        Trainer trainer = TestData.Classifier();
        var schedule = new Listening(unit);
        (trainer.Clock, trainer.Schedule) = (clock, schedule);
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(1))));
        trainer.Fit(Data, TimeSpan.FromSeconds(16));

        // Four steps of a second are an epoch. Before the first has ended, nothing is known of the pace.
        schedule.Heard.Distinct().Should().Equal(unit == ScheduleUnit.Step
            ? [.. Enumerable.Range(0, 16).Select(time => ((long)time, time < 4 ? 1L << 20 : 16L))]
            : [(0, 1L << 20), (1, 4), (2, 4), (3, 4)]);
    }

    [Fact]
    public void Schedules_by_step_and_by_epoch_set_the_rate_and_it_returns_at_the_end()
    {
        foreach (Schedule schedule in new Schedule[] { new OneCycle(), new CosineDecay(), new StepDecay(2, 0.5), new ExponentialDecay(0.99, ScheduleUnit.Step) })
        {
            Trainer trainer = TestData.Classifier();
            trainer.Schedule = schedule;
            var rates = new List<double>();
            trainer.Observers.Add(new StepAction(step => rates.Add(step.Optimizer.LearningRate)));
            trainer.Fit(Data, epochs: 5);
            rates.Should().Equal(
                Enumerable.Range(0, 20).Select(i => 0.01 * (schedule.Unit == ScheduleUnit.Step ? schedule.At(i, 20) : schedule.At(i / 4, 5))), schedule.ToString());
            trainer.Optimizer.LearningRate.Should().Be(0.01);
            trainer.History.Epochs[^1].LearningRate.Should().Be(rates[^1]);
        }
    }

    [Fact]
    [Trait("Lecture", "L5.8")]
    public void A_plateau_is_told_the_validation_loss_or_the_metric_asked_for()
    {
        foreach (string? metric in new[] { null, "accuracy" })
        {
            Trainer trainer = TestData.Classifier();
            var plateau = new ReduceOnPlateau(patience: 2, higherIsBetter: metric is not null);
            var reference = new ReduceOnPlateau(patience: 2, higherIsBetter: metric is not null);
            (trainer.Schedule, trainer.ScheduleMetric) = (plateau, metric);
            History history = trainer.Fit(Data, TestData.Classes(30, seed: 2), epochs: 40);
            foreach (Epoch epoch in history.Epochs)
            {
                epoch.LearningRate.Should().Be(0.01 * reference.CurrentFactor, $"epoch {epoch.Number}");
                reference.Observe(epoch.Validation![metric ?? "loss"]);
            }

            plateau.CurrentFactor.Should().Be(reference.CurrentFactor).And.BeLessThan(1);
        }
    }

    [Fact]
    public void A_plateau_that_follows_another_schedule_watches_from_its_own_beginning_on()
    {
        // None of these epochs brings ten times a better loss.
        static ReduceOnPlateau Plateau() => new(patience: 2, reduction: 0.5, threshold: 0.9);
        Rates(new ScheduleSequence([3], new ConstantSchedule(0.1), Plateau())).Should().Equal(0.1, 0.1, 0.1, 1, 1, 1, 0.5, 0.5);
        Rates(new WarmUp(4, Plateau(), start: 0)).Should().Equal(0, 0.25, 0.5, 0.75, 1, 1, 1, 0.5);
        Rates(new WarmUp(1, new ScheduleSequence([2], new ConstantSchedule(), Plateau()), start: 0)).Should().Equal(0, 1, 1, 1, 1, 1, 0.5, 0.5);

        static double[] Rates(Schedule schedule)
        {
            Trainer trainer = TestData.Classifier();
            trainer.Schedule = schedule;
            return [.. trainer.Fit(Data, epochs: 8).Epochs.Select(epoch => Math.Round(epoch.LearningRate / 0.01, 12))];
        }
    }

    /// <summary>A metric that has the given values, one for each epoch.</summary>
    private sealed class Scripted(params double[] values) : Metric("scripted")
    {
        private int _pass = -1;
        private bool _isFresh;

        public Action<int>? OnAdd { get; init; }

        public override double Value => values[Math.Clamp(_pass, 0, values.Length - 1)];

        public override void Reset() => _isFresh = true;

        protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
        {
        }

        public override void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default)
        {
            _pass += _isFresh ? 1 : 0;
            _isFresh = false;
            OnAdd?.Invoke(prediction.Rows);
        }
    }

    // Keeps what it is asked for.
    private sealed class Listening(ScheduleUnit unit) : Schedule(unit)
    {
        public List<(long Time, long Budget)> Heard { get; } = [];

        protected override double Factor(long time, long budget)
        {
            Heard.Add((time, budget));
            return 1;
        }
    }
}
