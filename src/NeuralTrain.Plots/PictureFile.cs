using ScottPlot;
using SkiaSharp;

namespace NeuralTrain;

/// <summary>Draws a chart into a file whose extension decides the format: <c>.png</c> or <c>.svg</c>.</summary>
internal static class PictureFile
{
    /// <summary>The allowed sizes of a picture, in pixels: below, no axis is readable; above, drawing takes gigabytes.</summary>
    public const int SmallestSide = 100, LargestSide = 10_000;

    /// <summary>Draws and writes; the file appears complete or not at all.</summary>
    /// <param name="path">The file; a missing folder is created.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="draw">Draws the chart onto a canvas of that size.</param>
    public static void Save(string path, int width, int height, Action<SKCanvas, PixelRect> draw)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckSide(width, nameof(width));
        CheckSide(height, nameof(height));
        Action<Stream> write = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => stream => WritePng(stream, width, height, draw),
            ".SVG" => stream => WriteSvg(stream, width, height, draw),
            string other => throw new ArgumentException(
                $"A picture's name must end in .png or .svg, received '{path}'{(other.Length == 0 ? " without an ending" : "")}. " +
                "Give it the ending of the format to write.",
                nameof(path)),
        };

        if (Directory.Exists(path))
        {
            throw new ArgumentException($"A picture is a file, but '{path}' is a folder. Give it a name within.", nameof(path));
        }

        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            Write(path, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The picture '{path}' cannot be written. Give it a name in a folder that allows writing. {exception.Message}", exception);
        }
    }

    private static void Write(string path, Action<Stream> write)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = File.Create(unfinished))
            {
                write(stream);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void WritePng(Stream stream, int width, int height, Action<SKCanvas, PixelRect> draw)
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(width, height))
            ?? throw new InvalidOperationException($"There is not enough memory to draw a picture of {width} × {height} pixels. Make it smaller.");
        draw(surface.Canvas, new PixelRect(0, width, height, 0));
        using SKPixmap pixels = surface.PeekPixels() ?? throw new InvalidOperationException("The picture was drawn, but its pixels cannot be read.");

        // Pages and repositories keep pictures for a long time: the smallest file is worth the milliseconds.
        using SKData data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 9))
            ?? throw new InvalidOperationException($"There is not enough memory to write a picture of {width} × {height} pixels. Make it smaller.");
        data.SaveTo(stream);
    }

    private static void WriteSvg(Stream stream, int width, int height, Action<SKCanvas, PixelRect> draw)
    {
        // The canvas writes its last elements when it is disposed.
        using SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream);
        draw(canvas, new PixelRect(0, width, height, 0));
    }

    private static void CheckSide(int pixels, string name)
    {
        if (pixels is < SmallestSide or > LargestSide)
        {
            throw new ArgumentOutOfRangeException(
                name, pixels, $"{name} must be {SmallestSide} to {LargestSide} pixels, received {pixels}. The usual size is 800 by 500.");
        }
    }
}
