using System.Globalization;
using Spectre.Console;

namespace NeuralTrain;

/// <summary>Shows a training run in the console: a bar for the epoch, the training loss, a metric, the learning rate, samples per second and the time left.</summary>
/// <remarks>
/// <para>
/// <c>trainer.Progress = new ConsoleProgress();</c> In a terminal the line is redrawn in place, at most ten times a second, and each finished
/// epoch leaves one line; epochs shorter than a tenth of a second may be left out, but never the last. If the output is redirected, or the
/// terminal cannot redraw (<c>TERM=dumb</c>), there are only whole, plain lines without control characters, at
/// most one per epoch and one per <see cref="PlainInterval"/>, and always one for the last epoch.
/// </para>
/// <para>
/// Ctrl-C leaves the console as it was: no cursor is hidden, no thread runs, no colour stays on. One object can show one
/// training after another, and reports may come from any thread.
/// </para>
/// </remarks>
public sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private const int BarWidth = 20;
    private static readonly TimeSpan TerminalPause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly bool _redraws;
    private readonly Lock _turn = new();
    private long? _lastRedraw;
    private long? _lastLine;
    private int _lineLength;

    /// <summary>Shows on the program's console.</summary>
    public ConsoleProgress()
        : this(AnsiConsole.Console)
    {
    }

    /// <summary>Shows on another console of Spectre.Console, for example one that writes into a file or a test.</summary>
    /// <param name="console">The console. Its profile says whether lines can be redrawn.</param>
    public ConsoleProgress(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        _console = console;
        _redraws = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
    }

    /// <summary>The minimum time between two plain lines when the output is redirected. Default 10 seconds; zero gives a line for each epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative time.</exception>
    public TimeSpan PlainInterval
    {
        get;
        set => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(PlainInterval), value, $"{nameof(PlainInterval)} must be zero or more, received {value}. Zero gives a line for each epoch.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Tells the time; tests replace it by a clock that they control.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Shows a report of the trainer, or skips it if the last one was a moment ago.</summary>
    /// <param name="value">The report.</param>
    public void Report(TrainingProgress value)
    {
        lock (_turn)
        {
            if (value.Finished is Epoch epoch)
            {
                ShowEpoch(value, epoch);
            }
            else if (_redraws && IsDue(TerminalPause, ref _lastRedraw))
            {
                Redraw(StepLine(value, _console.Profile.Width - 1));
            }
        }
    }

    private void ShowEpoch(TrainingProgress value, Epoch epoch)
    {
        bool isLast = value.IsLast || value.Epoch >= value.Epochs;
        if (!IsDue(_redraws ? TerminalPause : PlainInterval, ref _lastLine) && !isLast)
        {
            return;
        }

        if (_redraws)
        {
            // The bar of the next epoch need not wait.
            Redraw("");
            _lastRedraw = null;
            _console.Write(new Text($"{EpochLine(value, epoch, _console.Profile.Width)}\n"));
        }
        else
        {
            _console.Write(new WholeLine(EpochLine(value, epoch, int.MaxValue)));
        }

        // Another run may follow at once, and its first epoch should be shown as well.
        _lastLine = isLast ? null : _lastLine;
    }

    private bool IsDue(TimeSpan pause, ref long? last)
    {
        long now = Clock.GetTimestamp();
        if (last is long before && Clock.GetElapsedTime(before, now) < pause)
        {
            return false;
        }

        last = now;
        return true;
    }

    private void Redraw(string line)
    {
        // A line that wrapped could not be overwritten; the terminal may have become narrower since the last one.
        int most = Math.Max(1, _console.Profile.Width - 1);
        string shown = line[..Math.Min(line.Length, most)];
        if (_lineLength > 0 || shown.Length > 0)
        {
            _console.Write(new ControlCode($"\r{shown.PadRight(Math.Min(_lineLength, most))}\r{shown}"));
        }

        _lineLength = shown.Length;
    }

    private static string StepLine(TrainingProgress value, int width)
    {
        string place = $"epoch {value.Epoch}{Of(value)}";
        double share = value.StepsPerEpoch is > 0 and int steps ? Math.Clamp((double)value.Step / steps, 0, 1) : 0;
        int full = (int)Math.Round(share * BarWidth);
        string bar = value.StepsPerEpoch is null ? $"step {value.Step}" : $"[{new string('=', full)}{new string(' ', BarWidth - full)}]";
        string measured = LossAndMetric(value);
        string line = $"{place} {bar} {measured}";
        return line.Length > width ? $"{place} {measured}" : WithAsMuchAsFits(
            line, width, Rate(value.LearningRate), $", {Count(value.SamplesPerSecond)} samples/s", Left(value));
    }

    private static string EpochLine(TrainingProgress value, Epoch epoch, int width)
    {
        string validation = epoch.Validation is Evaluation measured ? $" | validation {measured}" : "";
        return WithAsMuchAsFits(
            $"epoch {epoch.Number}{Of(value)}: training {epoch.Training}{validation}", width, Rate(epoch.LearningRate, " | "), $", {Count(epoch.SamplesPerSecond)} samples/s",
            $", {Duration(value.Elapsed)}", Left(value));
    }

    // The least important comes last, and is left out in a narrow terminal.
    private static string WithAsMuchAsFits(string line, int width, params ReadOnlySpan<string> more)
    {
        foreach (string part in more)
        {
            if (line.Length + part.Length > width)
            {
                break;
            }

            line += part;
        }

        return line;
    }

    private static string Of(TrainingProgress value) => value.Epochs is int epochs ? $"/{epochs}" : "";

    private static string Rate(double rate, string before = ", ") => string.Create(CultureInfo.InvariantCulture, $"{before}rate {rate:g3}");

    private static string Left(TrainingProgress value) =>
        value.Remaining is TimeSpan remaining && remaining > TimeSpan.Zero ? $", {Duration(remaining)} left" : "";

    private static string LossAndMetric(TrainingProgress value) => value.MetricName is string name
        ? string.Create(CultureInfo.InvariantCulture, $"training loss {value.Loss:g4}, {name} {value.MetricValue:g4}")
        : string.Create(CultureInfo.InvariantCulture, $"training loss {value.Loss:g4}");

    // As in the log.
    private static string Count(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0}");

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss} h"
        : time.TotalMinutes >= 1 ? $"{time:m\\:ss} min" : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
