using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

public sealed class ConfusionPictureTests
{
    [Fact]
    public void Each_count_stands_in_the_row_of_its_actual_and_the_column_of_its_predicted_class()
    {
        // Nowhere the same count twice, so that none can stand for another.
        long[,] counts = { { 9, 1, 2 }, { 3, 8, 4 }, { 5, 6, 7 } };
        ConfusionMatrix matrix = MatrixOf(counts, ["a", "b", "c"]);
        Plot plot = matrix.ToPlot();
        foreach (Text text in plot.GetPlottables<Text>())
        {
            int predicted = (int)text.Location.X, actual = 2 - (int)text.Location.Y;
            text.LabelText.Should().Be($"{counts[actual, predicted]}");
        }

        plot.GetPlottables<Text>().Should().HaveCount(9);
        ChartText.Of(plot).Should().Be(("Confusion matrix: 53.3 % of 45 right", "predicted class", "actual class"));
        ChartText.Ticks(plot.Axes.Bottom, -0.5, 2.5).Select(tick => (tick.Position, tick.Label)).Should().Equal((0, "a"), (1, "b"), (2, "c"));
        ChartText.Ticks(plot.Axes.Left, -0.5, 2.5).Select(tick => (tick.Position, tick.Label)).Should().Equal((2, "a"), (1, "b"), (0, "c"));
    }

    [Fact]
    public void The_shade_is_the_share_of_the_row()
    {
        Plot plot = MatrixOf(new long[,] { { 3, 1 }, { 10, 10 } }, ["a", "b"]).ToPlot();
        Heatmap cells = plot.GetPlottables<Heatmap>().Single();
        cells.Intensities.Should().BeEquivalentTo(new[,] { { 0.75, 0.25 }, { 0.5, 0.5 } });
        cells.GetAxisLimits().Rect.Should().Be(new CoordinateRect(-0.5, 1.5, -0.5, 1.5), "a cell is one wide, with the class in its middle");
        cells.ManualRange!.Value.Should().Be(new ScottPlot.Range(0, 1));
        Color[] letters = [.. plot.GetPlottables<Text>().Select(text => text.LabelFontColor)];
        letters.Should().Equal([Colors.White, Colors.Black, Colors.Black, Colors.Black], "letters are white on dark cells only");
        cells.Colormap.GetColor(1).Should().Be(Picture.Color(0));
        cells.Colormap.GetColor(0).Should().Be(Colors.White);
    }

    [Fact]
    public void A_class_that_never_occurs_has_an_empty_row()
    {
        Heatmap cells = MatrixOf(new long[,] { { 3, 1 }, { 0, 0 } }, ["a", "b"]).ToPlot().GetPlottables<Heatmap>().Single();
        cells.Intensities.Should().BeEquivalentTo(new[,] { { 0.75, 0.25 }, { 0, 0 } });
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(20, 100)]
    [InlineData(30, 1)]
    [InlineData(12, 1000)]
    public void Counts_are_small_enough_for_their_cells(int classes, int each)
    {
        Plot plot = MatrixOf(Diagonal(classes, each), [.. Enumerable.Range(0, classes).Select(i => $"{i}")]).ToPlot();
        plot.GetImage(640, 600);
        double cell = plot.RenderManager.LastRender.DataRect.Width / classes;
        Text[] counts = [.. plot.GetPlottables<Text>()];
        counts.Should().HaveCount(classes * classes);
        counts.Should().OnlyContain(count => EmbeddedFont.WidthOf(count.LabelText, count.LabelFontSize) < cell && count.LabelFontSize >= 9);
    }

