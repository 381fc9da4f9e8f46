namespace NeuralTrain.Samples;

/// <summary>The pictures of this sample.</summary>
internal static class Figures
{
    private const double Ceiling = 4;
    private const int Columns = 4;

    /// <summary>The loss at four rates, as means of a window of steps, each at its middle.</summary>
    public static void SaveFourCurves(string path, (string Name, double Rate)[] rates, double[][] means, int window)
    {
        Plot plot = Picture.New("Reading the learning rate off the loss", "step", $"loss (mean of {window} batches; cut at {Ceiling:0})");
        foreach ((int i, (string name, double rate)) in rates.Index())
        {
            plot.AddLine(means[i].Select((_, place) => (place + 0.5) * window), means[i].Select(loss => Math.Min(loss, Ceiling)), $"{name}, {rate:g2}", i);
        }

        plot.Axes.SetLimitsY(0, Ceiling * 1.02);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }

    /// <summary>Each schedule as a curve, and the loss under it: each row of rates above its row of losses; the eighth place is empty.</summary>
    public static void SaveSchedules(string path, string[] names, IReadOnlyList<Epoch>[] courses, double rate)
    {
        IEnumerable<Plot> charts = Enumerable.Range(0, courses.Length).Chunk(Columns).SelectMany(row => (IEnumerable<Plot>)
            [.. row.Select(i => RateChart(names[i], courses[i], i, rate)), .. Blanks(row), .. row.Select(i => LossChart(courses, i))]);
        Picture.SaveGrid([.. charts], Columns, path, 800, 800);
    }

    private static Plot RateChart(string name, IReadOnlyList<Epoch> course, int place, double rate)
    {
        Plot chart = Picture.New(name, "epoch", place % Columns == 0 ? "learning rate" : "");
        chart.AddLine(course.Select(epoch => (double)epoch.Number), course.Select(epoch => epoch.LearningRate), null, color: 0);
        chart.Axes.SetLimitsY(0, rate * 1.05);
        chart.Axes.Title.Label.FontSize = 12;
        return chart;
    }

    // Its loss before that of the constant rate, in grey. The first fall, the same for all, would flatten the rest.
    private static Plot LossChart(IReadOnlyList<Epoch>[] courses, int place)
    {
        Plot chart = Picture.New(null, "epoch", place % Columns == 0 ? "training loss\n(grey: constant)" : "");
        foreach ((int course, Color color) in new[] { (0, Colors.LightGray), (place, Picture.Color(1)) })
        {
            IEnumerable<double> epochs = courses[course].Select(epoch => (double)epoch.Number), losses = courses[course].Select(epoch => epoch.Validation!.Loss);
            chart.AddLine(epochs, losses, null, color: 1).Color = color;
        }

        double[] later = [.. courses.SelectMany(course => course.Skip(5)).Select(epoch => epoch.Validation!.Loss)];
        chart.Axes.SetLimitsY(later.Min() - 0.005, later.Max() + 0.005);
        return chart;
    }

    private static IEnumerable<Plot> Blanks(int[] row) => Enumerable.Range(row.Length, Columns - row.Length).Select(_ =>
    {
        Plot blank = Picture.New(null, "", "");
        blank.HideAxesAndGrid();
        return blank;
    });
}
