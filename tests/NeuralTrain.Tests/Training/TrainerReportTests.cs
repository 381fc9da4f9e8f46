using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace NeuralTrain.Tests.Training;

[Collection(ComputeTestGroup.Name)]
public sealed class TrainerReportTests
{
    private static readonly Dataset Data = TestData.Classes(40);

    [Fact]
    public void Progress_tells_each_step_and_the_end_of_each_epoch()
    {
        var clock = new TestClock();
        var progress = new ProgressList();
        Trainer trainer = TestData.Classifier();
        (trainer.Clock, trainer.Progress, trainer.ProgressInterval) = (clock, progress, TimeSpan.Zero);
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(1))));
        History history = trainer.Fit(Data, epochs: 2);
        progress.Reports.Select(report => (report.Epoch, report.Step, report.Finished is not null)).Should().Equal(
            (1, 1, false), (1, 2, false), (1, 3, false), (1, 4, false), (1, 4, true), (2, 1, false), (2, 2, false), (2, 3, false), (2, 4, false), (2, 4, true));
        TrainingProgress third = progress.Reports[2];
        (third.Epochs, third.StepsPerEpoch, third.MetricName, third.LearningRate).Should().Be((2, 4, "accuracy", 0.01));
        (third.Elapsed, third.Remaining, third.SamplesPerSecond).Should().Be((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), 10.0));
        progress.Reports[9].Finished.Should().BeSameAs(history.Epochs[1]);
        progress.Reports[9].Loss.Should().Be(history.Epochs[1].Training.Loss);
        progress.Reports[9].Remaining.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Reports_within_an_epoch_keep_their_distance()
    {
        var clock = new TestClock();
        var progress = new ProgressList();
        Trainer trainer = TestData.Classifier();
        (trainer.Clock, trainer.Progress, trainer.ProgressInterval) = (clock, progress, TimeSpan.FromSeconds(2));
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(1))));
        trainer.Fit(Data, epochs: 1);
        progress.Reports.Select(report => (report.Step, report.Finished is not null)).Should().Equal((2, false), (4, false), (4, true));
    }

    [Fact]
    public void The_log_tells_begin_epochs_returns_and_end()
    {
        var log = new LogList();
        Trainer trainer = TestData.Classifier();
        trainer.Logger = log;
        trainer.Fit(Data, epochs: 2);
        log.Lines.Should().HaveCount(4);
        log.Lines[0].Should().StartWith("Information Training begins: 59 trainable values, batches of 10, Adam").And.Contain("SoftmaxCrossEntropy");
        log.Lines[2].Should().StartWith("Information epoch 2: training loss ").And.Contain("accuracy").And.Contain("samples/s");
        log.Lines[3].Should().StartWith("Information Training ended: 2 epochs (EpochsDone); best epoch 2");

        log.Lines.Clear();
        log.Least = LogLevel.Warning;
        trainer.Recovery = new Recovery(limit: 1);
        trainer.Observers.Add(new StepAction(onGradients: step => step.Network.NamedParameters()[0].Parameter.Gradient.Span.Fill(float.NaN)));
        Action fit = () => trainer.Fit(Data, epochs: 1);
        fit.Should().Throw<NonFiniteException>();
        log.Lines.Should().HaveCount(2);
        log.Lines[0].Should().StartWith("Warning The parameter '0.weight'").And.EndWith("Epoch 3 is repeated from the last finite weights, with the rate times 0.1");
        log.Lines[1].Should().StartWith("Error Training failed: The parameter '0.weight'");
    }

    [Fact]
    public void The_log_and_the_console_tell_the_same_of_an_epoch_by_the_same_names()
    {
        var (clock, log, shown) = (new TestClock(), new LogList(), new StringWriter());
        Trainer trainer = TestData.Classifier();
        (trainer.Clock, trainer.Logger) = (clock, log);
        trainer.Progress = new ConsoleProgress(AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(shown) })) { PlainInterval = TimeSpan.Zero };
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(0.15))));
        History history = trainer.Fit(Data, TestData.Classes(20), epochs: 1);
        string training = $"training {history.Epochs[0].Training}", validation = $"validation {history.Epochs[0].Validation}";
        history.Epochs[0].Training.Loss.Should().NotBe(history.Epochs[0].Validation!.Loss);

        // 10 rows in 0.15 s are 66.7 a second.
        foreach (string text in (string[])[training, validation, "rate 0.01", "67 samples/s"])
        {
            log.Lines[1].Should().Contain(text);
            shown.ToString().Should().Contain(text);
        }

        log.Lines[2].Should().EndWith($"best epoch 1: {validation}");
        history.ToString().Should().EndWith($"best epoch 1: {validation}");
    }

    [Fact]
    public void The_meter_counts_steps_and_samples_and_shows_loss_and_rate()
    {
        var seen = new Dictionary<string, List<double>>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "NeuralTrain")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.Start();
        var losses = new List<double>();
        Trainer trainer = TestData.Classifier();
        trainer.Observers.Add(new StepAction(step => losses.Add(step.Loss)));
        trainer.Fit(TestData.Classes(35), epochs: 2);
        seen["neuraltrain.steps"].Sum().Should().Be(8);
        seen["neuraltrain.samples"].Should().Equal(10, 10, 10, 5, 10, 10, 10, 5);
        seen["neuraltrain.loss"].Should().Equal(losses);
        seen["neuraltrain.learning_rate"].Should().OnlyContain(rate => rate == 0.01).And.HaveCount(8);

        void Add(string name, double value)
        {
            if (!seen.TryGetValue(name, out List<double>? values))
            {
                seen[name] = values = [];
            }

            values.Add(value);
        }
    }

    [Fact]
    public async Task FitAsync_trains_beside_the_caller_and_gives_the_same()
    {
        Sequential alone = TestData.Network(), beside = TestData.Network();
        TestData.Classifier(alone).Fit(Data, Data, epochs: 5);
        Trainer trainer = TestData.Classifier(beside);
        int caller = Environment.CurrentManagedThreadId;
        int? trains = null;
        using var gate = new ManualResetEventSlim();
        trainer.Observers.Add(new StepAction(_ =>
        {
            gate.Wait();
            trains = Environment.CurrentManagedThreadId;
        }));
        Task<History> task = trainer.FitAsync(Data, Data, epochs: 5);
        task.IsCompleted.Should().BeFalse();
        Action second = () => _ = trainer.FitAsync(Data);
        second.Should().Throw<InvalidOperationException>().WithMessage("*already training*");
        gate.Set();
        History history = await task;
        history.Should().BeSameAs(trainer.History);
        trains.Should().NotBe(caller);
        TestData.Bits(beside).Should().Equal(TestData.Bits(alone));
    }

    [Fact]
    public async Task FitAsync_hands_on_exceptions_and_ends_with_the_history_when_cancelled()
    {
        Trainer failing = TestData.Classifier();
        failing.Observers.Add(new StepAction(_ => throw new TimeZoneNotFoundException("mine")));
        Func<Task> fit = () => failing.FitAsync(Data);
        await fit.Should().ThrowAsync<TimeZoneNotFoundException>().WithMessage("mine");
        failing.History.StopReason.Should().Be(StopReason.Failed);

        using var source = new CancellationTokenSource();
        Trainer cancelled = TestData.Classifier();
        cancelled.Observers.Add(new StepAction(onEpoch: _ => source.Cancel()));
        History history = await cancelled.FitAsync(Data, TimeSpan.FromHours(1), cancellationToken: source.Token);
        (history.StopReason, history.Epochs.Count).Should().Be((StopReason.Cancelled, 1));
        Action refused = () => _ = cancelled.FitAsync(TestData.Values(5));
        refused.Should().Throw<ArgumentException>().WithMessage("*2 input columns*");
    }

    [Fact]
    public void Metrics_of_regression_allocate_nothing_in_a_steady_step()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(3, 8, random), new Tanh(), new Linear(8, 2, random));
        var inputs = new Matrix(1200, 3);
        new Normal(1).Fill(inputs.Span, 3, 3, random);
        var targets = new Matrix(1200, 2);
        new Normal(1).Fill(targets.Span, 2, 2, random);
        var allocation = new AllocationObserver();
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network))
        {
            BatchSize = 24,
            Metrics = [new AbsoluteError(), new RootMeanSquaredError(), new PercentageError(), new RSquared()],
        };
        trainer.Observers.Add(allocation);
        trainer.Fit(new Dataset(inputs, targets), epochs: 2);
        allocation.Steps.Should().BeGreaterThanOrEqualTo(40);
        allocation.Least.Should().Be(0);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void A_steady_step_allocates_nothing(bool everything, int accumulation)
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(3, 16, random), new BatchNorm(16), new ReLU(), new Dropout(0.2f, random), new Linear(16, 3, random));
        Trainer trainer = TestData.Classifier(network, own => new Adam(own) { ClipNorm = 1, L2 = 1e-4 });
        (trainer.AccumulationSteps, trainer.Schedule) = (accumulation, new OneCycle());
        trainer.Metrics = [];
        if (everything)
        {
            trainer.Metrics = [new Accuracy(), new TopK(2), new Precision(), new Recall(), new F1(), new LogLoss(), new BalancedAccuracy()];
            (trainer.Progress, trainer.ProgressInterval) = (new Silent(), TimeSpan.Zero);
            trainer.Augmentation = new AddNoise(0.01);
            trainer.EarlyStopping = new EarlyStopping();
            trainer.Logger = new LogList { Least = LogLevel.None };
        }

        var allocation = new AllocationObserver();
        trainer.Observers.Add(allocation);
        trainer.Fit(TestData.Classes(1200, weighted: everything), epochs: 2);
        allocation.Steps.Should().BeGreaterThanOrEqualTo(40);
        allocation.Least.Should().Be(0);
    }

    [Fact]
    public void Keeping_the_best_weights_allocates_nothing_after_the_first_time()
    {
        Trainer trainer = TestData.Classifier();
        Harness.Allocation.PerCall(() => trainer.History.State.SaveBest(trainer)).Should().Be(0);
    }

    private sealed class Silent : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
        }
    }

    /// <summary>The bytes allocated between the steps of the second epoch, in each of ten stretches of them: the least, since a collection may trim array pools.</summary>
    private sealed class AllocationObserver : TrainingObserver
    {
        private long _before;

        public int Steps { get; private set; }

        public long Least { get; private set; } = long.MaxValue;

        public override void OnStep(in TrainingStep trainingStep)
        {
            if (trainingStep.Epoch == 2 && ++Steps % 10 == 0)
            {
                long now = GC.GetAllocatedBytesForCurrentThread();
                Least = Steps > 10 ? Math.Min(Least, now - _before) : Least;
                _before = GC.GetAllocatedBytesForCurrentThread();
            }
        }
    }

    private sealed class LogList : ILogger
    {
        public List<string> Lines { get; } = [];

        public LogLevel Least { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
