namespace NeuralTrain;

/// <content>Data sets from objects and files.</content>
public sealed partial class Dataset
{
    /// <summary>Creates a data set from objects; two functions give the inputs and the targets of each.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="items">The objects, one per sample.</param>
    /// <param name="inputs">The features of an object, the same number for every object.</param>
    /// <param name="targets">The targets of an object, the same number for every object.</param>
    /// <param name="inputNames">The names of the features; null or empty (the default) for unnamed ones.</param>
    /// <param name="targetNames">The names of the targets; null or empty (the default) for unnamed ones.</param>
    /// <exception cref="ArgumentException">There are no objects, or one has a different number of values from the first.</exception>
    public static Dataset From<T>(
        IEnumerable<T> items, Func<T, float[]> inputs, Func<T, float[]> targets,
        IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        var inputRows = new RowList("inputs");
        var targetRows = new RowList("targets");
        foreach (T item in items)
        {
            inputRows.Add(inputs(item));
            targetRows.Add(targets(item));
        }

        return new Dataset(inputRows.ToMatrix(), targetRows.ToMatrix(), inputNames, targetNames);
    }

    /// <summary>Creates a data set from objects that belong to classes; two functions give the inputs and the class of each.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="items">The objects, one per sample.</param>
    /// <param name="inputs">The features of an object, the same number for every object.</param>
    /// <param name="label">The class of an object.</param>
    /// <param name="classes">
    /// All classes, in the order of the columns they get; by default those that occur, sorted by value if all are numbers, otherwise by character.
    /// When loading further data, pass those of the training data: <c>train.Classes</c>.
    /// </param>
    /// <param name="inputNames">The names of the features; null or empty (the default) for unnamed ones.</param>
    /// <exception cref="ArgumentException">
    /// There are no objects, one has a different number of values from the first or a class that is not among <paramref name="classes"/>, or there are fewer than two classes.
    /// </exception>
    public static Dataset FromClasses<T>(
        IEnumerable<T> items, Func<T, float[]> inputs, Func<T, string> label,
        IReadOnlyList<string>? classes = null, IReadOnlyList<string>? inputNames = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(label);
        var inputRows = new RowList("inputs");
        var labels = new List<string>();
        foreach (T item in items)
        {
            inputRows.Add(inputs(item));
            labels.Add(label(item) ?? throw new ArgumentException($"The label of item {labels.Count} is null: every item needs a class.", nameof(label)));
        }

        Matrix rows = inputRows.ToMatrix();
        var index = new ClassIndex(classes ?? LabelOrder.Sort(labels));
        int[] numbers = [.. labels.Select((name, i) => index.Find(name, $"item {i}"))];
        return new Dataset(rows, OneHot.Encode(numbers, index.Names.Count), inputNames, classes: index.Names);
    }

    /// <summary>Loads images with their classes from two IDX files, the format of MNIST: <c>Dataset.FromIdx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")</c>.</summary>
    /// <remarks>
    /// Pixels of one byte are divided by 255, so that they lie in [0, 1]; a row is an image line by line from the top. Gzip files
    /// are unpacked while they are read. Both files are checked against their headers before memory is allocated.
    /// </remarks>
    /// <param name="imagesPath">The images.</param>
    /// <param name="labelsPath">The class of each image, as a number of 0 or more.</param>
    /// <param name="classes">The names of the classes by number; <c>"0"</c> to <c>"9"</c> by default.</param>
    /// <param name="maxUnpacked">The maximum unpacked size of a packed file in bytes; null (the default) for 16 times its size and 1 MB. MNIST grows to 5 times its size.</param>
    /// <exception cref="InvalidDataException">A file is damaged, not an IDX file or too large when it is unpacked, or the two do not belong together; the message says which file and byte.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Dataset FromIdx(string imagesPath, string labelsPath, IReadOnlyList<string>? classes = null, long? maxUnpacked = null)
    {
        using var rows = new IdxRows(imagesPath, labelsPath, classes, checkLength: true, maxUnpacked);
        return FromIdx(rows, imagesPath);
    }

