using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws how large the updates of each layer are relative to its weights, or how large its gradients are, by epoch, as <see cref="LayerWatch"/> recorded them.</summary>
/// <remarks>Histograms of the activations after an epoch are a picture too: <c>watch.Activations[^1].SavePng("activations.png")</c>.</remarks>
public static class LayerWatchPicture
{
    /// <summary>The number of names that fit into a legend at the usual size.</summary>
    private const int MostNames = 15;

    /// <summary>The colours that are dark enough on white; with more layers, the colour follows the depth.</summary>
    private const int MostColors = 6;

    /// <summary>A usual value (Karpathy, CS231n).</summary>
    private const double UsualRatio = 1e-3;

    /// <summary>Draws the update-to-weight ratio of each layer into a file: <c>watch.SavePng("updates.png")</c>.</summary>
    /// <param name="watch">The watch, after at least one epoch.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 800.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <exception cref="ArgumentException">Nothing was recorded, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SavePng(this LayerWatch watch, string path, int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Picture.Save(watch.ToPlot(), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="watch">The watch, after at least one epoch.</param>
    /// <returns>
    /// A new chart: a line for the first parameter of each layer (its weights, if it has any) on a logarithmic axis, and a line at 0.001, which is usual. Ratios
    /// that are not finite or 0 are left out. With many layers, only some are named.
    /// </returns>
    /// <exception cref="ArgumentException">Nothing was recorded.</exception>
    public static Plot ToPlot(this LayerWatch watch)
    {
        Plot plot = Draw(watch, row => row.UpdateRatio, "Size of the steps by epoch", "update / weights (norms)", "a ratio above 0: no weight moved. Look at the learning rate, and at what is frozen");
        HorizontalLine usual = plot.Add.HorizontalLine(Math.Log10(UsualRatio), 1.5f, Colors.Black, LinePattern.Dashed);
        usual.LegendText = "0.001, usual";
        return Shown(plot, watch);
    }

    /// <summary>Draws the norm of the gradients of each layer into a file: <c>watch.SaveGradients("gradients.png")</c>.</summary>
    /// <param name="watch">The watch, after at least one epoch.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 800.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <exception cref="ArgumentException">Nothing was recorded, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SaveGradients(this LayerWatch watch, string path, int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Picture.Save(watch.ToGradientPlot(), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="watch">The watch, after at least one epoch.</param>
    /// <returns>
    /// A new chart: a line for the first parameter of each layer on a logarithmic axis. Lines that part from layer to layer show gradients that vanish or explode on their way back.
    /// Norms that are not finite or 0 are left out. With many layers, only some are named.
    /// </returns>
    /// <exception cref="ArgumentException">Nothing was recorded.</exception>
    public static Plot ToGradientPlot(this LayerWatch watch) =>
        Shown(Draw(watch, row => row.GradientNorm, "Gradients by epoch", "norm of the gradients", "a gradient above 0. Look at what is frozen, and at network.Check"), watch);

    private static Plot Draw(LayerWatch watch, Func<LayerWatchRow, double?> valueOf, string title, string axis, string missing)
    {
        ArgumentNullException.ThrowIfNull(watch);
        if (watch.Rows.Count == 0)
        {
            throw new ArgumentException(
                "The watch has recorded no epoch. Give it to the trainer before training, trainer.Observers.Add(watch), and draw it afterwards.", nameof(watch));
        }

        var layers = new List<(string Path, Coordinates[] Points)>();
        foreach (IGrouping<string, LayerWatchRow> layer in watch.Rows.GroupBy(row => row.Path[..Math.Max(0, row.Path.LastIndexOf('.'))]))
        {
            string path = layer.First().Path;
            Coordinates[] points =
            [
                .. layer.Where(row => row.Path == path && valueOf(row) is double value && double.IsFinite(value) && value > 0)
                    .Select(row => new Coordinates(row.Epoch, Math.Log10(valueOf(row)!.Value))),
            ];
            if (points.Length > 0)
            {
                layers.Add((path, points));
            }
        }

        if (layers.Count == 0)
        {
            throw new ArgumentException(
                $"None of the {watch.Rows.Count} rows of the watch has {missing}.", nameof(watch));
        }

        Plot plot = Picture.New(title, "epoch", axis);
        int namedEach = (layers.Count + MostNames - 1) / MostNames;
        for (int i = 0; i < layers.Count; i++)
        {
            (string path, Coordinates[] points) = layers[i];
            Scatter line = plot.Add.Scatter(points, ColorOf(i, layers.Count));
            (line.LineWidth, line.MarkerSize) = (2, Epochs.MarkerSize(points.Length));
            line.LegendText = i % namedEach == 0 || i == layers.Count - 1 ? Names.Cut(path, 20) : "";
        }

        return plot;
    }

    private static Plot Shown(Plot plot, LayerWatch watch)
    {
        Picture.ShowPowersOfTen(plot.Axes.Left);
        Epochs.ShowOn(plot, watch.Rows[0].Epoch, watch.Rows[^1].Epoch);
        Picture.ShowLegend(plot);
        return plot;
    }

    private static Color ColorOf(int layer, int layers) =>
        layers <= MostColors ? Picture.Color(layer) : new Viridis().GetColor(0.9 * layer / (layers - 1));
}
