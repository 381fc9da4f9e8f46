using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace NeuralTrain;

/// <summary>Shows a training in the console: a bar for the epoch, the loss, a metric, the learning rate, samples per second and the time left.</summary>
/// <remarks>
/// <para>
/// <c>trainer.Progress = new ConsoleProgress();</c> In a terminal the line is redrawn in place, at most ten times a second, and each finished
/// epoch leaves one line behind. Where the output is redirected or no terminal, nothing is redrawn: plain lines only, at
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

    private readonly IAnsiConsole _console;
    private readonly bool _redraws;
    private readonly Lock _turn = new();
    private long _lastShown;
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
            else if (_redraws && IsDue(RedrawPause))
            {
                Redraw(StepLine(value));
            }
        }
    }

    private void ShowEpoch(TrainingProgress value, Epoch epoch)
    {
        bool isLast = value.IsLast || value.Epoch >= value.Epochs;
        if (_redraws)
        {
            Redraw("");
            _console.Write(new Text($"{EpochLine(value, epoch)}\n"));
            _lastShown = 0;
        }
        else if (isLast || IsDue(PlainInterval))
        {
            _console.Write(new Text($"{EpochLine(value, epoch)}\n"));
        }
    }

    // The time of the last line is kept; 0 means that the next is due.
    private bool IsDue(TimeSpan pause)
    {
        long now = Stopwatch.GetTimestamp();
        if (_lastShown != 0 && Stopwatch.GetElapsedTime(_lastShown, now) < pause)
        {
            return false;
        }

        _lastShown = now;
        return true;
    }

    private void Redraw(string line)
    {
        // A line that wrapped could not be overwritten.
        string shown = line[..Math.Min(line.Length, Math.Max(1, _console.Profile.Width - 1))];
        if (_lineLength > 0 || shown.Length > 0)
        {
            _console.Write(new ControlCode($"\r{shown.PadRight(_lineLength)}\r{shown}"));
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
