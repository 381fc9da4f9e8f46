namespace NeuralTrain.Kernels;

/// <summary>The row counts a tile can have.</summary>
internal static class TileRows
{
    internal readonly struct Rows1 : ITileRows
    {
        public static int Count => 1;
    }

    internal readonly struct Rows2 : ITileRows
    {
        public static int Count => 2;
    }

    internal readonly struct Rows3 : ITileRows
    {
        public static int Count => 3;
    }

    internal readonly struct Rows4 : ITileRows
    {
        public static int Count => 4;
    }

    internal readonly struct Rows5 : ITileRows
    {
        public static int Count => 5;
    }

    internal readonly struct Rows6 : ITileRows
    {
        public static int Count => 6;
    }

    internal readonly struct Rows7 : ITileRows
    {
        public static int Count => 7;
    }

    internal readonly struct Rows8 : ITileRows
    {
        public static int Count => 8;
    }

    internal readonly struct Rows9 : ITileRows
    {
        public static int Count => 9;
    }

    internal readonly struct Rows10 : ITileRows
    {
        public static int Count => 10;
    }

    internal readonly struct Rows11 : ITileRows
    {
        public static int Count => 11;
    }

    internal readonly struct Rows12 : ITileRows
    {
        public static int Count => 12;
    }

    internal readonly struct Rows13 : ITileRows
    {
        public static int Count => 13;
    }

    internal readonly struct Rows14 : ITileRows
    {
        public static int Count => 14;
    }
}
