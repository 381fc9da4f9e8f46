using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace NeuralTrain.Tests.Plots;

public sealed class DecisionBoundaryPictureTests
{
    // With a tenth free on both sides, the plane of these points begins 2 of its 240 cells left of (below) 0, far from its middle.
    private static readonly float[,] Points = { { 0.36f, 0.36f }, { 4.36f, 4.36f } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_straight_boundary_at_0_is_drawn_at_0(bool vertical)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullName, "boundary.png");
        var data = new Dataset(Points, new float[,] { { 0 }, { 1 } });
        Plot plot = SplitAt0(vertical).ToDecisionBoundary(data, OutputKind.BinaryScores);
        Picture.HideLegend(plot);
        Picture.Save(plot, path, 1600, 1600);
        Pixel origin = plot.GetPixel(new Coordinates(0, 0));
        using SKBitmap bitmap = SKBitmap.Decode(path);
        var changes = new List<int>();
        for (int i = -10; i < 10; i++)
        {
            // Away from the points and the frame; class 1, orange, is to the right or above.
            (int x, int y) = vertical ? ((int)Math.Round(origin.X) + i, 800) : (800, (int)Math.Round(origin.Y) + i);
            SKColor here = bitmap.GetPixel(x, y), next = vertical ? bitmap.GetPixel(x + 1, y) : bitmap.GetPixel(x, y + 1);
            if (here.Red > here.Blue != next.Red > next.Blue)
            {
                changes.Add(vertical ? x + 1 : y + 1);
            }
        }

