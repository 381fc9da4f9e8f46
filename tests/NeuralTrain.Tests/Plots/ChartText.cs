using ScottPlot;
using ScottPlot.Panels;

namespace NeuralTrain.Tests.Plots;

/// <summary>What a chart says in words: its title, its axes, its ticks, and where its legend stands.</summary>
internal static class ChartText
{
    /// <summary>Title, horizontal and vertical axis.</summary>
    public static (string Title, string Horizontal, string Vertical) Of(Plot plot) =>
        (plot.Axes.Title.Label.Text, plot.Axes.Bottom.Label.Text, plot.Axes.Left.Label.Text);

    /// <summary>The sides on which a legend stands.</summary>
    public static IEnumerable<Edge> LegendEdges(Plot plot) => plot.Axes.GetPanels().OfType<LegendPanel>().Select(panel => panel.Edge);

    /// <summary>The names that an axis shows over a range and a length.</summary>
    public static string[] NamedTicks(IAxis axis, double low, double high, float length = 400) => [.. Ticks(axis, low, high, length).Select(tick => tick.Label)];

    /// <summary>The named ticks themselves.</summary>
    public static Tick[] Ticks(IAxis axis, double low, double high, float length = 400)
    {
        using Paint paint = Paint.NewDisposablePaint();
        axis.TickGenerator.Regenerate(new CoordinateRange(low, high), axis.Edge, new PixelLength(length), paint, axis.TickLabelStyle);
        return [.. axis.TickGenerator.Ticks.Where(tick => tick.IsMajor)];
    }
}
