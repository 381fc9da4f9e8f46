namespace NeuralTrain.Tests.Training;

/// <summary>What one call of <c>Fit</c> leaves behind for the next, and for a resumed one.</summary>
public sealed class SecondFitTests
{
    [Fact]
    public void A_training_after_an_error_takes_no_gradients_of_the_broken_step_along()
    {
        Dataset data = TestData.Classes(30);
        Sequential broken = TestData.Network(), whole = TestData.Network();
        Trainer trainer = TestData.Classifier(broken);
        bool fails = true;
        trainer.Observers.Add(new StepAction(onGradients: _ =>
        {
            if (fails)
            {
                throw new IOException("before the first step");
            }
        }));
        trainer.Invoking(own => own.Fit(data, epochs: 1)).Should().Throw<IOException>();
        fails = false;
        trainer.Fit(data, epochs: 2);

        TestData.Classifier(whole).Fit(data, epochs: 2);
        TestData.Bits(broken).Should().Equal(TestData.Bits(whole));
    }

    [Fact]
    public void As_many_epochs_as_an_int_holds_can_be_asked_for_a_second_time()
    {
        using var cancellation = new CancellationTokenSource();
        Trainer trainer = TestData.Classifier();
        trainer.Schedule = new CosineDecay();
        Dataset data = TestData.Classes(30);
        trainer.Fit(data, epochs: 1);
        trainer.Observers.Add(new StepAction(onEpoch: epoch =>
        {
            if (epoch.Number == 3)
            {
                cancellation.Cancel();
            }
        }));
        History history = trainer.Fit(data, epochs: int.MaxValue, cancellationToken: cancellation.Token);
        (history.Epochs.Count, history.StopReason).Should().Be((3, StopReason.Cancelled));
    }

