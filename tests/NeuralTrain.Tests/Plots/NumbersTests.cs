using ScottPlot;

namespace NeuralTrain.Tests.Plots;

public sealed class NumbersTests
{
    [Fact]
    public void Usual_numbers_are_written_in_full() => Names(0, 1).Should().Contain("0.5").And.NotContain(name => name.Contains('·'));

    [Fact]
    public void Numbers_have_the_same_names_on_a_German_machine()
    {
        TestCulture.German(() => Names(0, 1)).Should().Contain("0.5");
        TestCulture.German(() => Names(0, 9000)).Should().Contain("4,000");
    }

    [Fact]
    public void Large_numbers_share_a_power() => Names(0, 4e7).Should().StartWith("0").And.Contain("2·10⁷").And.Contain("4·10⁷");

    [Fact]
    public void Small_numbers_share_a_power() => Names(-3e-7, 3e-7).Should().Contain("0").And.Contain("2·10⁻⁷").And.Contain("-2·10⁻⁷");

    [Fact]
    public void Large_numbers_that_differ_little_have_different_names() => Names(1_000_000, 1_000_004).Should().OnlyHaveUniqueItems().And.Contain("1.000002·10⁶");

    [Fact]
    public void Whole_numbers_have_nothing_between() => Names(0.5, 3.5, wholeOnly: true).Should().Equal("1", "2", "3");

    private static string[] Names(double low, double high, bool wholeOnly = false)
    {
        Plot plot = Picture.New(null, "x", "y");
        plot.Axes.Bottom.TickGenerator = new Numbers(wholeOnly);
        return ChartText.NamedTicks(plot.Axes.Bottom, low, high);
    }
}
