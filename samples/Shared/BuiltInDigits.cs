namespace NeuralTrain.Samples;

/// <summary>Digits of 28 × 28 pixels drawn by code, so that samples run without any data: easier than MNIST, of the same shape.</summary>
/// <remarks>
/// Each is written with strokes, turned by up to 20°, slanted, scaled, moved by up to 2.5 pixels, bent by a wobble of its points, drawn with a pen of
/// 0.8 to 1.9 pixels, and covered with noise. The same seed gives the same digits.
/// </remarks>
public static class BuiltInDigits
{
    /// <summary>Pixels along one side.</summary>
    public const int Side = 28;

    /// <summary>Draws digits, as many of each as of the others, in random order.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of all that is random in them.</param>
    /// <param name="rows">The numbers from 0 on as it goes through them, for progress and a stop; null for neither.</param>
    public static Dataset Create(int count, int seed, IEnumerable<int>? rows = null)
    {
        var random = new Random(seed);
        var images = new Matrix(count, Side * Side);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 10)];
        random.Shuffle(labels);
        foreach (int row in rows ?? Enumerable.Range(0, count))
        {
            Draw(labels[row], random, images.Row(row));
        }

        return new Dataset(images, OneHot.Encode(labels, 10), classes: [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")]);
    }

    private static void Draw(int digit, Random random, Span<float> image)
    {
        (double X, double Y)[][] strokes = DigitStrokes.Of(digit, random);
        double angle = Between(random, -20, 20) * Math.PI / 180, slant = Between(random, -0.25, 0.25);
        double width = Between(random, 17, 25), height = Between(random, 20, 26);
        double right = Between(random, -2.5, 2.5), down = Between(random, -2.5, 2.5);
        foreach ((double X, double Y)[] stroke in strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                double x = (stroke[i].X - 0.5 + Between(random, -0.025, 0.025)) * width;
                double y = (stroke[i].Y - 0.5 + Between(random, -0.025, 0.025)) * height;
                x -= slant * y;
                stroke[i] = (
                    (Side / 2.0) + right + (x * Math.Cos(angle)) - (y * Math.Sin(angle)),
                    (Side / 2.0) + down + (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
            }
        }

        double pen = Between(random, 0.8, 1.9), ink = Between(random, 0.75, 1);
        for (int i = 0; i < image.Length; i++)
        {
            double distance = strokes.Min(stroke => Distance(stroke, (i % Side) + 0.5, (i / Side) + 0.5));
            double covered = Math.Clamp(pen + 0.5 - distance, 0, 1);
            image[i] = (float)Math.Clamp((ink * covered) + (0.08 * (random.NextDouble() - 0.5)), 0, 1);
        }
    }

    private static double Distance((double X, double Y)[] stroke, double x, double y)
    {
        double least = double.PositiveInfinity;
        for (int i = 1; i < stroke.Length; i++)
        {
            (double fromX, double fromY) = stroke[i - 1];
            double alongX = stroke[i].X - fromX, alongY = stroke[i].Y - fromY;
            double length = (alongX * alongX) + (alongY * alongY);
            double place = length == 0 ? 0 : Math.Clamp((((x - fromX) * alongX) + ((y - fromY) * alongY)) / length, 0, 1);
            double missX = x - fromX - (place * alongX), missY = y - fromY - (place * alongY);
            least = Math.Min(least, (missX * missX) + (missY * missY));
        }

        return Math.Sqrt(least);
    }

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