    /// <summary>Loads images with their classes from two streams in the IDX format, such as embedded resources; they stay open.</summary>
    /// <remarks>As <see cref="FromIdx(string, string, IReadOnlyList{string}, long?)"/>, packed by gzip or not. Each stream is copied into memory without unpacking, from its current position to its end.</remarks>
    /// <param name="images">The images.</param>
    /// <param name="labels">The class of each image, as a number of 0 or more.</param>
    /// <param name="classes">The names of the classes by number; <c>"0"</c> to <c>"9"</c> by default.</param>
    /// <param name="maxUnpacked">The maximum unpacked size of a packed file in bytes; null (the default) for 16 times its size and 1 MB. MNIST grows to 5 times its size.</param>
    /// <exception cref="InvalidDataException">The content of a stream is damaged, not in the IDX format or too large when it is unpacked, or the two do not belong together; the message says where.</exception>
    /// <exception cref="IOException">A stream cannot be read, or holds more than 2 GB.</exception>
    public static Dataset FromIdx(Stream images, Stream labels, IReadOnlyList<string>? classes = null, long? maxUnpacked = null)
    {
        using var rows = new IdxRows("The stream of images", InMemory(images), "The stream of labels", InMemory(labels), classes, checkLength: true, maxUnpacked);
        return FromIdx(rows, "The stream of images");

        static Func<Stream> InMemory(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(stream);
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            return () => new MemoryStream(copy.GetBuffer(), 0, (int)copy.Length, writable: false);
        }
    }

    private static Dataset FromIdx(IdxRows rows, string images)
    {
        if ((long)rows.Count * rows.InputSize > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"{images} has {rows.Count} items of {rows.InputSize} values, more than the {Array.MaxLength} one matrix holds. Read it as a stream: StreamedData.FromIdx.");
        }

        var block = new RowBlock(rows.Count, rows.InputSize, rows.Classes.Count);
        for (int row = 0; row < rows.Count; row++) rows.Read(block, row);
        return new Dataset(block.Inputs, block.Targets, classes: rows.Classes);
    }
}

/// <summary>Collects any number of rows of equal length, one by one.</summary>
/// <param name="what">The name of a row's values in messages: that of the parameter that gives them.</param>
internal sealed class RowList(string what)
{
    private readonly List<float> _values = [];
    private int _rows, _columns;

    public void Add(float[] row)
    {
        if (row is null || row.Length == 0 || (_rows > 0 && row.Length != _columns))
        {
            throw new ArgumentException(
                $"Item {_rows} gives {(row is null ? "null" : $"{row.Length} values")} for its {what}, expected {(_rows > 0 ? $"{_columns}, as item 0 did" : "at least one")}.", what);
        }

        _columns = row.Length;
        Matrix.CheckedLength(++_rows, _columns);
        _values.AddRange(row);
    }

    public Matrix ToMatrix() => _rows > 0
        ? new Matrix([.. _values], _rows, _columns)
        : throw new ArgumentException("There are no items: a data set needs at least one.", "items");
}

/// <summary>The number of each class by its name.</summary>
internal sealed class ClassIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public ClassIndex(IReadOnlyList<string> names)
    {
        Names = [.. names];
        if (Names.Count < 2) throw new ArgumentException($"There must be two classes or more, received {(Names.Count == 0 ? "none" : $"only {Guard.Names(Names)}")}.", nameof(names));
        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] is null || !_numbers.TryAdd(Names[i], i)) throw new ArgumentException($"Each class needs a different name, received '{Guard.Shorten(Names[i] ?? "")}' again (or null) at index {i}.", nameof(names));
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of a class, or an error that says where the label came from.</summary>
    public int Find(string label, string place) => _numbers.TryGetValue(label, out int number)
        ? number
        : throw new ArgumentException(
            $"The label of {place} is '{Guard.Shorten(label)}', which is none of the classes {Guard.Names(Names, 10)}. Correct it, or add it to the classes.", nameof(label));
}
