using System.Globalization;
using ScottPlot;

namespace NeuralTrain;

/// <summary>Ticks of a logarithmic axis: 10⁻³, 10⁻², … and, where the axis spans little, the numbers 2 and 5 between them.</summary>
internal sealed class PowersOfTen : ITickGenerator
{
    /// <summary>Below this many powers on the axis, their names alone would leave it nearly empty.</summary>
    private const double FewPowers = 2.2;

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

        Ticks = [.. ticks];
    }

    private static string Plain(int digit, int power) =>
        Math.Abs(power) < 5 ? (digit * Math.Pow(10, power)).ToString("0.#####", CultureInfo.InvariantCulture) : $"{digit}·{Power(power)}";

    private static string Power(int power)
    {
        const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        return "10" + string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : Raised[c - '0']));
    }
}
