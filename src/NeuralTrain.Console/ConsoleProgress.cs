using System.Globalization;
using Spectre.Console;

namespace NeuralTrain;

/// <summary>Shows a training in the console: a bar for the epoch, the loss, a metric, the learning rate, samples per second and the time left.</summary>
/// <remarks>
/// <para>
/// <c>trainer.Progress = new ConsoleProgress();</c> In a terminal the line is redrawn in place, at most ten times a second, and a finished
/// epoch leaves one line behind; of epochs that take less than a tenth of a second, not each does, but always the last. Where the output is redirected, or the
/// terminal can do no more (<c>TERM=dumb</c>), nothing is redrawn: plain lines only, whole and without any control character, at
/// most one for an epoch and at most one in <see cref="PlainInterval"/>, and always one for the last.
/// </para>
/// <para>
/// Nothing of the console is changed that Ctrl-C would leave behind: no cursor is hidden, no thread runs, no colour stays on. It may be used for one
/// training after another; reports may come from any thread.
/// </para>
/// </remarks>
public sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private const int BarWidth = 20;
    private static readonly TimeSpan RedrawPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePause = TimeSpan.FromMilliseconds(100);

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

    /// <summary>The least time between two plain lines where the output is redirected. Default 10 seconds; zero gives a line for each epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative time.</exception>
    public TimeSpan PlainInterval
    {
        get;
        set => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(PlainInterval), value, $"{nameof(PlainInterval)} must be zero or more, received {value}. Zero gives a line for each epoch.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Tells the time: tests have one that stands still.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Shows a report of the trainer, or leaves it out when the last was a moment ago.</summary>
    /// <param name="value">The report.</param>
    public void Report(TrainingProgress value)
    {
        lock (_turn)
        {
            if (value.Finished is Epoch epoch)
            {
                ShowEpoch(value, epoch);
            }
            else if (_redraws && IsDue(RedrawPause, ref _lastRedraw))
            {
                Redraw(StepLine(value));
            }
        }
    }

    private void ShowEpoch(TrainingProgress value, Epoch epoch)
    {
        bool isLast = value.IsLast || value.Epoch >= value.Epochs;
        if (!IsDue(_redraws ? LinePause : PlainInterval, ref _lastLine) && !isLast)
        {
            return;
        }

        string line = EpochLine(value, epoch);
        if (_redraws)
        {
            // The bar of the next epoch need not wait.
            Redraw("");
            _lastRedraw = null;
            _console.Write(new Text($"{line}\n"));
        }
        else
        {
            _console.Write(new WholeLine(line));
        }

        // Another training may follow at once: its first epoch is shown as well.
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

    private static string StepLine(TrainingProgress value)
    {
        string of = value.Epochs is int epochs ? $"/{epochs}" : "";
        double share = value.StepsPerEpoch is > 0 and int steps ? Math.Clamp((double)value.Step / steps, 0, 1) : 0;
        int full = (int)Math.Round(share * BarWidth);
        string bar = value.StepsPerEpoch is null ? $"step {value.Step}" : $"[{new string('=', full)}{new string(' ', BarWidth - full)}]";
        string left = value.Remaining is TimeSpan remaining ? $", {Duration(remaining)} left" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {value.Epoch}{of} {bar} {LossAndMetric(value)}, rate {value.LearningRate:g3}, {Count(value.SamplesPerSecond)} samples/s{left}");
    }

    private static string EpochLine(TrainingProgress value, Epoch epoch)
    {
        string of = value.Epochs is int epochs ? $"/{epochs}" : "";
        string validation = epoch.Validation is Evaluation measured ? $" | validation {measured}" : "";
        string left = value.Remaining is TimeSpan remaining && remaining > TimeSpan.Zero ? $", {Duration(remaining)} left" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Number}{of}: {epoch.Training}{validation} | rate {epoch.LearningRate:g3}, {Count(epoch.SamplesPerSecond)} samples/s, {Duration(value.Elapsed)}{left}");
    }

    private static string LossAndMetric(TrainingProgress value) => value.MetricName is string name
        ? string.Create(CultureInfo.InvariantCulture, $"loss {value.Loss:g4}, {name} {value.MetricValue:g4}")
        : string.Create(CultureInfo.InvariantCulture, $"loss {value.Loss:g4}");

    private static string Count(double perSecond) => perSecond >= 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{perSecond / 1000:0} k")
        : string.Create(CultureInfo.InvariantCulture, $"{perSecond:0}");

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss} h"
        : time.TotalMinutes >= 1 ? $"{time:m\\:ss} min" : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
