using Microsoft.Extensions.Logging;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/training.md.</summary>
public sealed class TrainingPageTests
{
    private readonly Dataset _train = TestData.Classes(200, classes: ["right", "up", "down"]);
    private readonly Dataset _validation = TestData.Classes(60, seed: 2, classes: ["right", "up", "down"]);
    private readonly Dataset _test = TestData.Classes(60, seed: 3, classes: ["right", "up", "down"]);

    [Fact]
    public void The_example_learns_and_is_measured()
    {
        var (train, validation, test, random) = (_train, _validation, _test, new Random(1));

        // <snippet training>
        var network = new Sequential(new Linear(train.InputSize, 16, random), new ReLU(), new Linear(16, train.TargetSize, random));
        var loss = new SoftmaxCrossEntropy();
        var trainer = new Trainer(network, loss, new Adam(network, learningRate: 0.01) { ClipNorm = 1 })
        {
            BatchSize = 20,
            Schedule = new CosineDecay(),
            EarlyStopping = new EarlyStopping(patience: 10),
            Metrics = [new Accuracy(), new F1(), new LogLoss()],
        };
        History history = trainer.Fit(train, validation, epochs: 60);
        Console.WriteLine(history);                     // 60 epochs (EpochsDone); best epoch 60: validation loss 0.0991, accuracy 98.3 %, …

        Evaluation result = trainer.Evaluate(test);     // loss and metrics, as in prediction
        Console.WriteLine($"{result.Accuracy:0.0 %}, F1 {result["F1"]:0.00}");
        Console.WriteLine(ConfusionMatrix.Of(network, test));   // in the package NeuralTrain.Diagnostics
        // </snippet>

        history.MetricNames.Should().Equal("accuracy", "F1", "log-loss");
        history.ToString().Should().MatchRegex(@"^\d+ epochs \((EpochsDone|EarlyStopping)\); best epoch \d+: validation loss [\d.]+, accuracy ");
        trainer.Evaluate(validation).Loss.Should().Be(history.Best!.Validation!.Loss, "the network has the weights of its best epoch");
        result.Accuracy.Should().BeGreaterThan(0.8, "guessing reaches 0.4").And.Be(ConfusionMatrix.Of(network, test).Accuracy);
    }

    [Fact]
    public void A_training_by_time_ends_with_its_time()
    {
        Trainer trainer = TestData.Classifier();
        var clock = new TestClock();
        trainer.Clock = clock;
        trainer.Observers.Add(new StepAction(_ => clock.Advance(TimeSpan.FromSeconds(1))));
        var (train, validation) = (_train, _validation);

        // <snippet training-time>
        History history = trainer.Fit(train, TimeSpan.FromMinutes(2), validation);
        // </snippet>

        history.StopReason.Should().Be(StopReason.BudgetSpent);
        history.Duration.Should().Be(TimeSpan.FromMinutes(2));
        trainer.Optimizer.StepCount.Should().Be(120, "each step took a second");
    }

    [Fact]
    public void A_loop_over_epochs_may_be_left()
    {
        Trainer trainer = TestData.Classifier();
        var (train, validation) = (_train, _validation);

        // <snippet training-loop>
        foreach (Epoch epoch in trainer.Epochs(train, validation, epochs: 200))
        {
            Console.WriteLine($"{epoch}, after {epoch.Duration.TotalMilliseconds:0} ms");
            if (epoch.Validation!.Accuracy > 0.8)
            {
                break;
            }
        }
        // </snippet>

        trainer.History.StopReason.Should().Be(StopReason.LeftByCaller);
        trainer.History.Epochs[^1].Validation!.Accuracy.Should().BeGreaterThan(0.8);
        trainer.History.Epochs.SkipLast(1).Should().OnlyContain(epoch => epoch.Validation!.Accuracy <= 0.8);
    }

    [Fact]
    public async Task A_cancelled_training_ends_without_an_exception()
    {
        Trainer trainer = TestData.Classifier();
        var (train, validation) = (_train, _validation);

        // <snippet training-async>
        using var stop = new CancellationTokenSource();
        Task<History> training = trainer.FitAsync(train, validation, epochs: 1_000_000, stop.Token);
        stop.Cancel();                                  // as a button does, from any thread
        History history = await training;
        // </snippet>

        history.StopReason.Should().Be(StopReason.Cancelled);
        history.Epochs.Count.Should().BeLessThan(1_000_000);
    }

