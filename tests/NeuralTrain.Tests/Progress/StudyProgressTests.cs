using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace NeuralTrain.Tests.Progress;

public sealed class StudyProgressTests
{
    [Fact]
    public void A_terminal_shows_the_best_trials_and_those_that_run_in_place()
    {
        var screen = new Screen(width: 60);
        Run(screen, [0.5, 0.25, 0.75, double.NaN]);
        screen.Lines.Should().Equal(
            "3 completed, 1 failed, 0 running, time",
            "trial  score  epoch           x",
            "    1   0.25      2  best  0.25",
            "    0    0.5      2         0.5",
            "    2   0.75      2        0.75");
        screen.Least.Should().Contain(line => line.StartsWith("    0    0.5      1  runs", StringComparison.Ordinal), "it was shown while it ran");
    }

    [Fact]
    public void A_narrow_or_low_terminal_gets_what_fits()
    {
        var screen = new Screen(width: 20, height: 4);
        Run(screen, [0.5, 0.25, 0.75]);
        screen.Lines.Should().Equal("3 completed, 0 runn", "trial  score  epoch", "    1   0.25      2");
    }

    [Fact]
    public void A_redirected_output_gets_a_line_for_each_trial_that_ends()
    {
        var screen = new Screen(isTerminal: false);
        Run(screen, [0.5, 0.75, 0.25], TimeSpan.Zero);
        screen.Written.Should().Be(
            "trial 0: x 0.5: 0.5, the best so far | 1 completed, 0 running, time\ntrial 1: x 0.75: 0.75 | 2 completed, 0 running, time\n" +
            "trial 2: x 0.25: 0.25, the best so far | 3 completed, 0 running, time\n");
    }

    [Fact]
    public void Within_the_interval_of_plain_lines_only_a_new_best_is_told()
    {
        var screen = new Screen(isTerminal: false);
        Run(screen, [0.5, 0.75, 0.25, 0.9], TimeSpan.FromHours(1));
        screen.Written.Split('\n').Select(line => line.Split(':')[0]).Should().Equal("trial 0", "trial 2", "");
    }

    [Fact]
    public void What_is_told_twice_or_late_counts_once()
    {
        var trials = new List<TrialResult>();
        Study study = new(Direction.Maximize, new RandomSampler(1), options: new StudyOptions { Progress = new Each(trials.Add) });
        study.Run(2, 1, trial => trial.Number);
        var screen = new Screen();
        var progress = new StudyProgress(Direction.Maximize, screen.Console);
        foreach (TrialResult trial in trials.Concat(trials)) progress.Report(trial);
        screen.Lines.Should().StartWith("2 completed, 0 running, time").And.HaveElementAt(2, "    1      1         best");
    }

    [Fact]
    public void A_negative_interval_is_refused() => FluentActions.Invoking(() => new StudyProgress(Direction.Minimize) { PlainInterval = TimeSpan.FromSeconds(-1) })
        .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*zero or more*");

    private static void Run(Screen screen, double[] scores, TimeSpan? plainInterval = null)
    {
        var progress = new StudyProgress(Direction.Minimize, screen.Console) { PlainInterval = plainInterval ?? TimeSpan.FromSeconds(10), Clock = new StandingClock() };
        var machine = new StudyMachine(Direction.Minimize, new Fixed(scores));
        for (int i = 0; i < scores.Length; i++)
        {
            machine.Ask(scores.Length, default);
            progress.Report(machine.Trials[i]);
            machine.Suggest(i, 1, "x", new SearchRange { High = 1 });
            for (int epoch = 1; epoch <= 2; epoch++)
            {
                machine.Report(i, 1, epoch, scores[i], default);
                progress.Report(machine.Trials[i]);
            }

            machine.Finish(i, 1, scores[i], TrialStatus.Completed);
            progress.Report(machine.Trials[i]);
        }
    }

    private sealed class Each(Action<TrialResult> report) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => report(value);
    }

    // Suggests the scores themselves.
    private sealed class Fixed(double[] values) : Sampler(1)
    {
        protected override double Draw(string name, SearchRange range, SamplerInput input) => double.IsFinite(values[input.Trial]) ? values[input.Trial] : 1;

        protected override string Describe() => "fixed";
    }

    // A tenth of a second between two questions, so that every report is due.
    private sealed class StandingClock : TimeProvider
    {
        private long _calls;

        public override long TimestampFrequency => 10;

        public override long GetTimestamp() => 1 + _calls++;
    }

    // What a terminal would show: it understands the codes that the table uses.
    private sealed class Screen : IAnsiConsoleOutput
    {
        private readonly StringBuilder _written = new();

        public Screen(int width = 80, int height = 40, bool isTerminal = true)
        {
            (Width, Height, IsTerminal) = (width, height, isTerminal);
            Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No, Out = this });
        }

        public IAnsiConsole Console { get; }

        public TextWriter Writer => new StringWriter(_written);

        public string Written => Regex.Replace(_written.ToString(), @"\d:\d\d:\d\d", "time");

        public bool IsTerminal { get; }

        public int Width { get; }

        public int Height { get; }

        public List<string> Least => [.. Written.Split('\n')];

        public List<string> Lines
        {
            get
            {
                var lines = new List<string>();
                string text = Written;
                for (int i = 0; i < text.Length;)
                {
                    if (text[i] == '\u001b')
                    {
                        int end = text.IndexOfAny(['A', 'J'], i);
                        if (text[end] == 'A') lines.RemoveRange(lines.Count - int.Parse(text[(i + 2)..end]), int.Parse(text[(i + 2)..end]));
                        i = end + 1;
                    }
                    else if (text[i] == '\r')
                    {
                        i++;
                    }
                    else
                    {
                        int end = text.IndexOf('\n', i);
                        lines.Add(text[i..end]);
                        i = end + 1;
                    }
                }

                return lines;
            }
        }

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