    [Fact]
    public void A_time_left_beyond_all_bounds_is_not_told()
    {
        var clock = new TestClock();
        var progress = new ProgressList();
        using var cancellation = new CancellationTokenSource();
        Trainer trainer = TestData.Classifier();
        (trainer.Clock, trainer.Progress) = (clock, progress);
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromHours(1)), _ => cancellation.Cancel()));
        trainer.Fit(TestData.Classes(30), epochs: int.MaxValue, cancellationToken: cancellation.Token);
        progress.Reports.Should().HaveCount(4).And.OnlyContain(report => report.Remaining == null);
    }

    [Fact]
    public void A_training_resumed_without_early_stopping_keeps_its_last_weights()
    {
        Dataset data = TestData.Classes(30);
        using var folder = new TemporaryFolder();
        Trainer stopping = TestData.Classifier();
        stopping.EarlyStopping = new EarlyStopping(patience: 5);
        stopping.Checkpoint = new CheckpointOptions(folder["run"]);
        stopping.Fit(data, epochs: 3);

        Sequential resumed = TestData.Network(), straight = TestData.Network();
        Trainer trainer = TestData.Classifier(resumed);
        trainer.EarlyStopping = new EarlyStopping(patience: 5);
        trainer.Resume(folder["run"]);
        trainer.EarlyStopping = null;
        trainer.Fit(data, epochs: 6);

        TestData.Classifier(straight).Fit(data, epochs: 6);
        TestData.Bits(resumed).Should().Equal(TestData.Bits(straight));
    }

    [Fact]
    public void A_resumed_training_that_fails_before_its_first_epoch_is_still_the_resumed_one_at_the_next_call()
    {
        Dataset data = TestData.Classes(30);
        using var folder = new TemporaryFolder();
        Trainer first = TestData.Classifier();
        first.Checkpoint = new CheckpointOptions(folder["run"]);
        first.Fit(data, epochs: 2);

        Trainer trainer = TestData.Classifier();
        trainer.Resume(folder["run"]);
        var observer = new BeginAndEnd { OnBeginning = () => throw new IOException("not yet") };
        trainer.Observers.Add(observer);
        trainer.Invoking(own => own.Fit(data, epochs: 5)).Should().Throw<IOException>();
        trainer.History.StopReason.Should().Be(StopReason.Failed);
        observer.OnBeginning = null;
        trainer.Fit(data, epochs: 5).Epochs.Should().HaveCount(5);
    }

    [Fact]
    public void A_training_is_not_over_before_its_last_observer_was_told()
    {
        Trainer trainer = TestData.Classifier();
        Dataset data = TestData.Classes(30);
        Action fit = () => trainer.Fit(data, epochs: 1);
        var observer = new BeginAndEnd();
        observer.OnEnding = () =>
        {
            observer.OnEnding = null;
            fit.Should().Throw<InvalidOperationException>().WithMessage("*already training*");
        };
        trainer.Observers.Add(observer);
        fit();
        observer.OnEnding.Should().BeNull();
        fit();
        trainer.History.Epochs.Should().HaveCount(2);
    }

    [Fact]
    public void A_limit_of_recoveries_that_is_lowered_on_the_way_is_for_the_next_training()
    {
        int broken = 0;
        Trainer trainer = TestData.Classifier();
        trainer.Recovery = new Recovery(limit: 3);
        trainer.Observers.Add(new StepAction(step =>
        {
            if (step.Epoch == 2 || (broken < 2 && step.Epoch == 1))
            {
                (++broken).Should().BeLessThan(20);
                step.Network.NamedParameters()[0].Parameter.Value.Span[0] = float.NaN;
            }
        }));
        Dataset data = TestData.Classes(10);
        Action training = () =>
        {
            foreach (Epoch _ in trainer.Epochs(data, epochs: 5))
            {
                trainer.Recovery = new Recovery(limit: 1);
            }
        };
        training.Should().Throw<NonFiniteException>();
        broken.Should().Be(4, "two in the first epoch, one in the second, and the one that was too much");
    }

    [Fact]
    public void Rows_that_all_weigh_nothing_have_no_loss_and_are_never_the_best()
    {
        Dataset data = TestData.Classes(30), weightless = new(data.Inputs, data.Targets, sampleWeights: new float[30]);
        Trainer trainer = TestData.Classifier();
        Evaluation evaluation = trainer.Evaluate(weightless);
        (evaluation.Loss, evaluation.Accuracy).Should().Be((double.NaN, double.NaN));
        History history = trainer.Fit(data, weightless, epochs: 2);
        history.Best.Should().BeNull("none of the epochs had a finite value");
        history.Epochs.Should().HaveCount(2);
    }

    [Fact]
    public void While_a_second_training_runs_the_reason_of_the_first_ones_end_is_gone()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Fit(TestData.Classes(30), epochs: 1).StopReason.Should().Be(StopReason.EpochsDone);
        foreach (Epoch _ in trainer.Epochs(TestData.Classes(30), epochs: 1)) trainer.History.StopReason.Should().Be(StopReason.None);
        trainer.History.StopReason.Should().Be(StopReason.EpochsDone);
    }

    [Fact]
    public void A_checkpoint_does_not_change_why_a_loop_that_is_left_ended()
    {
        using var folder = new TemporaryFolder();
        foreach (CheckpointOptions? options in new[] { null, new CheckpointOptions(folder["run.ckpt"], every: 3) })
        {
            Trainer trainer = TestData.Classifier();
            trainer.Checkpoint = options;
            foreach (Epoch epoch in trainer.Epochs(TestData.Classes(30), epochs: 2))
            {
                if (epoch.Number == 2)
                {
                    break;
                }
            }

            trainer.History.StopReason.Should().Be(StopReason.LeftByCaller);
        }
    }

    [Fact]
    public void The_last_report_of_a_training_says_so_whatever_ends_it()
    {
        var progress = new ProgressList();
        Sequential network = TestData.Network();
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, 1e-30))
        {
            Progress = progress,
            ProgressInterval = TimeSpan.Zero,
            EarlyStopping = new EarlyStopping(patience: 2),
            Shuffle = false,
        };
        trainer.Fit(TestData.Classes(64), epochs: 50).StopReason.Should().Be(StopReason.EarlyStopping);
        progress.Reports.Select(report => report.IsLast).Should().Equal([.. Enumerable.Repeat(false, progress.Reports.Count - 1), true]);
    }

    [Fact]
    public void Without_any_time_that_has_passed_no_speed_is_told()
    {
        var progress = new ProgressList();
        Trainer trainer = TestData.Classifier();
        (trainer.Clock, trainer.Progress, trainer.ProgressInterval) = (new TestClock(), progress, TimeSpan.Zero);
        trainer.Fit(TestData.Classes(30), epochs: 2);
        progress.Reports.Should().HaveCount(8).And.OnlyContain(report => report.SamplesPerSecond == 0);
    }

    private sealed class BeginAndEnd : TrainingObserver
    {
        public Action? OnBeginning { get; set; }

        public Action? OnEnding { get; set; }

        public override void OnBegin(Trainer trainer) => OnBeginning?.Invoke();

        public override void OnEnd(History history) => OnEnding?.Invoke();
    }
}
