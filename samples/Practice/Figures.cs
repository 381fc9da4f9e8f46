namespace NeuralTrain.Samples;

/// <summary>The picture of this sample that the library does not draw.</summary>
internal static class Figures
{
    /// <summary>Where the trials of both searches lie: the lower the loss, the larger the mark.</summary>
    public static void SaveSearch(string path, Study grid, Study random)
    {
        Plot plot = Picture.New("Grid and random search on the same budget (size: how low the loss)", "learning rate", "strength of L2, λ");
        foreach ((int i, (string name, MarkerShape shape, Study study)) in new[]
            { ("grid", MarkerShape.FilledSquare, grid), ("random", MarkerShape.FilledCircle, random) }.Index())
        {
            foreach (TrialResult trial in study.Trials)
            {
                var place = new Coordinates(Math.Log10(trial.Coordinates["rate"]), Math.Log10(trial.Coordinates["L2"]));
                float size = (float)(6 + (18 * Math.Max(0, 1 - (trial.Score!.Value / Math.Log(2)))));
                plot.Add.Marker(place, shape, size, Picture.Color(i)).LegendText = trial.Number == study.Best.Number ? $"{name}, best {trial.Score:0.000}" : "";
            }
        }

        Picture.ShowPowersOfTen(plot.Axes.Bottom);
        Picture.ShowPowersOfTen(plot.Axes.Left);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }
}
