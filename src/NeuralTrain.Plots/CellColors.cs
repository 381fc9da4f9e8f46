using ScottPlot;

namespace NeuralTrain;

/// <summary>From white to the first colour of the palette: light for few, dark for many, readable in print and without colour vision too.</summary>
internal sealed class CellColors : IColormap
{
    /// <summary>At this fraction of the darkest shade and above, text in a cell is white.</summary>
    public const double Dark = 0.55;

    /// <inheritdoc/>
    public string Name => "white to blue";

    /// <inheritdoc/>
    public Color GetColor(double position) => Colors.White.MixedWith(Picture.Color(0), Math.Clamp(position, 0, 1));
}
