namespace NeuralTrain.Samples;

/// <summary>Digits of 28 × 28 pixels drawn by code, so that samples run without any data: easier than MNIST, of the same shape.</summary>
/// <remarks>
/// Each is written with strokes, turned by up to 20°, slanted, scaled, moved by up to 2.5 pixels, bent by a wobble of its points, drawn with a pen of
/// 0.8 to 1.9 pixels, and covered with noise. The same seed gives the same digits.
/// </remarks>
public static class BuiltInDigits
{
    private const int Side = 28;

    /// <summary>Draws digits, as many of each as of the others, in random order.</summary>
    public static Dataset Create(int count, int seed, SampleRun sample)
    {
        var random = new Random(seed);
        var images = new Matrix(count, Side * Side);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 10)];
        random.Shuffle(labels);
        foreach (int row in sample.Steps("Drawing digits", Enumerable.Range(0, count))) Draw(labels[row], random, images.Row(row));
        return new Dataset(images, OneHot.Encode(labels, 10), classes: [.. "0123456789".Select(digit => $"{digit}")]);
    }

    private static void Draw(int digit, Random random, Span<float> image)
    {
        (double X, double Y)[][] strokes = Strokes(digit, random);
        double angle = Between(-20, 20) * Math.PI / 180, slant = Between(-0.25, 0.25), width = Between(17, 25), height = Between(20, 26);
        double right = Between(-2.5, 2.5), down = Between(-2.5, 2.5);
        foreach ((double X, double Y)[] stroke in strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                double x = (stroke[i].X - 0.5 + Between(-0.025, 0.025)) * width, y = (stroke[i].Y - 0.5 + Between(-0.025, 0.025)) * height;
                x -= slant * y;
                stroke[i] = (
                    (Side / 2.0) + right + (x * Math.Cos(angle)) - (y * Math.Sin(angle)), (Side / 2.0) + down + (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
            }
        }

        double pen = Between(0.8, 1.9), ink = Between(0.75, 1);
        for (int i = 0; i < image.Length; i++)
        {
            double covered = Math.Clamp(pen + 0.5 - strokes.Min(stroke => Distance(stroke, (i % Side) + 0.5, (i / Side) + 0.5)), 0, 1);
            image[i] = (float)Math.Clamp((ink * covered) + (0.08 * (random.NextDouble() - 0.5)), 0, 1);
        }

        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
    }

    private static double Distance((double X, double Y)[] stroke, double x, double y)
    {
        double least = double.PositiveInfinity;
        for (int i = 1; i < stroke.Length; i++)
        {
            (double fromX, double fromY) = stroke[i - 1];
            double alongX = stroke[i].X - fromX, alongY = stroke[i].Y - fromY, length = (alongX * alongX) + (alongY * alongY);
            double place = length == 0 ? 0 : Math.Clamp((((x - fromX) * alongX) + ((y - fromY) * alongY)) / length, 0, 1);
            double missX = x - fromX - (place * alongX), missY = y - fromY - (place * alongY);
            least = Math.Min(least, (missX * missX) + (missY * missY));
        }

        return Math.Sqrt(least);
    }

    // How each digit is written, in one of the ways people do: strokes of points in the unit square, x to the right and y down.
    private static (double X, double Y)[][] Strokes(int digit, Random random) => digit switch
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
        _ => [[.. Arc(0.5, 0.34, 0.19, 0.19, 0, 360), (0.68, 0.5), (0.6, 0.87)]],
    };

    // Angles in degrees, clockwise as y points down; 0 is to the right.
    private static (double X, double Y)[] Arc(double x, double y, double width, double height, double from, double to) => [.. Enumerable.Range(0, 13).Select(i =>
    {
        double angle = (from + ((to - from) * i / 12)) * Math.PI / 180;
        return (x + (width * Math.Cos(angle)), y + (height * Math.Sin(angle)));
    })];
}
