using ScottPlot;

namespace NeuralTrain;

/// <summary>A horizontal axis of epochs: whole numbers only, also where there is but one.</summary>
internal static class Epochs
{
    /// <summary>Up to here single epochs can be told apart, and each gets a mark; one alone would be no line.</summary>
    private const int MostMarked = 40;

    /// <summary>Lays the axis over all that the chart holds.</summary>
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
