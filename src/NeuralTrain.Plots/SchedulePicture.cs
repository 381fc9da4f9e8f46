using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws the learning rate that a schedule will give, before any training.</summary>
public static class SchedulePicture
{
    /// <summary>Draws the rate over time into a file: <c>schedule.SavePng("schedule.png", steps: 100, learningRate: 0.1)</c>.</summary>
    /// <param name="schedule">The schedule. <see cref="ReduceOnPlateau"/> shows only its current factor, since the loss decides what it will do.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="steps">The number of steps or epochs (the schedule's unit) of the training, 1 or more.</param>
    /// <param name="learningRate">The optimizer's learning rate, 0 or more. Default 1: the factors themselves.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 800.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <exception cref="ArgumentException">The file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static void SavePng(
        this Schedule schedule, string path, int steps, double learningRate = 1, int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Picture.Save(schedule.ToPlot(steps, learningRate), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="steps">The number of steps or epochs (the schedule's unit) of the training, 1 or more.</param>
    /// <param name="learningRate">The optimizer's learning rate, 0 or more. Default 1: the factors themselves.</param>
    /// <returns>A new chart.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Plot ToPlot(this Schedule schedule, int steps, double learningRate = 1)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        double[] rates = schedule.Sample(steps, learningRate);
        string unit = schedule.Unit == ScheduleUnit.Step ? "steps done" : "epochs done";
        string what = learningRate == 1 ? "learning rate (as a factor of the optimizer's)" : "learning rate";
        Plot plot = Picture.New(schedule.ToString(), unit, what);

        // A rate holds from its step to the next; with many steps, a line shows the same and draws faster.
        double[] times = [.. Enumerable.Range(0, rates.Length).Select(time => (double)time)];
        Scatter line = plot.Add.ScatterLine(times, rates);
        line.LineWidth = 2;
        line.ConnectStyle = rates.Length <= 500 ? ConnectStyle.StepHorizontal : ConnectStyle.Straight;
        line.MarkerSize = rates.Length == 1 ? 8 : 0;
        double highest = rates.Max();
        double margin = rates.Length == 1 ? 0.5 : 0.03 * (rates.Length - 1);
        double top = highest > 0 ? 1.08 * highest : 1;

        // A little below 0, so that a rate of 0 is not hidden by the frame.
        plot.Axes.SetLimits(-margin, rates.Length - 1 + margin, -0.02 * top, top);
        plot.Axes.Bottom.TickGenerator = new Numbers(wholeOnly: true);
        return plot;
    }
}
