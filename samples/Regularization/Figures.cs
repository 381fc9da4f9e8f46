using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>The pictures of this sample.</summary>
internal static class Figures
{
    public static void SaveBoundaries(string path, Dataset train, (Sequential Network, string Title)[] networks)
    {
        Plot[] charts = [.. networks.Select(one => one.Network.ToDecisionBoundary(train, OutputKind.ClassScores, one.Title))];
        foreach (Plot chart in charts) Picture.ShowLegend(chart, Edge.Bottom);
        Picture.SaveGrid(charts, columns: 2, path, 800, 720);
    }

    public static void SaveEnsemble(string path, double[] places, double[] mean, double[] deviation, double[] single, Dataset waves)
    {
        Plot plot = Picture.New("Dropout as an ensemble", "input", "output");
        double[] lower = [.. mean.Zip(deviation, (m, d) => m - (2 * d))], upper = [.. mean.Zip(deviation, (m, d) => m + (2 * d))];
        FillY band = plot.Add.FillY(places, lower, upper);
        (band.FillColor, band.LineWidth, band.LegendText) = (Picture.Color(5).WithAlpha(0.35), 0, "mean ± 2 deviations");
        plot.AddLine(places, mean, "mean of 100 passes", color: 0);
        plot.AddLine(places, single, "single pass", color: 1, LinePattern.Dashed);
        Scatter points = plot.AddLine(waves.Inputs.Doubles(), waves.Targets.Doubles(), "training data", color: 6);
        (points.LineWidth, points.MarkerSize) = (0, 4);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }

    /// <summary>The loss on unseen points for each p. Under dropout, the training loss is another quantity: it is drawn for p = 0 alone.</summary>
    public static void SaveDropout(string path, List<(double P, History History)> trained)
    {
        Plot plot = Picture.New("Overfit and its cure", "epoch", "loss");
        foreach ((int i, (double p, History history)) in trained.Index())
        {
            double[] epochs = [.. history.Epochs.Select(epoch => (double)epoch.Number)];
            plot.AddLine(epochs, history.Epochs.Select(epoch => epoch.Validation!.Loss), $"p = {p}, unseen", i);
            if (p == 0) plot.AddLine(epochs, history.Epochs.Select(epoch => epoch.Training.Loss), "p = 0, training", i, LinePattern.Dotted);
        }

        plot.Axes.SetLimitsY(0, 1.2);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }
}
