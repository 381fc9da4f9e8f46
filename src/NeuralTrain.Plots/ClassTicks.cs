using ScottPlot;

namespace NeuralTrain;

/// <summary>Names of classes at 0, 1, 2 …; if they would touch one another, only every second, third, … is shown.</summary>
/// <param name="names">The names.</param>
/// <param name="firstAtEnd">Whether the first class is at the largest position, which is the top of a vertical axis.</param>
internal sealed class ClassTicks(IReadOnlyList<string> names, bool firstAtEnd = false) : ITickGenerator
{
    /// <summary>The minimum room for a name, across its direction, in heights of its letters.</summary>
    private const double Room = 1.2;

    /// <inheritdoc/>
    public Tick[] Ticks { get; set; } = [];

    /// <inheritdoc/>
    public int MaxTickCount { get; set; } = 1000;

    /// <inheritdoc/>
    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        int each = Math.Max(1, (int)Math.Ceiling(Room * labelStyle.FontSize * range.Length / size.Length));
        Ticks = [.. Enumerable.Range(0, names.Count).Where(i => i % each == 0).Select(i => new Tick(firstAtEnd ? names.Count - 1 - i : i, names[i]))];
    }
}
