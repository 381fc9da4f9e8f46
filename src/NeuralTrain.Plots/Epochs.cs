using ScottPlot;

namespace NeuralTrain;

/// <summary>A horizontal axis of epochs: whole numbers only, even if there is just one.</summary>
internal static class Epochs
{
    /// <summary>Up to this many, epochs can be told apart, and each gets a mark; a single one would not make a line.</summary>
    private const int MostMarked = 40;

    /// <summary>Fits the axis to everything in the chart.</summary>
    public static void ShowOn(Plot plot, int first, int last)
    {
        plot.Axes.Bottom.TickGenerator = new Numbers(wholeOnly: true);
        plot.Axes.AutoScale();
        double margin = last > first ? 0.03 * (last - first) : 0.5;
        plot.Axes.SetLimitsX(first - margin, last + margin);
    }

    /// <summary>How large the marks of a curve are, in pixels.</summary>
    public static float MarkerSize(int points) => points <= MostMarked ? 6 : 0;
}
