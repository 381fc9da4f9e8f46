namespace NeuralTrain;

/// <summary>Images and their labels from two IDX files, row by row.</summary>
internal sealed class IdxRows : RowReader
{
    private readonly IdxFile _images;
    private readonly IdxFile _labels;
    private readonly float[] _pixelValues;
    private readonly float[] _label = new float[1];
    private int _next;

    private IdxRows(IdxFile images, IdxFile labels, IReadOnlyList<string> classes)
    {
        _images = images;
        _labels = labels;
        Classes = new ClassIndex(classes).Names;
        if (labels.ItemSize != 1 || labels.Header.Type is 0x0D or 0x0E)
        {
            throw new InvalidDataException(
                $"{labels.Path} has {string.Join("×", labels.Header.Sizes)} {(labels.ItemSize != 1 ? "values" : "fractions")}; labels are one whole number for each image. " +
                "The images come first, the labels second.");
        }

        if (images.Count != labels.Count)
        {
            throw new InvalidDataException(
                $"{images.Path} has {images.Count} images, but {labels.Path} has {labels.Count} labels (both at byte 4). Take two files that belong together.");
        }

        // A table is faster than a division, and gives the same float.
        _pixelValues = images.Header.Type == 0x08 ? [.. Enumerable.Range(0, 256).Select(pixel => pixel / 255f)] : [];
    }

    public IReadOnlyList<string> Classes { get; }

    public int Count => _images.Count;

    public int InputSize => _images.ItemSize;

    public int TargetSize => Classes.Count;

    /// <summary>Opens two files, and refuses them if they do not belong together.</summary>
    public static IdxRows Open(string imagesPath, string labelsPath, IReadOnlyList<string> classes, bool checkLength)
    {
        IdxFile? images = null, labels = null;
        try
        {
            images = IdxFile.Open(imagesPath, checkLength);
            labels = IdxFile.Open(labelsPath, checkLength);
            return new IdxRows(images, labels, classes);
        }
        catch
        {
            images?.Dispose();
            labels?.Dispose();
            throw;
        }
    }

    /// <summary>The count, if that many images fit into one matrix.</summary>
    public int CheckedRows() => _images.CheckedRows(_images.Count);

    public override bool Read(Span<float> inputs, Span<float> targets)
    {
        if (_next == _images.Count) return false;
        if (_pixelValues.Length == 0)
        {
            _images.Read(inputs);
        }
        else
        {
            ReadOnlySpan<byte> bytes = _images.NextItem();
            ReadOnlySpan<float> values = _pixelValues;
            for (int i = 0; i < inputs.Length; i++) inputs[i] = values[bytes[i]];
        }

        long labelOffset = _labels.NextOffset;
        _labels.Read(_label);
        int label = (int)_label[0];
        if ((uint)label >= (uint)TargetSize)
        {
            throw new InvalidDataException(
                $"{_labels.Path} has the label {label} at byte {labelOffset} (image {_next}); {TargetSize} classes are numbered 0 to {TargetSize - 1}. " +
                "Give the names of all classes, or correct the file.");
        }

        targets.Clear();
        targets[label] = 1;
        _next++;
        return true;
    }

    public override void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
    }
}
