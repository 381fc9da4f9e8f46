using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>A height over the plane, with its slope: what the loss of two weights looks like.</summary>
internal sealed record Terrain(
    string Name, string Formula, Func<double, double, double> Height, Func<double, double, (double X, double Y)> Slope,
    (double X, double Y) Start, (double Left, double Right, double Bottom, double Top) Map);

/// <summary>Where an optimizer went on a terrain, step by step: the places, the start first, and the height at each.</summary>
internal sealed record Journey(double Rate, IReadOnlyList<(double X, double Y)> Path, double[] Heights)
{
    /// <summary>The place furthest on the other side of the valley.</summary>
    public double LargestSwing => -Path.Min(place => place.Y);

    /// <summary>How far the first step went along x, as a share of how far it went along y.</summary>
    public double FirstStepRatio => Math.Abs((Path[1].X - Path[0].X) / (Path[1].Y - Path[0].Y));

    /// <summary>The first step from which on the height stays below a bound; <see cref="int.MaxValue"/> if none.</summary>
    public int StepsBelow(double bound)
    {
        int last = Array.FindLastIndex(Heights, height => height >= bound);
        return last == Heights.Length - 1 ? int.MaxValue : last + 1;
    }
}

/// <summary>The pictures of this sample.</summary>
internal static class Figures
{
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare,
        MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.Cross,
    ];

    /// <summary>A terrain's map with the paths on it.</summary>
    public static void SaveMap(string file, Terrain terrain, Dictionary<string, Journey> journeys)
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
        Picture.ShowLegend(plot);
        Picture.Save(plot, file);
    }

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
