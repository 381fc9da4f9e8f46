using ScottPlot;
using ScottPlot.Palettes;
using ScottPlot.Panels;

namespace NeuralTrain;

/// <summary>Makes your own charts in the style of this package: begin with <see cref="New"/>, add to it, and save it.</summary>
/// <example>
/// <code>
/// Plot plot = Picture.New("Loss by width", "hidden units", "loss");
/// plot.Add.ScatterLine(widths, losses).LegendText = "validation";
/// Picture.Save(plot, "widths.png");
/// </code>
/// </example>
/// <remarks>
/// <para>
/// The charts are ScottPlot's (https://scottplot.net): you can do to them everything that library can. Colours are those of Okabe and Ito
/// ("Color Universal Design", 2008), which colour-blind people can tell apart. The font comes with the package and has Latin, Greek and
/// Cyrillic letters; for others choose a font of the machine with <c>plot.Font.Set</c>.
/// </para>
/// <para>
/// The extension decides the format: <c>.png</c> or <c>.svg</c>, in upper or lower case. A missing folder is created, and a file of that name is
/// replaced once the new one is complete.
/// </para>
/// </remarks>
public static class Picture
{
    /// <summary>The default width in pixels: 800, as wide as pages show it.</summary>
    public const int DefaultWidth = 800;

    /// <summary>The default height in pixels: 500.</summary>
    public const int DefaultHeight = 500;

    /// <summary>The margin around the charts, in pixels.</summary>
    private const float Margin = 6;

    // Okabe and Ito's, ordered so that neighbours differ most in lightness too; yellow comes last, because it is faint on white.
    private static readonly Custom Palette = new(
        ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000", "#F0E442"], "Okabe and Ito", "");

    /// <summary>Starts a chart with this package's font, colours and grid.</summary>
    /// <param name="title">What it shows; null for none.</param>
    /// <param name="horizontal">What the horizontal axis counts, with its unit.</param>
    /// <param name="vertical">What the vertical axis shows, with its unit.</param>
    /// <returns>A chart to add to, with a legend to the right as soon as something has a <c>LegendText</c> and <see cref="ShowLegend"/> is called.</returns>
    public static Plot New(string? title, string horizontal, string vertical)
    {
        EmbeddedFont.Use();
        var plot = new Plot();
        plot.Add.Palette = Palette;
        plot.Axes.Bottom.Label.Text = horizontal;
        plot.Axes.Left.Label.Text = vertical;
        plot.Axes.Title.Label.Text = title ?? "";
        plot.Axes.Title.IsVisible = title is not null;
        plot.Font.Set(EmbeddedFont.Name);
        foreach (LabelStyle label in new[] { plot.Axes.Bottom.Label, plot.Axes.Left.Label, plot.Axes.Title.Label })
        {
            label.Bold = false;
        }

        plot.Axes.Bottom.TickGenerator = new Numbers();
        plot.Axes.Left.TickGenerator = new Numbers();
        plot.Axes.Title.Label.FontSize = 17;
        plot.Axes.Bottom.Label.FontSize = plot.Axes.Left.Label.FontSize = 14;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Legend.FontName = EmbeddedFont.Name;
        plot.Legend.FontSize = 13;
        plot.Legend.SymbolWidth = 30;
        plot.Legend.TightHorizontalWrapping = true;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.HideLegend();
        return plot;
    }

    /// <summary>A colour of the palette that all pictures use for their lines.</summary>
    /// <param name="index">Which one, from 0 on; after the eighth the palette starts again.</param>
    /// <returns>The colour.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static Color Color(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Palette.GetColor(index);
    }

    /// <summary>Puts the legend next to the chart, where it hides nothing; an existing legend moves.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="edge">Which side. Default: to the right.</param>
    public static void ShowLegend(Plot plot, Edge edge = Edge.Right)
    {
        HideLegend(plot);
        LegendPanel panel = plot.ShowLegend(edge);
        plot.Legend.Orientation = edge is Edge.Right or Edge.Left ? Orientation.Vertical : Orientation.Horizontal;
        panel.Padding = new PixelPadding(0);
        panel.Alignment = edge is Edge.Right or Edge.Left ? Alignment.UpperCenter : Alignment.MiddleCenter;
    }

    /// <summary>Removes the legend, for example from all but one chart of a grid; the chart takes up its room.</summary>
    /// <param name="plot">The chart.</param>
    public static void HideLegend(Plot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        plot.HideLegend();
        foreach (LegendPanel panel in plot.Axes.GetPanels().OfType<LegendPanel>())
        {
            plot.Axes.Remove(panel);
        }
    }

    /// <summary>Labels an axis with powers of ten, for a chart whose values are logarithms to base 10.</summary>
    /// <param name="axis">For example <c>plot.Axes.Left</c>.</param>
    public static void ShowPowersOfTen(IAxis axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        axis.TickGenerator = new PowersOfTen();
    }

    /// <summary>Writes a chart into a file.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default <see cref="DefaultWidth"/>.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default <see cref="DefaultHeight"/>.</param>
    /// <exception cref="ArgumentException">The file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void Save(Plot plot, string path, int width = DefaultWidth, int height = DefaultHeight)
    {
        ArgumentNullException.ThrowIfNull(plot);
        SaveGrid([plot], columns: 1, path, width, height);
    }

    /// <summary>Writes several charts into one file, side by side in rows.</summary>
    /// <param name="plots">The charts, at least one.</param>
    /// <param name="columns">The number of charts in a row, 1 or more.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">Of the whole picture, in pixels, 100 to 10 000. Default <see cref="DefaultWidth"/>.</param>
    /// <param name="height">Of the whole picture, in pixels, 100 to 10 000. Default <see cref="DefaultHeight"/>.</param>
    /// <exception cref="ArgumentException">There is no chart, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side or the number of columns is out of range.</exception>
    public static void SaveGrid(IReadOnlyList<Plot> plots, int columns, string path, int width = DefaultWidth, int height = DefaultHeight)
    {
        ArgumentNullException.ThrowIfNull(plots);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (plots.Count == 0)
        {
            throw new ArgumentException("A picture needs at least one chart, received none.", nameof(plots));
        }

        int rows = (plots.Count + columns - 1) / columns;
        PictureFile.Save(path, width, height, (canvas, whole) =>
        {
            canvas.Clear(plots[0].FigureBackground.Color.ToSKColor());
            PixelRect inner = whole.Contract(Margin);
            for (int i = 0; i < plots.Count; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                float left = inner.Left + (inner.Width * column / columns), top = inner.Top + (inner.Height * row / rows);
                plots[i].RenderManager.ClearCanvasBeforeEachRender = false;
                plots[i].Render(canvas, new PixelRect(left, left + (inner.Width / columns), top + (inner.Height / rows), top));
            }
        });
    }
}