    [Fact]
    public async Task A_window_and_a_log_are_told()
    {
        Trainer trainer = TestData.Classifier();
        var (train, window, logger) = (_train, new Window(), new LogList());

        // <snippet training-progress>
        trainer.Progress = new Progress<TrainingProgress>(now => window.Show($"epoch {now.Epoch} of {now.Epochs}, loss {now.Loss:g3}, {now.Remaining:mm\\:ss} left"));
        trainer.Logger = logger;
        // </snippet>

        trainer.Fit(train, epochs: 2);
        (await window.Shown.WaitAsync(TestContext.Current.CancellationToken)).Should().MatchRegex($@"^epoch \d of 2, loss [\d{System.Globalization.NumberFormatInfo.CurrentInfo.NumberDecimalSeparator}]+, \d\d:\d\d left$");
        logger.Lines.Should().HaveCount(4).And.Subject.Last().Should().StartWith("Training ended: 2 epochs (EpochsDone); best epoch ");
    }

    [Fact]
    public void A_training_that_diverges_goes_on_at_a_lower_rate()
    {
        bool spoiled = false;
        Trainer trainer = TestData.Classifier();
        trainer.Observers.Add(new StepAction(onGradients: step =>
        {
            if (step.Step == 25 && !spoiled)
            {
                spoiled = true;
                step.Network.NamedParameters()[0].Parameter.Gradient.Span.Fill(float.NaN);
            }
        }));
        Dataset train = _train;

        // <snippet training-recovery>
        trainer.Recovery = new Recovery(factor: 0.1, limit: 3);
        History history = trainer.Fit(train, epochs: 5);
        foreach (RecoveryNote note in history.Recoveries)
        {
            Console.WriteLine($"epoch {note.Epoch}, step {note.Step}, rate times {note.RateFactor}: {note.Cause}");
        }
        // </snippet>

        RecoveryNote only = history.Recoveries.Should().ContainSingle().Which;
        (only.Epoch, only.RateFactor).Should().Be((2, 0.1));
        history.Epochs.Should().HaveCount(5).And.OnlyContain(epoch => double.IsFinite(epoch.Training.Loss));
    }

    [Fact]
    public void A_value_that_is_not_finite_is_found()
    {
        _train.Inputs[17, 1] = float.NaN;
        Action fit = () => TestData.Classifier().Fit(_train, epochs: 1);
        NonFinite place = fit.Should().Throw<NonFiniteException>().Which.Place;
        (place.Kind, place.Samples.Single()).Should().Be((NonFiniteKind.Input, 17));
        place.ToString().Should().Be(MarkdownPages.Output("training-not-finite"));
    }

    [Fact]
    public void A_second_call_trains_on()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Fit(_train, epochs: 2);
        trainer.Fit(_train, epochs: 3).Epochs.Select(epoch => epoch.Number).Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public void An_observer_sees_each_step()
    {
        Trainer trainer = TestData.Classifier();
        Dataset train = _train;

        // <snippet training-observe>
        var largest = new LargestGradient();
        trainer.Observers.Add(largest);
        trainer.Fit(train, epochs: 5);
        Console.WriteLine($"largest gradient {largest.Value:g3}");
        // </snippet>

        largest.Value.Should().BeGreaterThan(0);
        trainer.Observers.Should().ContainSingle();
    }

    // <snippet training-observer>
    public sealed class LargestGradient : TrainingObserver
    {
        public float Value { get; private set; }

        public override void OnGradients(in TrainingStep trainingStep)
        {
            foreach ((_, Parameter parameter) in trainingStep.Network.NamedParameters())
            {
                foreach (float gradient in parameter.Gradient.Span)
                {
                    Value = Math.Max(Value, Math.Abs(gradient));
                }
            }
        }
    }
    // </snippet>

    private sealed class Window
    {
        private readonly TaskCompletionSource<string> _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Shown => _shown.Task;

        public void Show(string text) => _shown.TrySetResult(text);
    }

    private sealed class LogList : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
