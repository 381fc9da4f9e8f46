namespace NeuralTrain;

/// <summary>Shifts each image of a batch by a random number of pixels; pixels from outside the image get a constant value.</summary>
/// <remarks>
/// Each row is one or several images (channels) one after the other, each line by line from the top, as <see cref="Dataset.FromIdx(string, string, IReadOnlyList{string}, long?)"/> gives them.
/// All channels of a row shift together. All shifts from −<see cref="Pixels"/> to <see cref="Pixels"/> are equally likely, across and down.
/// </remarks>
/// <param name="width">The width of an image in pixels, 1 or more.</param>
/// <param name="height">The height of an image in pixels, 1 or more.</param>
/// <param name="pixels">The maximum shift in pixels, 0 or more, less than width and height. Default 2, as is usual for MNIST.</param>
/// <param name="background">The value of pixels from outside the image. Default 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
public sealed class ImageShift(int width, int height, int pixels = 2, double background = 0) : Augmentation
{
    private readonly float _background = (float)Guard.Finite((float)background, nameof(background), "It is the value of the pixels that move in from outside.");

    private int Width { get; } = Guard.AtLeast(width, 1, nameof(width), "a line has at least one pixel");

    private int Height { get; } = Guard.AtLeast(height, 1, nameof(height), "an image has at least one line");

    private int Pixels { get; } = pixels < Math.Min(width, height)
        ? Guard.AtLeast(pixels, 0, nameof(pixels), "it is how far an image moves at most, in any direction")
        : throw new ArgumentOutOfRangeException(nameof(pixels), pixels, $"pixels must be less than width and height of the {width}×{height} image, received {pixels}.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("width", Width);
        settings.Set("height", Height);
        settings.Set("pixels", Pixels);
        settings.Set("background", _background);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The rows are not images of this size.</exception>
    public override void Apply(Matrix inputs, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int size = Width * Height;
        if (inputs.Columns % size != 0)
        {
            throw new ArgumentException(
                $"{this} expects rows of one or several images of {size} values, received a {inputs.Shape} batch. Check width and height.", nameof(inputs));
        }

        for (int row = 0; row < inputs.Rows; row++)
        {
            int right = random.Next(-Pixels, Pixels + 1), down = random.Next(-Pixels, Pixels + 1);
            Span<float> channels = inputs.Row(row);
            for (int start = 0; start < channels.Length; start += size) Shift(channels.Slice(start, size), right, down);
        }
    }

    // In place: going down, the lines are taken from the bottom, so that none is overwritten before it is moved.
    private void Shift(Span<float> image, int right, int down)
    {
        for (int i = 0; i < Height; i++)
        {
            int y = down > 0 ? Height - 1 - i : i;
            Span<float> line = image.Slice(y * Width, Width);
            int from = y - down;
            if (from < 0 || from >= Height)
            {
                line.Fill(_background);
                continue;
            }

            Span<float> source = image.Slice(from * Width, Width);
            if (right >= 0)
            {
                source[..^right].CopyTo(line[right..]);
                line[..right].Fill(_background);
            }
            else
            {
                source[-right..].CopyTo(line);
                line[^-right..].Fill(_background);
            }
        }
    }
}
