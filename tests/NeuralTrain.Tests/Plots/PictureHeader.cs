using System.Buffers.Binary;
using SkiaSharp;

namespace NeuralTrain.Tests.Plots;

/// <summary>What a PNG file says of itself, and how much stands in it.</summary>
internal static class PictureHeader
{
    /// <summary>Width and height from the file's first chunk.</summary>
    public static (int Width, int Height) SizeOf(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[..8].Should().Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], path);
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
    }

    /// <summary>How many pixels of a region (in shares of the sides) are not white.</summary>
    public static int Ink(string path, double left = 0, double top = 0, double right = 1, double bottom = 1)
    {
        using SKBitmap bitmap = SKBitmap.Decode(path);
        int count = 0;
        for (int y = (int)(top * bitmap.Height); y < (int)(bottom * bitmap.Height); y++)
        {
            for (int x = (int)(left * bitmap.Width); x < (int)(right * bitmap.Width); x++)
            {
                count += bitmap.GetPixel(x, y) != SKColors.White ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Whether some pixel has a colour.</summary>
    public static bool Holds(string path, ScottPlot.Color color)
    {
        using SKBitmap bitmap = SKBitmap.Decode(path);
        return bitmap.Pixels.Contains(color.ToSKColor());
    }
}
