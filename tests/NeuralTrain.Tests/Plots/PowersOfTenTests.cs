using ScottPlot;

namespace NeuralTrain.Tests.Plots;

public sealed class PowersOfTenTests
{
    [Fact]
    public void A_wide_axis_names_whole_powers() => Names(-3.5, 1.5).Should().Equal("10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹");

    [Fact]
    public void A_narrow_axis_names_numbers_between_powers_too() => Names(-2.05, -0.9).Should().Equal("0.01", "0.02", "0.05", "0.1");

    [Fact]
    public void An_axis_of_two_powers_names_both() => Names(-4.7, -2.1).Should().Equal("10⁻⁴", "10⁻³");

    [Fact]
    public void A_very_wide_axis_leaves_names_out() => Names(-40, 0).Length.Should().BeLessThan(15).And.BeGreaterThan(3);

    [Theory]
    [InlineData(0.0021, 0.0029)]
    [InlineData(0.00101, 0.0042)]
    [InlineData(2.1e-9, 2.9e-9)]
    public void An_axis_within_a_power_names_numbers_at_their_places(double low, double high)
    {
        var ticks = new PowersOfTen();
        ticks.Regenerate(new CoordinateRange(Math.Log10(low), Math.Log10(high)), Edge.Left, new PixelLength(400), null!, new LabelStyle());
        ticks.Ticks.Should().HaveCountGreaterThan(2).And.HaveCountLessThan(9);
        ticks.Ticks.Should().OnlyContain(
            tick => Math.Abs(Math.Pow(10, tick.Position) / double.Parse(tick.Label, System.Globalization.CultureInfo.InvariantCulture) - 1) < 1e-9);
    }

    private static string[] Names(double low, double high)
    {
        var ticks = new PowersOfTen();
        ticks.Regenerate(new CoordinateRange(low, high), Edge.Left, new PixelLength(400), null!, new LabelStyle());
        ticks.Ticks.Should().OnlyContain(tick => tick.Position >= low && tick.Position <= high);
        return [.. ticks.Ticks.Where(tick => tick.IsMajor).Select(tick => tick.Label)];
    }
}
