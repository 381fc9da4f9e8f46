namespace NeuralTrain.Kernels;

/// <summary>The ways A can lie.</summary>
internal static class TileLayout
{
    internal readonly struct Adjacent : ITileLayout
    {
        public static bool IsAdjacent => true;
    }

    internal readonly struct AlongRows : ITileLayout
    {
        public static bool IsAdjacent => false;
    }
}
