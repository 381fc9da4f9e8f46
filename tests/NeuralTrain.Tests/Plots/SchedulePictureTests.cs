using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

public sealed class SchedulePictureTests
{
    [Fact]
    [Trait("Lecture", "L5.8")]
    public void Each_rate_stands_where_so_much_of_the_training_is_done()
    {
        var schedule = new StepDecay(10);
        Plot plot = schedule.ToPlot(30, 0.5);
        Scatter line = plot.GetPlottables<Scatter>().Single();
        line.Data.GetScatterPoints().Should().Equal(schedule.Sample(30, 0.5).Select((rate, time) => new Coordinates(time, rate)));
        line.Data.GetScatterPoints()[9].Y.Should().Be(0.5);
        line.Data.GetScatterPoints()[10].Y.Should().BeLessThan(0.5);
        line.ConnectStyle.Should().Be(ConnectStyle.StepHorizontal);
        ChartText.Of(plot).Should().Be((schedule.ToString(), "epochs done", "learning rate"));
        AxisLimits limits = plot.Axes.GetLimits();
        (limits.Left < 0 && limits.Right > 29 && limits.Bottom < 0 && limits.Top > 0.5).Should().BeTrue();
    }

    [Fact]
    public void The_axes_say_in_what_unit_and_whether_rates_or_factors()
    {
        var schedule = new OneCycle();
        schedule.Unit.Should().Be(ScheduleUnit.Step);
        ChartText.Of(schedule.ToPlot(30)).Should().Be((schedule.ToString(), "steps done", "learning rate (as a factor of the optimizer's)"));
    }

    [Fact]
    public void A_single_step_is_a_visible_mark()
    {
        Plot plot = new CosineDecay().ToPlot(1, 0.1);
        plot.GetPlottables<Scatter>().Single().MarkerSize.Should().BeGreaterThan(0);
        AxisLimits limits = plot.Axes.GetLimits();
        ChartText.NamedTicks(plot.Axes.Bottom, limits.Left, limits.Right).Should().Equal("0");
        new CosineDecay().ToPlot(2, 0.1).GetPlottables<Scatter>().Single().MarkerSize.Should().Be(0);
    }

    [Fact]
    public void A_rate_of_zero_is_not_hidden_by_the_frame()
    {
        AxisLimits limits = new CosineDecay().ToPlot(10, 0).Axes.GetLimits();
        (limits.Bottom < 0 && limits.Top == 1).Should().BeTrue();
    }

    [Fact]
    public void No_step_is_refused() =>
        FluentActions.Invoking(() => new CosineDecay().ToPlot(0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("steps");
}
