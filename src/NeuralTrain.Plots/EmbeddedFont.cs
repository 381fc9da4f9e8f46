using ScottPlot;
using SkiaSharp;

namespace NeuralTrain;

/// <summary>The font of all pictures, embedded so that they look the same everywhere, even on a server without fonts.</summary>
/// <remarks>
/// A subset of DejaVu Sans with Latin, Greek, Cyrillic and common mathematical signs, in one weight. It is registered with ScottPlot under a separate
/// name, so that charts drawn by others keep their fonts.
/// </remarks>
internal sealed class EmbeddedFont : IFontResolver
{
    /// <summary>The name to ask ScottPlot for.</summary>
    public const string Name = "NeuralTrain";

    private static readonly Lazy<SKTypeface> Typeface = new(Load);
    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Makes the font known to ScottPlot, once in a process.</summary>
    public static void Use() => _ = Registered.Value;

    /// <summary>How wide a text is, in pixels.</summary>
    public static float WidthOf(string text, float size)
    {
        using var font = new SKFont(Typeface.Value, size);
        return font.MeasureText(text);
    }

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? Typeface.Value : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Typeface.Value : null;

    private static bool Register()
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        return true;
    }

    private static SKTypeface Load()
    {
        using Stream font = typeof(EmbeddedFont).Assembly.GetManifestResourceStream("NeuralTrain.Plots.Font")
            ?? throw new InvalidOperationException("NeuralTrain.Plots was built without its font.");
        return SKTypeface.FromStream(font);
    }
}
