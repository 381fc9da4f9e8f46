namespace NeuralTrain;

/// <summary>
/// Data that never are in memory as a whole: read again from their source in each epoch, by a background thread that is some batches ahead.
/// </summary>
/// <remarks>
/// In memory are three batches and the <see cref="ShuffleWindow"/>. What goes wrong while reading is thrown by <see cref="BatchReader.Read"/>, behind the
/// batches that were read before it. Dispose a reader that was not read to its end: it stops the thread and closes the source.
/// </remarks>
public sealed class StreamedData : BatchSource
{
    private readonly Func<RowReader> _open;

    private StreamedData(Func<RowReader> open, int inputSize, int targetSize, int? count, IReadOnlyList<string> classes)
    {
        _open = open;
        InputSize = inputSize;
        TargetSize = targetSize;
        Count = count;
        Classes = classes;
    }

    /// <inheritdoc/>
    public override int InputSize { get; }

    /// <inheritdoc/>
    public override int TargetSize { get; }

    /// <inheritdoc/>
    public override int? Count { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// How many rows are in memory to draw the next one from when a pass is shuffled, 1 or more. Default 8192.
    /// </summary>
    /// <remarks>
    /// A row leaves the window at a place drawn by chance, so it comes hardly earlier than it lies in the source, and may come later. Data sorted by class
    /// need a window as large as the data, or a source that is mixed already; with 1 rows keep their order. The order is a function of seed and epoch.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int ShuffleWindow
    {
        get;
        set
        {
            Guard.AtLeast(value, 1, nameof(ShuffleWindow), "a row is drawn from those in the window; 1 keeps their order");
            field = value;
        }
    }
    = 8192;

    /// <summary>Streams images with their classes from two IDX files, as <see cref="Dataset.FromIdx"/> loads them.</summary>
    /// <param name="imagesPath">The images.</param>
    /// <param name="labelsPath">The class of each image, as a number of 0 or more.</param>
    /// <param name="classes">The names of the classes by number; <c>"0"</c> to <c>"9"</c> by default.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or is none of these, or the two do not belong together; found at once but for labels out of range.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StreamedData FromIdx(string imagesPath, string labelsPath, IReadOnlyList<string>? classes = null)
    {
        IReadOnlyList<string> names = classes ?? Dataset.Digits;
        using IdxRows rows = Open(checkLength: true);
        return new StreamedData(() => Open(checkLength: false), rows.InputSize, rows.TargetSize, rows.Count, rows.Classes);

        IdxRows Open(bool checkLength) => IdxRows.Open(imagesPath, labelsPath, names, checkLength);
    }

    /// <summary>Streams objects of one's own; two functions say what of each is input, and what is to be predicted.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="open">Begins to enumerate the objects, once for each epoch, the same ones in the same order. Called and enumerated on a background thread too.</param>
    /// <param name="inputs">The features of one, as many for each. The array is copied, so it may be the same one each time.</param>
    /// <param name="targets">What is to be predicted of one, as many numbers for each: for a class a row with a 1 in its column.</param>
    /// <param name="classes">The class that each target column stands for; none (the default) if they are no classes.</param>
    /// <param name="count">
    /// How many objects there are; null (the default) if nobody knows. A pass that comes to more or fewer fails with an <see cref="InvalidDataException"/>.
    /// </param>
    /// <exception cref="ArgumentException">There is no first object, from which the sizes are taken, or the names of the classes are not as many as its targets.</exception>
    public static StreamedData From<T>(
        Func<IEnumerable<T>> open, Func<T, float[]> inputs, Func<T, float[]> targets, IReadOnlyList<string>? classes = null, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        Guard.AtLeast(count ?? 1, 1, nameof(count), "it is the number of objects; leave it out if nobody knows");
        foreach (T first in open())
        {
            int inputSize = Size(inputs(first), nameof(inputs)), targetSize = Size(targets(first), nameof(targets));
            string[] names = classes is null ? [] : [.. new ClassIndex(classes).Names];
            return names.Length == 0 || names.Length == targetSize
                ? new StreamedData(Open, inputSize, targetSize, count, names)
                : throw new ArgumentException($"The first item has {targetSize} targets, but there are {names.Length} classes. Give one column for each.", nameof(classes));
        }

        throw new ArgumentException("The stream is empty: the sizes are taken from its first item. Check what opens it.", nameof(open));

        RowReader Open()
        {
            var rows = new ItemRows<T>(open(), inputs, targets);
            return count is int stated ? new CountedRows(rows, stated) : rows;
        }
    }

    /// <inheritdoc/>
    public override BatchReader Read(BatchPlan plan)
    {
        plan.Check();

        // No batch is longer than all rows; where nobody knows how many there are, the size that was asked for is.
        int batchSize = Math.Min(plan.BatchSize, Count ?? int.MaxValue);
        Matrix.CheckedLength(batchSize, Math.Max(InputSize, TargetSize));
        RowReader rows = _open();
        try
        {
            if (plan.ShuffleSeed is ulong seed && ShuffleWindow > 1)
            {
                rows = new WindowShuffle(rows, Math.Min(ShuffleWindow, Count ?? int.MaxValue), InputSize, TargetSize, seed, plan.Epoch);
            }

            return new StreamedReader(rows, plan, batchSize, InputSize, TargetSize);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>The size, as <c>60000 streamed samples of 784 inputs and 10 classes</c>.</summary>
    public override string ToString() =>
        $"{(Count is int count ? $"{count} " : "")}streamed samples of {InputSize} inputs and {TargetSize} {(Classes.Count > 0 ? "classes" : "targets")}";

    private static int Size(float[] values, string parameter) => values is { Length: > 0 }
        ? values.Length
        : throw new ArgumentException($"The first item gives no values for its {parameter}, expected at least one.", parameter);
}
