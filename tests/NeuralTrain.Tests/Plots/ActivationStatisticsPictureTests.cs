using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

public sealed class ActivationStatisticsPictureTests
{
    [Fact]
    [Trait("Lecture", "L2.8")]
    public void Each_layer_has_a_panel_with_its_name_mean_and_deviation_over_the_same_range()
    {
        ActivationStatistics statistics = Statistics(new Linear(4, 8, new Random(1)), new Tanh(), new Linear(8, 3, new Random(2)));
        IReadOnlyList<Plot> panels = statistics.ToPlots();
        panels.Should().HaveCount(3);
        double low = statistics.Layers.Min(layer => layer.Minimum), high = statistics.Layers.Max(layer => layer.Maximum);
        for (int i = 0; i < 3; i++)
        {
            LayerActivations layer = statistics.Layers[i];
            (string title, string horizontal, string vertical) = ChartText.Of(panels[i]);
            string[] lines = title.Split('\n');
            lines[0].Should().Be($"{i} {layer.Layer}");
            lines[1].Should().Be(FormattableString.Invariant($"mean {layer.Mean:g3}, std dev {layer.StandardDeviation:g3}"));
            (horizontal, vertical).Should().Be(("value", "share of values"));
            AxisLimits limits = panels[i].Axes.GetLimits();
            limits.HorizontalRange.Should().Be(panels[0].Axes.GetLimits().HorizontalRange);
            (limits.Left < low && limits.Right > high && limits.Right - limits.Left < 1.1 * (high - low)).Should().BeTrue();
            limits.Bottom.Should().Be(0);
        }

        panels[1].Axes.Title.Label.Text.Should().Contain("% saturated");
        panels[0].Axes.Title.Label.Text.Should().NotContain("saturated").And.NotContain("zeros");
    }

    [Fact]
    public void The_bars_are_the_shares_of_the_histogram()
    {
        ActivationStatistics statistics = Statistics(new Linear(4, 8, new Random(1)));
        ValueHistogram histogram = statistics.Layers[0].Histogram!;
        Bar[] bars = Bars(statistics.ToPlots()[0]);
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            double middle = histogram.Lower + ((i + 0.5) * (histogram.Upper - histogram.Lower) / histogram.Counts.Count);
            double drawn = bars.Where(bar => Math.Abs(bar.Position - middle) < 1e-9).Sum(bar => bar.Value);
            drawn.Should().BeApproximately((double)histogram.Counts[i] / statistics.Layers[0].Count, 1e-12);
        }

        bars.Should().OnlyContain(bar => bar.Size == histogram.Width && bar.FillColor == Picture.Color(0) && bar.LineWidth > 0);
        AxisLimits limits = statistics.ToPlots()[0].Axes.GetLimits();
        limits.Top.Should().BeApproximately(1.1 * bars.Max(bar => bar.Value), 1e-12);
    }

    [Fact]
    public void Zeros_stand_in_a_bar_of_their_own_and_do_not_press_the_others_flat()
    {
        ActivationStatistics statistics = Statistics(new Linear(4, 8, new Random(1)), new ReLU());
        LayerActivations rectified = statistics.Layers[1];
        Plot panel = statistics.ToPlots()[1];
        Bar[] bars = Bars(panel);
        Bar zeros = bars.Single(bar => bar.FillColor == Picture.Color(1));
        (zeros.Position, zeros.Value).Should().Be((0, rectified.ZeroRatio));
        Bar[] others = [.. bars.Where(bar => bar != zeros)];
        others.Sum(bar => bar.Value).Should().BeApproximately(1 - rectified.ZeroRatio, 1e-9, "zeros are not counted twice");
        panel.Axes.GetLimits().Top.Should().BeApproximately(1.1 * others.Max(bar => bar.Value), 1e-12).And.BeLessThan(rectified.ZeroRatio);
        panel.Axes.Title.Label.Text.Should().Contain(FormattableString.Invariant($"{100 * rectified.ZeroRatio:0} % zeros (orange)"));
    }

    [Fact]
    public void Where_all_values_are_zero_their_bar_is_seen_whole()
    {
        var layer = new Linear(4, 8, new Random(1));
        layer.Weight.Value.Span.Clear();
        Plot panel = Statistics(layer, new ReLU()).ToPlots()[1];
        Bars(panel).Should().ContainSingle().Which.Value.Should().Be(1);
        panel.Axes.GetLimits().Top.Should().BeApproximately(1.1, 1e-12);
        panel.Axes.Title.Label.Text.Should().EndWith("100 % zeros (orange), 8 of 8 dead");
    }

    [Fact]
    public void Values_that_are_not_finite_are_named()
    {
        Matrix inputs = Inputs(50);
        inputs[3, 2] = float.NaN;
        var network = new Sequential(new Linear(4, 8, new Random(1)));
        ActivationStatistics.Measure(network, inputs).ToPlots()[0].Axes.Title.Label.Text.Should().EndWith("\n8 not finite");

        inputs.Span.Fill(float.NaN);
        Plot none = ActivationStatistics.Measure(network, inputs).ToPlots()[0];
        none.Axes.Title.Label.Text.Should().EndWith("\nno finite value\n400 not finite");
        Bars(none).Should().BeEmpty();
    }

    [Theory]
    [InlineData(1, 800, 1)]
    [InlineData(3, 800, 3)]
    [InlineData(4, 800, 2)]
    [InlineData(7, 800, 3)]
    [InlineData(4, 400, 1)]
    [InlineData(12, 1600, 6)]
    public void Panels_are_as_wide_as_their_titles_need(int panels, int width, int columns) =>
        ActivationStatisticsPicture.ColumnsFor(panels, width).Should().Be(columns);

    [Fact]
    public void The_file_is_as_high_as_its_rows_and_shows_every_panel()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullName, "activations.png");
        ActivationStatistics statistics = Statistics(new Linear(4, 8, new Random(1)), new ReLU(), new Linear(8, 8, new Random(2)), new Sigmoid());
        statistics.SavePng(path);
        PictureHeader.SizeOf(path).Should().Be((800, 400));
        foreach ((double left, double top) in new[] { (0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5) })
        {
            PictureHeader.Ink(path, left, top, left + 0.5, top + 0.5).Should().BeGreaterThan(1500);
        }

        PictureHeader.Holds(path, Picture.Color(0)).Should().BeTrue();
        PictureHeader.Holds(path, Picture.Color(1)).Should().BeTrue("ReLU gives zeros");
        statistics.SavePng(path, width: 600, height: 700);
        PictureHeader.SizeOf(path).Should().Be((600, 700));
    }

    private static Bar[] Bars(Plot panel) => [.. panel.GetPlottables<BarPlot>().SelectMany(bars => bars.Bars)];

    private static ActivationStatistics Statistics(params Layer[] layers) => ActivationStatistics.Measure(new Sequential(layers), Inputs(200));

    private static Matrix Inputs(int rows)
    {
        var inputs = new Matrix(rows, 4);
        new Normal(1).Fill(inputs.Span, 4, 4, new Random(3));
        return inputs;
    }
}
