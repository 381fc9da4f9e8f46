using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace NeuralTrain;

/// <summary>Ticks of an axis of numbers: those of ScottPlot, but with very large and very small numbers as 2·10⁷ instead of rows of zeros.</summary>
/// <param name="wholeOnly">Whether there are no numbers between 1 and 2, as with epochs.</param>
internal sealed class Numbers(bool wholeOnly = false) : ITickGenerator
{
    /// <summary>Numbers up to the first, and down to the second, are written in full.</summary>
    private const double Large = 1e6, Small = 1e-4;

    private readonly NumericAutomatic _numbers = new() { IntegerTicksOnly = wholeOnly, LabelFormatter = Name };

    /// <inheritdoc/>
    public Tick[] Ticks { get; set; } = [];

    /// <inheritdoc/>
    public int MaxTickCount
    {
        get => _numbers.MaxTickCount;
        set => _numbers.MaxTickCount = value;
    }

    /// <inheritdoc/>
    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        _numbers.Regenerate(range, edge, size, paint, labelStyle);
        Tick[] named = [.. _numbers.Ticks.Where(tick => tick.IsMajor)];
        double largest = named.Length < 2 ? 1 : named.Max(tick => Math.Abs(tick.Position));
        if (largest is >= Small and < Large)
        {
            Ticks = _numbers.Ticks;
            return;
        }

        // One power for all, so that they can be compared; whatever is far smaller than the gap between two is 0, and not quite so by rounding.
        int power = (int)Math.Floor(Math.Log10(largest));
        double gap = named[1].Position - named[0].Position;
        Ticks = [.. _numbers.Ticks.Select(tick => tick.IsMajor ? new Tick(tick.Position, Name(tick.Position, power, gap)) : tick)];
    }

    // As ScottPlot names them, under any culture.
    private static string Name(double number) =>
        number == (int)number || Math.Abs(number) > 1000 ? $"{number:N0}" : $"{Math.Round(number, 10)}";

    private static string Name(double number, int power, double gap)
    {
        int decimals = Math.Clamp(power - (int)Math.Floor(Math.Log10(Math.Abs(gap))), 0, 10);
        double factor = Math.Round(number / Math.Pow(10, power), decimals);
        return factor == 0 ? "0" : $"{factor.ToString("0.##########", CultureInfo.InvariantCulture)}·{PowersOfTen.Power(power)}";
    }
}
