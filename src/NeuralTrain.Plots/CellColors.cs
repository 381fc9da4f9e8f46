using ScottPlot;

namespace NeuralTrain;

/// <summary>From white to the first colour of the palette: light for few, dark for many, also in print and without colour vision.</summary>
internal sealed class CellColors : IColormap
{
    /// <summary>From this share of the darkest on, text in a cell is white.</summary>
    public const double Dark = 0.55;

    /// <inheritdoc/>
    public string Name => "white to blue";

    /// <inheritdoc/>
    public Color GetColor(double position) => Colors.White.MixedWith(Picture.Color(0), Math.Clamp(position, 0, 1));
}
