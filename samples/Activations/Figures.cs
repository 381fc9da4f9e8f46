namespace NeuralTrain.Samples;

/// <summary>The pictures of this sample.</summary>
internal static class Figures
{
    private const int Points = 241;

    /// <summary>A small chart of each activation and its derivative, and a legend in the place after the last.</summary>
    public static void SaveCurves(string path, (string Name, Layer Layer)[] activations, Func<Layer, Matrix, (double[] Outputs, double[] Slopes)> curve)
    {
        Plot key = Picture.New(null, "", "");
        key.HideAxesAndGrid();
        key.Legend.ManualItems.Add(new LegendItem { LabelText = "output y", LineColor = Picture.Color(0), LineWidth = 2 });
        key.Legend.ManualItems.Add(new LegendItem { LabelText = "derivative dy/dx", LineColor = Picture.Color(1), LineWidth = 2 });
        key.ShowLegend(Alignment.UpperCenter);
        Picture.SaveGrid([.. activations.Select(a => Chart(a.Name, a.Layer, curve)), key], 4, path, 800, 800);
    }

    /// <summary>The norm of each layer's gradient on a logarithmic axis.</summary>
    public static void SaveNorms(string path, string[] names, List<double[]> norms)
    {
        Plot plot = Picture.New("How the gradient fades with depth", "layer (1 = next to the input)", "norm of the gradient of the layer's weights");
        double[] layers = [.. Enumerable.Range(1, norms[0].Length).Select(layer => (double)layer)];
        foreach ((int i, double[] ofLayers) in norms.Index())
        {
            plot.AddLine(layers, ofLayers.Select(Math.Log10), names[i], i).MarkerSize = 6;
        }

        plot.Axes.Bottom.SetTicks(layers, [.. layers.Select(layer => $"{layer}")]);
        Picture.ShowPowersOfTen(plot.Axes.Left);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }

    private static Plot Chart(string name, Layer layer, Func<Layer, Matrix, (double[] Outputs, double[] Slopes)> curve)
    {
        double[] x = [.. Enumerable.Range(0, Points).Select(i => -3 + (6.0 * i / (Points - 1)))];
        (double[] outputs, double[] slopes) = curve(layer, new Matrix([.. x.Select(value => (float)value)], Points, 1));
        Plot plot = Picture.New(name, "input x", "");

        // Points, as a derivative may jump.
        ScottPlot.Plottables.Scatter points = plot.AddLine(x, slopes, null, color: 1);
        (points.LineWidth, points.MarkerSize) = (0, 2);
        plot.AddLine(x, outputs, null, color: 0);
        plot.Axes.Title.Label.FontSize = 13;
        plot.Axes.Bottom.Label.FontSize = 12;
        plot.Axes.SetLimits(-3, 3, -2, 3);
        return plot;
    }
}
