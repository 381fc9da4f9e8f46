namespace NeuralTrain.Kernels;

/// <summary>The widths a tile can have.</summary>
internal static class TileColumns
{
    internal readonly struct Single : ITileColumns
    {
        public static bool IsDouble => false;

        public static bool IsPartial => false;

        public static bool IsPacking => false;
    }

    internal readonly struct PartialSingle : ITileColumns
    {
        public static bool IsDouble => false;

        public static bool IsPartial => true;

        public static bool IsPacking => false;
    }

    internal readonly struct Double : ITileColumns
    {
        public static bool IsDouble => true;

        public static bool IsPartial => false;

        public static bool IsPacking => false;
    }

    internal readonly struct PartialDouble : ITileColumns
    {
        public static bool IsDouble => true;

        public static bool IsPartial => true;

        public static bool IsPacking => false;
    }

    internal readonly struct PackingDouble : ITileColumns
    {
        public static bool IsDouble => true;

        public static bool IsPartial => false;

        public static bool IsPacking => true;
    }
}
