using System.Globalization;
using ScottPlot;

namespace NeuralTrain;

/// <summary>Ticks of a logarithmic axis: 10⁻³, 10⁻², … and, if the axis spans little, numbers between them.</summary>
internal sealed class PowersOfTen : ITickGenerator
{
    /// <summary>Below this many powers on the axis, their labels alone would leave it nearly empty.</summary>
    private const double FewPowers = 2.2;

    /// <summary>With fewer labels than this, one could not tell how far the axis goes.</summary>
    private const int FewestNames = 3;

    /// <inheritdoc/>
    public Tick[] Ticks { get; set; } = [];

    /// <inheritdoc/>
    public int MaxTickCount { get; set; } = 1000;

    /// <inheritdoc/>
    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        bool few = range.Length < FewPowers;
        int spacing = Math.Max(1, (int)Math.Ceiling(range.Length * 45 / size.Length));
        var ticks = new List<Tick>();
        for (int power = (int)Math.Floor(range.Min); power <= Math.Ceiling(range.Max); power++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double place = power + Math.Log10(digit);
                bool named = digit == 1 ? power % spacing == 0 : few && digit is 2 or 5;
                if (range.Contains(place) && (named || spacing == 1))
                {
                    ticks.Add(named ? new Tick(place, few ? Plain(digit, power) : Power(power)) : new Tick(place, "", isMajor: false));
                }
            }
        }

        Ticks = range.Length < 1 && ticks.Count(tick => tick.IsMajor) < FewestNames ? Numbers(range) : [.. ticks];
    }

    // Within less than a power there may be no such number at all: whole multiples of a step, about five of them.
    private static Tick[] Numbers(CoordinateRange range)
    {
        double low = Math.Pow(10, range.Min), high = Math.Pow(10, range.Max);
        double rough = (high - low) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step)), 0, 15);
        var ticks = new List<Tick>();
        for (double multiple = Math.Ceiling(low / step); multiple * step <= high; multiple++)
        {
            double number = Math.Round(multiple * step, decimals);
            ticks.Add(new Tick(Math.Log10(multiple * step), number is >= 1e-4 and < 1e6
                ? number.ToString("0.###############", CultureInfo.InvariantCulture)
                : (multiple * step).ToString("0.####e0", CultureInfo.InvariantCulture)));
        }

        return [.. ticks];
    }

    private static string Plain(int digit, int power) =>
        Math.Abs(power) < 5 ? (digit * Math.Pow(10, power)).ToString("0.#####", CultureInfo.InvariantCulture) : $"{digit}·{Power(power)}";

    /// <summary>The number 10 with a raised exponent.</summary>
    public static string Power(int power)
    {
        const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        return "10" + string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : Raised[c - '0']));
    }
}
