using ScottPlot;

namespace NeuralTrain.Tests.Plots;

public sealed class PowersOfTenTests
{
    [Fact]
    public void A_wide_axis_names_whole_powers() => Names(-3.5, 1.5).Should().Equal("10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹");

    [Fact]
    public void A_narrow_axis_names_numbers_between_powers_too() => Names(-2.05, -0.9).Should().Equal("0.01", "0.02", "0.05", "0.1");

    [Fact]
    public void A_very_wide_axis_leaves_names_out() => Names(-40, 0).Length.Should().BeLessThan(15).And.BeGreaterThan(3);

    private static string[] Names(double low, double high)
    {
        var ticks = new PowersOfTen();
        ticks.Regenerate(new CoordinateRange(low, high), Edge.Left, new PixelLength(400), null!, new LabelStyle());
        ticks.Ticks.Should().OnlyContain(tick => tick.Position >= low && tick.Position <= high);
        return [.. ticks.Ticks.Where(tick => tick.IsMajor).Select(tick => tick.Label)];
    }
}
