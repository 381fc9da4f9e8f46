using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Draws a terrain's map with the paths on it, and prints how fast each optimizer came down.</summary>
internal static class Report
{
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare,
        MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.Cross,
    ];

    public static void Show(SampleRun sample, Terrain terrain, Dictionary<string, Journey> journeys, double low, string picture)
    {
        Plot plot = Picture.New($"{terrain.Name}: height {terrain.Formula}", "first weight x", "second weight y");
        AddContours(plot, terrain);
        foreach ((int i, (string name, Journey journey)) in journeys.Index())
        {
            // A mark at every step: where they lie close, it is slow.
            Scatter path = plot.AddLine(journey.Path.Select(p => p.X), journey.Path.Select(p => p.Y), $"{name}, rate {journey.Rate}", i);
            (path.LineWidth, path.MarkerSize, path.MarkerShape) = (1.5f, 5, Shapes[i]);
        }

        plot.Axes.SetLimits(terrain.Map.Left, terrain.Map.Right, terrain.Map.Bottom, terrain.Map.Top);
        sample.Save(plot, picture);
        SampleRun.Print(
            ["optimizer", "rate", "height after 10", "after 50", "at the end", $"steps to below {SampleRun.Fixed(low, 2)}"],
            journeys.Select(entry => (string[])
            [
                entry.Key, $"{entry.Value.Rate}",
                .. new[] { 10, 50, entry.Value.Heights.Length - 1 }.Select(step => SampleRun.Fixed(entry.Value.Heights[step], 4)),
                Steps(entry.Value.StepsBelow(low)),
            ]));
    }

    public static string Steps(int steps) => steps == int.MaxValue ? "never" : $"{steps}";

    private static void AddContours(Plot plot, Terrain terrain)
    {
        const int Side = 120;
        (double left, double right, double bottom, double top) = terrain.Map;
        var heights = new Coordinates3d[Side, Side];
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                (double x, double y) = (left + ((right - left) * column / (Side - 1)), bottom + ((top - bottom) * row / (Side - 1)));
                heights[row, column] = new Coordinates3d(x, y, terrain.Height(x, y));
            }
        }

        ContourLines contours = plot.Add.ContourLines(heights, count: 12);
        contours.LabelStyle.IsVisible = false;
        contours.LineWidth = 1;
        contours.LineColor = Colors.LightGray;
        plot.HideGrid();
    }
}