    [Fact]
    public void Fifty_classes_have_a_scale_in_place_of_counts_and_names_that_do_not_touch()
    {
        ConfusionMatrix matrix = MatrixOf(Diagonal(50, 4), [.. Enumerable.Range(0, 50).Select(i => $"species {i}")]);
        Plot plot = matrix.ToPlot();
        plot.GetPlottables<Text>().Count().Should().Be(0);
        ColorBar scale = plot.Axes.GetPanels().OfType<ColorBar>().Single();
        scale.Label.Should().Be("share of the actual class");
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            Tick[] ticks = ChartText.Ticks(axis, -0.5, 49.5, length: 430);
            ticks.Should().HaveCountGreaterThan(15).And.Contain(tick => tick.Label == "species 0");
            double gap = ticks.Zip(ticks.Skip(1), (one, next) => Math.Abs(next.Position - one.Position)).Min() * 430 / 50;
            gap.Should().BeGreaterThan(axis.TickLabelStyle.FontSize);
        }
    }

    [Fact]
    public void A_larger_picture_of_fifty_classes_has_counts()
    {
        using var folder = new TemporaryFolder();
        ConfusionMatrix matrix = MatrixOf(Diagonal(50, 4), [.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        (string small, string large) = (Path.Combine(folder.FullName, "small.svg"), Path.Combine(folder.FullName, "large.svg"));
        matrix.SavePng(small);
        matrix.SavePng(large, width: 1600, height: 1500);
        Letters(large).Should().BeGreaterThan(Letters(small) + 2000, "50 × 50 counts");

        static int Letters(string path) => File.ReadAllText(path).Split("<text").Length;
    }

    [Fact]
    public void Long_names_are_cut_told_apart_and_stand_upright()
    {
        Plot plot = MatrixOf(Diagonal(3, 1), ["a class with a very long name, one", "a class with a very long name, two", "b"]).ToPlot();
        string[] names = ChartText.NamedTicks(plot.Axes.Bottom, -0.5, 2.5);
        names.Should().OnlyHaveUniqueItems().And.OnlyContain(name => name.Length <= 20);
        names[0].Should().Be("a class with…e, one");

        Plot many = MatrixOf(Diagonal(10, 1), [.. Enumerable.Range(0, 10).Select(i => $"class number {i}")]).ToPlot();
        many.Axes.Bottom.TickLabelStyle.Rotation.Should().Be(-90);
        many.GetImage(640, 600);
        (600 - many.RenderManager.LastRender.DataRect.Bottom).Should().BeGreaterThan(
            EmbeddedFont.WidthOf("class number 9", many.Axes.Bottom.TickLabelStyle.FontSize) + many.Axes.Bottom.Label.FontSize, "names and the axis' own stand below");
    }

    [Fact]
    public void Short_names_lie() => MatrixOf(Diagonal(10, 1), [.. Enumerable.Range(0, 10).Select(i => $"{i}")]).ToPlot()
        .Axes.Bottom.TickLabelStyle.Rotation.Should().Be(0);

    [Fact]
    public void Names_that_differ_in_the_middle_only_get_numbers() =>
        Names.Cut(["the beginning 111 and the end", "the beginning 222 and the end"], 20).Should().Equal("0 the beginni…he end", "1 the beginni…he end");

    private static long[,] Diagonal(int classes, int each)
    {
        var counts = new long[classes, classes];
        for (int i = 0; i < classes; i++)
        {
            counts[i, i] = each;
        }

        return counts;
    }

    // A network that says what it is given, and data that give it each wrong class as often as the counts say.
    private static ConfusionMatrix MatrixOf(long[,] counts, string[] classes)
    {
        int size = classes.Length;
        var layer = new Linear(size, size, new Random(1), bias: false);
        layer.Weight.Value.Span.Clear();
        var predicted = new List<int>();
        var actual = new List<int>();
        for (int i = 0; i < size; i++)
        {
            layer.Weight.Value[i, i] = 1;
            for (int j = 0; j < size; j++)
            {
                actual.AddRange(Enumerable.Repeat(i, (int)counts[i, j]));
                predicted.AddRange(Enumerable.Repeat(j, (int)counts[i, j]));
            }
        }

        return ConfusionMatrix.Of(
            new Sequential(layer), new Dataset(OneHot.Encode([.. predicted], size), OneHot.Encode([.. actual], size), classes: classes));
    }
}
