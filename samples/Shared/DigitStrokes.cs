namespace NeuralTrain.Samples;

/// <summary>How each digit is written: strokes of points in the unit square, x to the right and y down.</summary>
internal static class DigitStrokes
{
    private const int PointsPerArc = 12;

    /// <summary>The strokes of one digit, in one of the ways people write it.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">Chooses among the ways.</param>
    public static (double X, double Y)[][] Of(int digit, Random random) => digit switch
    {
        0 => [Arc(0.5, 0.5, 0.22, 0.36, 0, 360)],
        1 => random.Next(3) switch
        {
            0 => [[(0.5, 0.14), (0.5, 0.86)]],
            1 => [[(0.36, 0.3), (0.54, 0.14), (0.54, 0.86)]],
            _ => [[(0.36, 0.3), (0.54, 0.14), (0.54, 0.86)], [(0.36, 0.86), (0.72, 0.86)]],
        },
        2 => [[.. Arc(0.49, 0.35, 0.22, 0.2, 190, 395), (0.28, 0.86), (0.75, 0.86)]],
        3 => [[.. Arc(0.47, 0.32, 0.2, 0.18, 205, 445), .. Arc(0.47, 0.68, 0.23, 0.19, 275, 515)]],
        4 => random.Next(2) == 0
            ? [[(0.56, 0.14), (0.26, 0.62), (0.78, 0.62)], [(0.62, 0.36), (0.62, 0.88)]]
            : [[(0.32, 0.16), (0.3, 0.52), (0.7, 0.52)], [(0.68, 0.14), (0.66, 0.88)]],
        5 => [[(0.72, 0.15), (0.36, 0.15), (0.33, 0.45), .. Arc(0.48, 0.64, 0.24, 0.22, 240, 505)]],
        6 => [[(0.66, 0.14), (0.46, 0.28), (0.33, 0.5), .. Arc(0.5, 0.67, 0.19, 0.19, 190, 550)]],
        7 => random.Next(3) == 0
            ? [[(0.27, 0.15), (0.74, 0.15), (0.42, 0.87)], [(0.38, 0.5), (0.7, 0.5)]]
            : [[(0.27, 0.15), (0.74, 0.15), (0.42, 0.87)]],
        8 => [Arc(0.5, 0.31, 0.18, 0.17, 0, 360), Arc(0.5, 0.67, 0.21, 0.19, 0, 360)],
        9 => [[.. Arc(0.5, 0.34, 0.19, 0.19, 0, 360), (0.68, 0.5), (0.6, 0.87)]],
        _ => throw new ArgumentOutOfRangeException(nameof(digit), digit, $"A digit is 0 to 9, received {digit}."),
    };

    // Angles in degrees, clockwise as y points down; 0 is to the right.
    private static (double X, double Y)[] Arc(double x, double y, double width, double height, double from, double to)
    {
        var points = new (double, double)[PointsPerArc + 1];
        for (int i = 0; i <= PointsPerArc; i++)
        {
            double angle = (from + ((to - from) * i / PointsPerArc)) * Math.PI / 180;
            points[i] = (x + (width * Math.Cos(angle)), y + (height * Math.Sin(angle)));
        }

        return points;
    }
}
