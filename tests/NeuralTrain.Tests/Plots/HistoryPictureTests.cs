using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

public sealed class HistoryPictureTests
{
    [Fact]
    public void Each_epoch_stands_at_its_number_with_its_loss()
    {
        Plot plot = Course((4, 5), (3, 3.5), (2, 3.6)).ToPlot();
        Scatter[] curves = [.. plot.GetPlottables<Scatter>()];
        curves.Select(curve => curve.LegendText).Should().Equal("training", "validation");
        curves[0].Data.GetScatterPoints().Should().Equal(new Coordinates(1, 4), new Coordinates(2, 3), new Coordinates(3, 2));
        curves[1].Data.GetScatterPoints().Should().Equal(new Coordinates(1, 5), new Coordinates(2, 3.5), new Coordinates(3, 3.6));
        curves.Select(curve => curve.Color).Should().Equal(Picture.Color(0), Picture.Color(1));
        VerticalLine best = plot.GetPlottables<VerticalLine>().Single();
        (best.X, best.LegendText).Should().Be((2, "best, epoch 2"));
        ChartText.Of(plot).Should().Be(("Loss by epoch", "epoch", "loss"));
        ChartText.LegendEdges(plot).Should().Equal(Edge.Right);
    }

    [Fact]
    public void A_metric_is_drawn_with_its_own_values_and_name()
    {
        Plot plot = Course((0.4, 0.5), (0.3, 0.35)).ToPlot("accuracy");
        Scatter[] curves = [.. plot.GetPlottables<Scatter>()];
        curves[0].Data.GetScatterPoints().Select(point => point.Y).Should().Equal(0.6, 0.7);
        curves[1].Data.GetScatterPoints().Select(point => point.Y).Should().Equal(0.5, 0.65);
        ChartText.Of(plot).Should().Be(("Accuracy by epoch", "epoch", "accuracy"));
    }

    [Fact]
    public void Without_validation_there_is_one_curve()
    {
        Plot plot = Course((0.4, null), (0.3, null)).ToPlot();
        plot.GetPlottables<Scatter>().Should().ContainSingle().Which.LegendText.Should().Be("training");
    }

    [Fact]
    public void Values_that_are_not_finite_are_left_out_and_counted()
    {
        Plot plot = Course((0.4, double.NaN), (double.PositiveInfinity, 0.3), (double.NaN, 0.2)).ToPlot();
        Scatter[] curves = [.. plot.GetPlottables<Scatter>()];
        curves[0].Data.GetScatterPoints().Should().Equal(new Coordinates(1, 0.4));
        curves[1].Data.GetScatterPoints().Should().Equal(new Coordinates(2, 0.3), new Coordinates(3, 0.2));
        curves.Select(curve => curve.LegendText).Should().Equal("training,\n2 not finite", "validation,\n1 not finite");
        plot.Axes.GetLimits().Rect.Contains(new Coordinates(3, 0.2)).Should().BeTrue();
    }

    [Fact]
    public void A_single_epoch_is_a_visible_mark_on_an_axis_of_whole_numbers()
    {
        Plot plot = Course((0.4, 0.5)).ToPlot();
        plot.GetPlottables<Scatter>().Should().OnlyContain(curve => curve.MarkerSize > 0);
        AxisLimits limits = plot.Axes.GetLimits();
        (limits.Left > 0 && limits.Left < 1 && limits.Right > 1 && limits.Right < 2).Should().BeTrue("there is no epoch 0 or 2, but {0}", limits);
        ChartText.NamedTicks(plot.Axes.Bottom, limits.Left, limits.Right).Should().Equal("1");
    }

    [Fact]
    public void Hundreds_of_epochs_are_lines_without_marks()
    {
        Plot plot = Course([.. Enumerable.Range(1, 600).Select(i => (1.0 / i, (double?)(2.0 / i)))]).ToPlot();
        plot.GetPlottables<Scatter>().Should().OnlyContain(curve => curve.MarkerSize == 0 && curve.LineWidth == 1);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_with_what_to_do()
    {
        FluentActions.Invoking(() => new History(new TrainingState()).ToPlot()).Should().Throw<ArgumentException>().WithMessage("*no epoch*after training*");
        FluentActions.Invoking(() => Course((double.NaN, null), (double.NaN, null)).ToPlot())
            .Should().Throw<ArgumentException>().WithMessage("None of the 2 epochs has a finite loss*NaN*Epochs*");
    }

    private static History Course(params (double Training, double? Validation)[] losses)
    {
        var state = new TrainingState { MetricNames = ["accuracy"] };
        double least = double.PositiveInfinity;
        for (int i = 0; i < losses.Length; i++)
        {
            (double training, double? validation) = losses[i];
            double watched = validation ?? training;
            state.Epochs.Add(new Epoch(i + 1, Measured(training), learningRate: 0.1, validation is double loss ? Measured(loss) : null));
            (state.BestIndex, least) = watched < least ? (i, watched) : (state.BestIndex, least);
        }

        return new History(state);
    }

    private static Evaluation Measured(double loss) => new(loss, [new MetricValue("accuracy", 1 - loss, isRatio: true)]);
}
