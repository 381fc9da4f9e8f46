namespace NeuralTrain.Tests.Training;

/// <summary>Promises about interrupted, repeated and simultaneous trainings.</summary>
public sealed class TrainerPromiseTests : IDisposable
{
    private static readonly Dataset Data = TestData.Classes(40);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(14, 3)]
    [InlineData(16, 4)]
    public void Cancelled_in_an_epoch_a_training_leaves_the_last_whole_one_in_its_checkpoint(int cancelledAtStep, int epochsDone)
    {
        using var source = new CancellationTokenSource();
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["run"], every: 10);
        trainer.Observers.Add(new StepAction(step =>
        {
            if (step.Step == cancelledAtStep) source.Cancel();
        }));
        trainer.Fit(Data, epochs: 6, cancellationToken: source.Token).StopReason.Should().Be(StopReason.Cancelled);
        EndsAsIfNeverInterrupted(epochsDone);
    }

    [Fact]
    public void Steps_of_an_epoch_that_was_cut_short_count_in_the_next_training()
    {
        using var source = new CancellationTokenSource();
        Trainer trainer = Create();
        var steps = new List<long>();
        trainer.Observers.Add(new StepAction(step =>
        {
            steps.Add(step.Step);
            if (step.Step == 14) source.Cancel();
        }));
        trainer.Fit(Data, epochs: 6, cancellationToken: source.Token);
        steps.Should().HaveCount(14);
        trainer.Fit(Data, epochs: 1);
        steps.Should().HaveCountGreaterThan(14).And.Equal(Enumerable.Range(1, steps.Count).Select(step => (long)step));
    }

    [Fact]
    public void Left_by_break_a_training_leaves_its_last_epoch_in_its_checkpoint()
    {
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["run"], every: 10);
        foreach (Epoch epoch in trainer.Epochs(Data, epochs: 6))
        {
            if (epoch.Number == 3) break;
        }

        EndsAsIfNeverInterrupted(3);
    }

    [Fact]
    public void Diverged_a_training_leaves_its_last_finite_epoch_in_its_checkpoint()
    {
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["run"], every: 10);
        trainer.Observers.Add(new StepAction(step =>
        {
            if (step.Epoch == 3) Spoil(step.Network);
        }));
        trainer.Invoking(own => own.Fit(Data, epochs: 6)).Should().Throw<NonFiniteException>();
        EndsAsIfNeverInterrupted(2);
    }

    [Fact]
    public void Weights_that_are_not_finite_do_not_replace_the_last_good_checkpoint()
    {
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["run"]);
        trainer.Observers.Add(new StepAction(onEpoch: epoch =>
        {
            if (epoch.Number == 3) Spoil(trainer.Network);
        }));
        trainer.Invoking(own => own.Fit(Data, epochs: 6)).Should().Throw<NotFiniteNumberException>().WithMessage("*'0.weight'*The one before stays*");
        trainer.History.StopReason.Should().Be(StopReason.Failed);
        EndsAsIfNeverInterrupted(2);
    }

    [Fact]
    public async Task Of_many_calls_at_the_same_moment_exactly_one_trains()
    {
        Trainer trainer = TestData.Classifier();
        for (int round = 0; round < 20; round++)
        {
            using var barrier = new Barrier(2);
            using var entered = new CountdownEvent(2);
            int refused = 0;
            trainer.Observers.Clear();

            // Whoever trains waits until the other one has tried.
            trainer.Observers.Add(new StepAction(onEpoch: _ =>
            {
                entered.Signal();
                entered.Wait();
            }));
            Task[] both = [Task.Run(Call, TestContext.Current.CancellationToken), Task.Run(Call, TestContext.Current.CancellationToken)];
            await Task.WhenAll(both);
            refused.Should().Be(1);
            trainer.History.Epochs.Should().HaveCount(round + 1);

            void Call()
            {
                barrier.SignalAndWait();
                try
                {
                    trainer.Fit(Data, epochs: 1);
                }
                catch (InvalidOperationException)
                {
                    refused++;
                    entered.Signal();
                }
            }
        }
    }

    [Fact]
    public void A_trainer_that_trains_does_not_resume()
    {
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["run"]);
        foreach (Epoch _ in trainer.Epochs(Data, epochs: 1))
        {
            trainer.Invoking(own => own.Resume(_folder["run"])).Should().Throw<InvalidOperationException>().WithMessage("*already training*");
        }

        trainer.Resume(_folder["run"]);
    }

    [Fact]
    public void After_an_error_the_weights_stay_as_they_were_to_be_looked_at()
    {
        Trainer trainer = TestData.Classifier(optimizer: network => new SGD(network, 30));
        trainer.EarlyStopping = new EarlyStopping(patience: 50);
        int[] last = [];
        trainer.Observers.Add(new StepAction(onEpoch: epoch =>
        {
            last = TestData.Bits(trainer.Network);
            if (epoch.Number == 8) throw new IOException("enough");
        }));
        trainer.Invoking(own => own.Fit(Data, epochs: 20)).Should().Throw<IOException>();
        trainer.History.Best!.Number.Should().BeLessThan(8);
        TestData.Bits(trainer.Network).Should().Equal(last);
    }

    [Fact]
    public void The_best_weights_of_an_earlier_run_do_not_come_back()
    {
        Trainer trainer = TestData.Classifier();
        trainer.EarlyStopping = new EarlyStopping(patience: 50);
        trainer.Fit(Data, epochs: 3);
        trainer.Metrics = [new NeverFinite()];
        trainer.EarlyStopping = new EarlyStopping(patience: 50, metric: "never finite");
        int[] last = [];
        trainer.Observers.Add(new StepAction(onEpoch: _ => last = TestData.Bits(trainer.Network)));
        trainer.Fit(Data, epochs: 2);
        TestData.Bits(trainer.Network).Should().Equal(last);
    }

    [Fact]
    public void An_improvement_smaller_than_asked_for_is_none()
    {
        Trainer trainer = TestData.Classifier(optimizer: network => new SGD(network, 1e-4));
        trainer.EarlyStopping = new EarlyStopping(patience: 3, minDelta: 0.5);
        History history = trainer.Fit(Data, epochs: 20);
        history.Epochs.Select(epoch => epoch.Training.Loss).Should().BeInDescendingOrder("it falls, but little");
        (history.Epochs.Count, history.Best!.Number, history.StopReason).Should().Be((4, 1, StopReason.EarlyStopping));
    }

    [Fact]
    public void The_time_before_an_interruption_counts_for_the_budget_and_a_second_run_has_its_own()
    {
        var clock = new TestClock();
        Trainer first = Ticking(clock);
        first.Checkpoint = new CheckpointOptions(_folder["run"]);
        foreach (Epoch epoch in first.Epochs(Data, TimeSpan.FromSeconds(40)))
        {
            if (epoch.Number == 6) break;
        }

        Trainer resumed = Ticking(clock);
        resumed.Resume(_folder["run"]);
        resumed.Fit(Data, TimeSpan.FromSeconds(40));
        resumed.History.Epochs.Should().HaveCount(10, "an epoch has 4 steps of a second");
        resumed.History.Duration.Should().Be(TimeSpan.FromSeconds(40));
        resumed.Fit(Data, TimeSpan.FromSeconds(8));
        (resumed.History.Epochs.Count, resumed.History.StopReason).Should().Be((12, StopReason.BudgetSpent));
        resumed.History.Duration.Should().Be(TimeSpan.FromSeconds(48));
    }

    [Fact]
    public void A_schedule_that_follows_the_budget_begins_anew_with_each_run()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Schedule = new CosineDecay();
        trainer.Fit(Data, epochs: 4);
        trainer.Fit(Data, epochs: 4);
        trainer.History.Epochs.Select(epoch => epoch.LearningRate).Take(4).Should().Equal(trainer.History.Epochs.Select(epoch => epoch.LearningRate).Skip(4));
    }

    // The state is text, of any length: SafetensorsWriter puts it last, so that other readers can map the numbers into memory.
    [Fact]
    public void The_numbers_of_a_checkpoint_begin_at_multiples_of_their_size()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Checkpoint = new CheckpointOptions(_folder["run"]);
        trainer.Fit(Data, epochs: 1);
        IReadOnlyDictionary<string, SafetensorsTensor> tensors = SafetensorsReader.Open(_folder["run"], reader => reader.Header.Tensors);
        tensors.Values.Should().Contain(tensor => tensor.Type == "U8").And.Contain(tensor => tensor.Type == "F32")
            .And.OnlyContain(tensor => tensor.Start % (SafetensorsTensor.BitsOf(tensor.Type)!.Value / 8) == 0);
        tensors.Values.MaxBy(tensor => tensor.Start)!.Type.Should().Be("U8");
    }

    [Fact]
    public void A_recovery_takes_back_the_steps_of_its_epoch()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Recovery = new Recovery(factor: 0.5);
        bool spoilt = false;
        var steps = new List<long>();
        trainer.Observers.Add(new StepAction(step =>
        {
            steps.Add(step.Step);
            if (step.Step == 6 && !spoilt)
            {
                spoilt = true;
                Spoil(step.Network);
            }
        }));
        trainer.Fit(Data, epochs: 2);
        steps.Should().Equal(1, 2, 3, 4, 5, 6, 5, 6, 7, 8);
        trainer.Optimizer.StepCount.Should().Be(8);
        trainer.Optimizer.LearningRate.Should().Be(0.005);
        trainer.History.Recoveries.Should().ContainSingle().Which.Step.Should().Be(7);
    }

    [Fact]
    public void Steps_that_the_last_recovery_took_back_do_not_count_in_the_next_fit()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Recovery = new Recovery(factor: 0.5, limit: 1);
        int spoilt = 0;
        var steps = new List<long>();
        trainer.Observers.Add(new StepAction(step =>
        {
            steps.Add(step.Step);
            if (step.Step != 6 || spoilt == 2) return;
            spoilt++;
            Spoil(step.Network);
        }));
        Action fit = () => trainer.Fit(Data, epochs: 2);
        fit.Should().Throw<NonFiniteException>();
        trainer.Optimizer.StepCount.Should().Be(4);

        steps.Clear();
        trainer.Fit(Data, epochs: 1);
        steps.Should().Equal(5, 6, 7, 8);
    }

    [Fact]
    public void The_lowered_rate_of_a_recovery_stays_after_resuming()
    {
        Trainer straight = Recovering(out _);
        straight.Fit(Data, epochs: 6);
        Trainer first = Recovering(out _);
        first.Checkpoint = new CheckpointOptions(_folder["run"]);
        foreach (Epoch epoch in first.Epochs(Data, epochs: 6))
        {
            if (epoch.Number == 3) break;
        }

        Trainer resumed = Recovering(out StepAction spoiling);
        resumed.Observers.Remove(spoiling);
        resumed.Resume(_folder["run"]);
        resumed.Fit(Data, epochs: 6);
        resumed.History.Epochs.Select(TestData.Figures).Should().Equal(straight.History.Epochs.Select(TestData.Figures));
        resumed.History.Recoveries.Should().ContainSingle().Which.RateFactor.Should().Be(0.5);
    }

    [Fact]
    public void A_last_row_that_joins_the_batch_before_it_is_one_step_less_of_the_schedule()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(3, 4, random), new BatchNorm(4), new Linear(4, 3, random));
        Trainer trainer = TestData.Classifier(network);
        trainer.Schedule = new CosineDecay(unit: ScheduleUnit.Step);
        var rates = new List<double>();
        trainer.Observers.Add(new StepAction(step => rates.Add(step.Optimizer.LearningRate)));
        trainer.Fit(TestData.Classes(41), epochs: 2);
        rates.Should().Equal(Enumerable.Range(0, 8).Select(i => 0.01 * trainer.Schedule.At(i, 8)));
    }

    private static void Spoil(Sequential network) => network.NamedParameters()[0].Parameter.Value.Span[0] = float.NaN;

    private static Trainer Create()
    {
        var random = new Random(1);
        Trainer trainer = TestData.Classifier(new Sequential(new Linear(3, 8, random), new Dropout(0.3, random), new Tanh(), new Linear(8, 3, random)));
        trainer.Schedule = new OneCycle();
        return trainer;
    }

    private static Trainer Ticking(TestClock clock)
    {
        Trainer trainer = TestData.Classifier();
        trainer.Clock = clock;
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(1))));
        return trainer;
    }

    private static Trainer Recovering(out StepAction spoiling)
    {
        Trainer trainer = TestData.Classifier();
        (trainer.Recovery, trainer.Schedule) = (new Recovery(factor: 0.5), new ExponentialDecay(0.9));
        bool spoilt = false;
        spoiling = new StepAction(step =>
        {
            if (step.Epoch == 2 && !spoilt)
            {
                spoilt = true;
                Spoil(step.Network);
            }
        });
        trainer.Observers.Add(spoiling);
        return trainer;
    }

    private void EndsAsIfNeverInterrupted(int epochsDone)
    {
        Trainer straight = Create();
        straight.Fit(Data, epochs: 6);
        Trainer resumed = Create();
        resumed.Resume(_folder["run"]);
        resumed.History.Epochs.Should().HaveCount(epochsDone);
        resumed.Fit(Data, epochs: 6);
        TestData.Bits(resumed.Network).Should().Equal(TestData.Bits(straight.Network));
        resumed.History.Epochs.Select(TestData.Figures).Should().Equal(straight.History.Epochs.Select(TestData.Figures));
    }

    private sealed class NeverFinite() : Metric("never finite")
    {
        public override double Value => double.NaN;

        protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
        {
        }
    }
}