        double drawn = changes.Should().ContainSingle().Which;
        drawn.Should().BeApproximately(vertical ? origin.X : origin.Y, 1.01, "half a cell is 3 pixels");
    }

    [Fact]
    public void A_cell_shows_what_the_network_says_in_its_middle()
    {
        var data = new Dataset(Points, new float[,] { { 0 }, { 1 } });
        var layer = new Linear(2, 1, new Random(1));
        (layer.Weight.Value[0, 0], layer.Weight.Value[0, 1]) = (1, 10);
        Heatmap regions = new Sequential(layer).ToDecisionBoundary(data, OutputKind.BinaryScores).GetPlottables<Heatmap>().Single();
        CoordinateRect whole = regions.GetAxisLimits().Rect;
        int rows = regions.Intensities.GetLength(0), columns = regions.Intensities.GetLength(1);
        foreach ((int row, int column) in new[] { (0, 0), (rows - 1, 0), (rows - 1, columns - 1), (rows - 3, 7) })
        {
            double x = whole.Left + ((column + 0.5) * whole.Width / columns), y = whole.Top - ((row + 0.5) * whole.Height / rows);
            regions.Intensities[row, column].Should().BeApproximately(1 / (1 + Math.Exp(-(x + (10 * y)))), 1e-6);
        }
    }

    [Theory]
    [InlineData(OutputKind.BinaryScores, -3, 0.0474)]
    [InlineData(OutputKind.Values, 0.3, 0.3)]
    [InlineData(OutputKind.Values, 7, 1)]
    [InlineData(OutputKind.Margins, -0.4, 0.3)]
    [InlineData(OutputKind.Margins, -7, 0)]
    public void One_output_is_shaded_by_the_probability_that_it_means(OutputKind kind, float output, double probability)
    {
        var layer = new Linear(2, 1, new Random(1));
        layer.Weight.Value.Span.Clear();
        layer.Bias!.Value[0, 0] = output;
        var data = new Dataset(Points, new float[,] { { 0 }, { 1 } });
        Heatmap regions = new Sequential(layer).ToDecisionBoundary(data, kind).GetPlottables<Heatmap>().Single();
        regions.Intensities[100, 50].Should().BeApproximately(probability, 1e-4);
        regions.ManualRange!.Value.Should().Be(new ScottPlot.Range(0, 1));
    }

    [Fact]
    public void Of_several_outputs_the_greatest_gives_the_colour_and_points_have_that_of_their_class()
    {
        // Class 0 left of 1, class 1 to 2, class 2 from there on.
        var layer = new Linear(2, 3, new Random(1));
        layer.Weight.Value.Span.Clear();
        (layer.Weight.Value[1, 0], layer.Weight.Value[2, 0]) = (1, 2);
        (layer.Bias!.Value[0, 1], layer.Bias!.Value[0, 2]) = (-1, -3);
        var data = new Dataset(
            new float[,] { { 0, 0 }, { 1.5f, 1 }, { 3, 0.5f }, { 2.9f, 0.1f } }, OneHot.Encode([0, 1, 2, 2], 3), ["width, cm", "height, cm"], classes: ["a", "b", "c"]);
        Plot plot = new Sequential(layer).ToDecisionBoundary(data, OutputKind.ClassScores, "Three classes");
        Heatmap regions = plot.GetPlottables<Heatmap>().Single();
        int columns = regions.Intensities.GetLength(1);
        for (int column = 0; column < columns; column++)
        {
            double x = -0.3 + (3.6 * (column + 0.5) / columns);
            regions.Intensities[5, column].Should().Be(x < 1 ? 0 : x < 2 ? 1 : 2, "at {0}", x);
        }

        Markers[] markers = [.. plot.GetPlottables<Markers>()];
        markers.Select(marker => marker.LegendText).Should().Equal("a", "b", "c");
        markers.Select(marker => marker.Color).Should().Equal(Picture.Color(0), Picture.Color(1), Picture.Color(2));
        markers.Select(marker => marker.MarkerShape).Should().OnlyHaveUniqueItems("colours alone may not tell them apart");
        markers.Select(marker => marker.Data.GetScatterPoints().Count).Should().Equal(1, 1, 2);
        markers[1].Data.GetScatterPoints().Should().Equal(new Coordinates(1.5, 1));
        ChartText.Of(plot).Should().Be(("Three classes", "width, cm", "height, cm"));
        ChartText.LegendEdges(plot).Should().Equal(Edge.Right);
    }

    [Fact]
    public void A_column_that_never_changes_keeps_its_value_and_the_other_two_span_the_plane()
    {
        var layer = new Linear(3, 1, new Random(1));
        (layer.Weight.Value[0, 0], layer.Weight.Value[0, 1], layer.Weight.Value[0, 2]) = (1, 100, 10);
        var data = new Dataset(new float[,] { { 0, 1, 0 }, { 1, 1, 0 }, { 0, 1, 1 } }, new float[,] { { 0 }, { 1 }, { 1 } }, ["x", "bias", "y"]);
        Plot plot = new Sequential(layer).ToDecisionBoundary(data, OutputKind.BinaryScores);
        ChartText.Of(plot).Should().Be(("Decision boundary", "x", "y"));
        Heatmap regions = plot.GetPlottables<Heatmap>().Single();
        CoordinateRect whole = regions.GetAxisLimits().Rect;
        int rows = regions.Intensities.GetLength(0), columns = regions.Intensities.GetLength(1);
        double x = whole.Left + (whole.Width * 10.5 / columns), y = whole.Top - (whole.Height * 5.5 / rows);
        regions.Intensities[5, 10].Should().BeApproximately(1 / (1 + Math.Exp(-(x + 100 + (10 * y)))), 1e-6);
        plot.GetPlottables<Markers>().SelectMany(markers => markers.Data.GetScatterPoints()).Should().BeEquivalentTo([new Coordinates(0, 0), new Coordinates(1, 0), new Coordinates(0, 1)]);
    }

    [Fact]
    public void A_boundary_needs_two_inputs()
    {
        var network = new Sequential(new Linear(3, 1, new Random(1)));
        var data = new Dataset(new Matrix(2, 3), new Matrix(2, 1));
        FluentActions.Invoking(() => network.ToDecisionBoundary(data, OutputKind.Values)).Should().Throw<ArgumentException>().WithMessage("*needs 2 inputs*3*");
    }

    // The score is the first (or second) input, steep: class 1 to the right of 0 (or above).
    private static Sequential SplitAt0(bool vertical)
    {
        var layer = new Linear(2, 1, new Random(1));
        (layer.Weight.Value[0, 0], layer.Weight.Value[0, 1]) = vertical ? (1e6f, 0f) : (0f, 1e6f);
        return new Sequential(layer);
    }
}
