using System.Globalization;
using System.Text;
using Spectre.Console;

namespace NeuralTrain.Tests.Progress;

public sealed class ConsoleProgressTests
{
    [Fact]
    public void A_redirected_output_gets_one_plain_line_for_an_epoch_and_none_between()
    {
        string[] lines = Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 3).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(3).And.OnlyContain(line => !line.Contains('\r') && !line.Contains('\u001b'));
        lines[1].Should().StartWith("epoch 2/3: training loss 0.5, accuracy 90.0 % | validation loss 0.6, accuracy 80.0 % | rate 0.01, 12345 samples/s");
    }

    [Fact]
    public void A_redirected_line_is_whole_however_narrow_the_console_says_it_is() =>
        Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 3, width: 40).Should().Be(Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 3, width: 400))
            .And.MatchRegex(@"^epoch 1/3: [^\n]{90,}\nepoch 2/3: [^\n]{90,}\nepoch 3/3: [^\n]{90,}\n$");

    [Fact]
    public void A_terminal_without_control_codes_gets_plain_whole_lines()
    {
        string output = Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 2, width: 40, ansi: AnsiSupport.No);
        output.Should().Be(Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 2));
    }

    [Fact]
    public void A_redirected_output_gets_plain_lines_also_where_it_could_show_control_codes() =>
        Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 2, ansi: AnsiSupport.Yes).Should().Be(Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 2));

    [Fact]
    public void Without_colours_a_terminal_shows_the_same() =>
        Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 2, colors: ColorSystemSupport.NoColors)
            .Should().Be(Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 2)).And.NotContain("\u001b");

    [Fact]
    public void The_interval_of_plain_lines_is_kept_by_the_clock()
    {
        var (clock, writer) = (new ManualClock(), new StringWriter());
        var progress = new ConsoleProgress(Console(writer, isTerminal: false)) { Clock = clock };
        for (int epoch = 1; epoch <= 30; epoch++)
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            progress.Report(Step(epoch, 30) with { Finished = Finished(epoch) });
        }

        // Every 10 s, the default, at the earliest: each fourth epoch; and the last.
        Epochs(writer).Should().Equal(1, 5, 9, 13, 17, 21, 25, 29, 30);
    }

    [Fact]
    public void A_terminal_gets_at_most_ten_lines_a_second_and_the_last_epoch()
    {
        var (clock, writer) = (new ManualClock(), new StringWriter());
        var progress = new ConsoleProgress(Console(writer, isTerminal: true)) { Clock = clock };
        for (int epoch = 1; epoch <= 1000; epoch++)
        {
            progress.Report(Step(epoch, 1000) with { Finished = Finished(epoch) });
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Epochs(writer).Should().Equal(1, 101, 201, 301, 401, 501, 601, 701, 801, 901, 1000);
    }

    [Fact]
    public void The_bar_is_redrawn_at_most_ten_times_a_second()
    {
        var (clock, writer) = (new ManualClock(), new StringWriter());
        var progress = new ConsoleProgress(Console(writer, isTerminal: true)) { Clock = clock };
        for (int i = 0; i < 1000; i++)
        {
            progress.Report(Step(1, 1) with { Step = i, StepsPerEpoch = 1000 });
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        writer.ToString().Split('\r').Count(part => part.StartsWith("epoch", StringComparison.Ordinal)).Should().Be(2 * 10, "each is written over the last, then once more");
        writer.ToString().Should().NotContain("\n");
    }

    [Fact]
    public void A_second_training_shows_its_first_epoch_at_once()
    {
        var (clock, writer) = (new ManualClock(), new StringWriter());
        var progress = new ConsoleProgress(Console(writer, isTerminal: false)) { Clock = clock };
        progress.Report(Step(1, 1) with { Finished = Finished(1) });
        progress.Report(Step(2, 9) with { Finished = Finished(2) });
        progress.Report(Step(3, 9) with { Finished = Finished(3) });
        Epochs(writer).Should().Equal(1, 2);
    }

    [Theory]
    [InlineData(200, "training loss 0.5, accuracy 90.0 % | validation loss 0.6, accuracy 80.0 % | rate 0.01, 12345 samples/s, 0.0 s, 1:30 min left")]
    [InlineData(118, "training loss 0.5, accuracy 90.0 % | validation loss 0.6, accuracy 80.0 % | rate 0.01, 12345 samples/s")]
    [InlineData(97, "training loss 0.5, accuracy 90.0 % | validation loss 0.6, accuracy 80.0 % | rate 0.01")]
    [InlineData(89, "training loss 0.5, accuracy 90.0 % | validation loss 0.6, accuracy 80.0 %")]
    public void A_narrow_terminal_is_spared_what_matters_less(int width, string shown) =>
        Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 1, width: width).Should().EndWith($"\repoch 1/1: {shown}\n");

    [Theory]
    [InlineData(69, "epoch 1/1 [==========          ] training loss 0.5, accuracy 0.9")]
    [InlineData(59, "epoch 1/1 training loss 0.5, accuracy 0.9")]
    [InlineData(10, "epoch 1/1")]
    public void A_narrow_terminal_has_no_room_for_the_bar_but_for_the_loss(int width, string shown) =>
        Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 1, width: width).Split('\r')[2].Should().Be(shown);

    [Fact]
    public void A_terminal_that_became_narrower_is_wiped_without_wrapping()
    {
        var writer = new StringWriter();
        IAnsiConsole console = Console(writer, isTerminal: true);
        var clock = new ManualClock();
        var progress = new ConsoleProgress(console) { Clock = clock };
        progress.Report(Step(1, 1));
        console.Profile.Width = 30;
        int before = writer.ToString().Length;
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Report(Step(1, 1));
        writer.ToString()[before..].Split('\r').Should().OnlyContain(part => part.Length < 30);
    }

    [Fact]
    public void A_redirected_output_is_spared_epochs_that_follow_at_once_but_gets_the_last()
    {
        string[] lines = Report(isTerminal: false, plainInterval: TimeSpan.FromHours(1), epochs: 50).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(2);
        lines[0].Should().StartWith("epoch 1/50");
        lines[1].Should().StartWith("epoch 50/50");
    }

    [Fact]
    public void A_redirected_output_gets_the_last_epoch_of_a_training_that_ends_early()
    {
        var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new Output(writer, isTerminal: false, width: 200) });
        var progress = new ConsoleProgress(console) { PlainInterval = TimeSpan.FromHours(1) };
        for (int epoch = 1; epoch <= 9; epoch++)
        {
            progress.Report(new TrainingProgress { Epoch = epoch, Epochs = 50, Step = 1, Loss = 0.5, LearningRate = 0.01, Finished = Finished(epoch), IsLast = epoch == 9 });
        }

        string[] lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(2);
        lines[1].Should().StartWith("epoch 9/50");
    }

    [Fact]
    public void A_line_reads_the_same_where_a_comma_separates_decimals()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 1).Should().StartWith("epoch 1/1: training loss 0.5, accuracy 90.0 % | validation loss 0.6");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_terminal_shows_a_bar_that_each_finished_epoch_wipes()
    {
        string output = Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 1);
        output.Should().Contain("\repoch 1/1 [==========          ] training loss 0.5, accuracy 0.9, rate 0.01, 12345 samples/s, 1:30 min left");
        output.Split('\r')[^1].Should().StartWith("epoch 1/1: training loss 0.5").And.EndWith("\n");
    }

    [Fact]
    public void A_line_never_wraps()
    {
        string output = Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 1, width: 30);
        output.Split('\r', '\n').Should().OnlyContain(part => part.Length <= 30).And.Contain("epoch 1/1 training loss 0.5, ");
    }

    [Fact]
    public void A_negative_interval_is_refused() => FluentActions.Invoking(() => new ConsoleProgress { PlainInterval = TimeSpan.FromSeconds(-1) })
        .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*zero or more*");

    private static string Report(
        bool isTerminal, TimeSpan plainInterval, int epochs, int width = 200, AnsiSupport? ansi = null, ColorSystemSupport colors = ColorSystemSupport.Detect)
    {
        var writer = new StringWriter();
        var clock = new ManualClock();
        var progress = new ConsoleProgress(Console(writer, isTerminal, width, ansi, colors)) { PlainInterval = plainInterval, Clock = clock };
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            progress.Report(Step(epoch, epochs));
            clock.Advance(TimeSpan.FromSeconds(1));
            progress.Report(Step(epoch, epochs) with { Finished = Finished(epoch) });
        }

        return writer.ToString();
    }

    private static IAnsiConsole Console(
        StringWriter writer, bool isTerminal, int width = 200, AnsiSupport? ansi = null, ColorSystemSupport colors = ColorSystemSupport.Detect) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ?? (isTerminal ? AnsiSupport.Yes : AnsiSupport.No),
            ColorSystem = colors,
            Out = new Output(writer, isTerminal, width),
        });

    private static TrainingProgress Step(int epoch, int epochs) => new()
    {
        Epoch = epoch,
        Epochs = epochs,
        Step = 5,
        StepsPerEpoch = 10,
        Loss = 0.5,
        MetricName = "accuracy",
        MetricValue = 0.9,
        LearningRate = 0.01,
        SamplesPerSecond = 12_345,
        Remaining = TimeSpan.FromSeconds(90),
    };

    // Of the lines that stay: what a bar wrote before in the same line is gone.
    private static IEnumerable<int> Epochs(StringWriter writer) => writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => int.Parse(line.Split('\r')[^1].Split(' ', '/')[1], CultureInfo.InvariantCulture));

    private static Epoch Finished(int number) => new(
        number, new Evaluation(0.5, [new MetricValue("accuracy", 0.9, isRatio: true)]), learningRate: 0.01,
        new Evaluation(0.6, [new MetricValue("accuracy", 0.8, isRatio: true)]), samplesPerSecond: 12_345);

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    private sealed class Output(TextWriter writer, bool isTerminal, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
