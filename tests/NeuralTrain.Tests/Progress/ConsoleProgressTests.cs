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
        lines[1].Should().StartWith("epoch 2/3: loss 0.5, accuracy 90.0 % | validation loss 0.6, accuracy 80.0 % | rate 0.01, 12 k samples/s");
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
            Report(isTerminal: false, plainInterval: TimeSpan.Zero, epochs: 1).Should().StartWith("epoch 1/1: loss 0.5, accuracy 90.0 % | validation loss 0.6");
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
        output.Should().Contain("\repoch 1/1 [==========          ] loss 0.5, accuracy 0.9, rate 0.01, 12 k samples/s, 1:30 min left");
        output.Split('\r')[^1].Should().StartWith("epoch 1/1: loss 0.5").And.EndWith("\n");
    }

    [Fact]
    public void A_line_never_wraps()
    {
        string output = Report(isTerminal: true, plainInterval: TimeSpan.Zero, epochs: 1, width: 30);
        output.Split('\r').Where(part => part.Contains('[', StringComparison.Ordinal)).Should().OnlyContain(part => part.Length < 30);
    }

    [Fact]
    public void A_negative_interval_is_refused() => FluentActions.Invoking(() => new ConsoleProgress { PlainInterval = TimeSpan.FromSeconds(-1) })
        .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*zero or more*");

    private static string Report(bool isTerminal, TimeSpan plainInterval, int epochs, int width = 200)
    {
        var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            Out = new Output(writer, isTerminal, width),
        });
        var progress = new ConsoleProgress(console) { PlainInterval = plainInterval };
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            var step = new TrainingProgress
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
            progress.Report(step);
            progress.Report(step with { Finished = Finished(epoch) });
        }

        return writer.ToString();
    }

    private static Epoch Finished(int number) => new()
    {
        Number = number,
        Training = new Evaluation(0.5, [new MetricValue("accuracy", 0.9) { IsShare = true }]),
        Validation = new Evaluation(0.6, [new MetricValue("accuracy", 0.8) { IsShare = true }]),
        LearningRate = 0.01,
        SamplesPerSecond = 12_345,
    };

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
