namespace NeuralTrain;

/// <summary>
/// Data too large for memory: each epoch reads it again from its source, with a background thread a few batches ahead.
/// </summary>
/// <remarks>
/// Memory holds three batches and the <see cref="ShuffleWindow"/>. Exceptions while reading are thrown by <see cref="BatchReader.Read"/>, after the
/// batches that were read before it. Dispose a reader that has not been read to its end: that stops the thread and closes the source.
/// </remarks>
public sealed class StreamedData : BatchSource
{
    private readonly Func<RowReader> _open;

    private StreamedData(
        Func<RowReader> open, int inputSize, int targetSize, int? count, IReadOnlyList<string> classes,
        IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null)
        : base(inputSize, targetSize, count, inputNames, targetNames, classes) => _open = open;

    /// <summary>
    /// The size of the shuffle buffer, in rows, 1 or more. Default 8192.
    /// </summary>
    /// <remarks>
    /// Data sorted by class needs a buffer as large as the data, or a shuffled source; with 1 the rows keep their order. The order is a function of seed and epoch.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int ShuffleWindow
    {
        get;
        set => field = Guard.AtLeast(value, 1, nameof(ShuffleWindow), "a row is drawn from those in the window; 1 keeps their order");
    }
    = 8192;

    /// <summary>Streams images with their classes from two IDX files, as <see cref="Dataset.FromIdx(string, string, IReadOnlyList{string}, long?)"/> loads them.</summary>
    /// <param name="imagesPath">The images.</param>
    /// <param name="labelsPath">The class of each image, as a number of 0 or more.</param>
    /// <param name="classes">The names of the classes by number; <c>"0"</c> to <c>"9"</c> by default.</param>
    /// <param name="maxUnpacked">The maximum unpacked size of a packed file in bytes; null (the default) for 16 times its size and 1 MB. MNIST grows to 5 times its size.</param>
    /// <exception cref="InvalidDataException">A file is damaged or not an IDX file, or the two do not belong together. All of this is checked immediately, except for labels out of range.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StreamedData FromIdx(string imagesPath, string labelsPath, IReadOnlyList<string>? classes = null, long? maxUnpacked = null)
    {
        using var rows = new IdxRows(imagesPath, labelsPath, classes, checkLength: true, maxUnpacked);
        return new StreamedData(() => new IdxRows(imagesPath, labelsPath, classes, checkLength: false, maxUnpacked), rows.InputSize, rows.Classes.Count, rows.Count, rows.Classes);
    }

    /// <summary>Streams objects; two functions give the inputs and the targets of each.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="open">Starts an enumeration of the objects, once per epoch, the same ones in the same order. Also called and enumerated on a background thread.</param>
    /// <param name="inputs">The features of an object, the same number for every object. The array is copied, so it may be the same one each time.</param>
    /// <param name="targets">The targets of an object, the same number for every object; for a class, a row with a 1 in its column.</param>
    /// <param name="classes">The class of each target column; null or empty (the default) if they are not classes.</param>
    /// <param name="count">
    /// The number of objects; null (the default) if it is not known. A pass that finds more or fewer fails with an <see cref="InvalidDataException"/>.
    /// </param>
    /// <param name="inputNames">The names of the features; null or empty (the default) for unnamed ones.</param>
    /// <param name="targetNames">The names of the targets; null or empty (the default) for unnamed ones or classes.</param>
    /// <exception cref="ArgumentException">The sequence is empty, so the sizes cannot be determined; or the number of names differs from the number of columns.</exception>
    public static StreamedData From<T>(
        Func<IEnumerable<T>> open, Func<T, float[]> inputs, Func<T, float[]> targets, IReadOnlyList<string>? classes = null, int? count = null,
        IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        Guard.AtLeast(count ?? 1, 1, nameof(count), "it is the number of objects; leave it out if it is not known");
        foreach (T first in open())
        {
            int inputSize = Size(inputs(first), nameof(inputs)), targetSize = Size(targets(first), nameof(targets));
            string[] names = classes is null ? [] : [.. new ClassIndex(classes).Names];
            return new StreamedData(() => new ItemRows<T>(open(), inputs, targets, count), inputSize, targetSize, count, names, inputNames, targetNames);
        }

        throw new ArgumentException("The stream is empty: the sizes are taken from its first item. Check what opens it.", nameof(open));
    }

    /// <inheritdoc/>
    public override BatchReader Read(BatchPlan plan)
    {
        plan.Check();

        // No batch is longer than all rows; where their number is not known, the batch size is the limit.
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

    private static int Size(float[] values, string parameter) => values is { Length: > 0 }
        ? values.Length
        : throw new ArgumentException($"The first item gives no values for its {parameter}, expected at least one.", parameter);
}

/// <summary>One pass over rows that come one by one.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>Writes the next row's inputs and targets, every value of them, into a row of a block.</summary>
    /// <returns>False if there is none.</returns>
    public abstract bool Read(RowBlock block, int row);

    /// <summary>Releases the source of the rows.</summary>
    public abstract void Dispose();
}

/// <summary>Rows from enumerated objects; if their count was given in advance, any other number is refused, since order and schedules rely on it.</summary>
internal sealed class ItemRows<T>(IEnumerable<T> items, Func<T, float[]> inputsOf, Func<T, float[]> targetsOf, int? count) : RowReader
{
    private readonly IEnumerator<T> _items = items.GetEnumerator();
    private long _next;

    public override bool Read(RowBlock block, int row)
    {
        bool isThere = _items.MoveNext();
        if (count is int expected && (isThere ? _next >= expected : _next < expected))
        {
            throw new InvalidDataException(
                (isThere ? $"The stream has more items than the {expected} its count says" : $"The stream ended after {_next} items, but its count says {expected}") +
                ". Give the right count, or leave it out; the stream must start from the beginning each time it is opened.");
        }

        if (!isThere) return false;
        Write(inputsOf(_items.Current), block.Inputs.Row(row), "inputs");
        Write(targetsOf(_items.Current), block.Targets.Row(row), "targets");
        _next++;
        return true;
    }

    public override void Dispose() => _items.Dispose();

    private void Write(float[] values, Span<float> row, string what)
    {
        if (values is null || values.Length != row.Length)
        {
            throw new InvalidDataException(
                $"Item {_next} of the stream gives {(values is null ? "null" : $"{values.Length} values")} for its {what}, expected {row.Length}, as item 0 did when the source was made.");
        }

        values.CopyTo(row);
    }
}

/// <summary>One pass over a stream: a background thread makes the next batches while the current one is trained on.</summary>
internal sealed class StreamedReader : BatchReader
{
    // One is trained on, one is ready, one is being filled.
    private const int Slots = 3;

    private readonly RowReader _rows;
    private readonly int _batchSize, _ahead;
    private readonly RowBlock _carried;
    private readonly ReadAhead<RowBlock> _batches;

    /// <summary>Takes the rows over.</summary>
    public StreamedReader(RowReader rows, BatchPlan plan, int batchSize, int inputSize, int targetSize)
    {
        (_rows, _batchSize) = (rows, batchSize);

        // Whether a single row is left over shows only two rows after the batch; they are carried over to the next one.
        _ahead = plan.MergeLastRow ? 2 : 0;
        _carried = new RowBlock(_ahead, inputSize, targetSize);
        RowBlock[] slots = [.. Enumerable.Range(0, Slots).Select(_ => new RowBlock(batchSize + _ahead, inputSize, targetSize))];
        _batches = new ReadAhead<RowBlock>(slots, Fill, rows.Dispose);
    }

    public override bool Read()
    {
        if (_batches.Next() is not RowBlock batch) return false;
        (Inputs, Targets) = (batch.Inputs.SliceRows(0, batch.Used), batch.Targets.SliceRows(0, batch.Used));
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _batches.Dispose();
        base.Dispose(disposing);
    }

    // On the background thread.
    private bool Fill(RowBlock batch)
    {
        for (batch.Used = 0; batch.Used < _carried.Used; batch.Used++) batch.Copy(_carried.Inputs, _carried.Targets, batch.Used, batch.Used);
        _carried.Used = 0;
        while (batch.Used < _batchSize + _ahead && _rows.Read(batch, batch.Used)) batch.Used++;
        if (batch.Used < _batchSize + _ahead) return batch.Used > 0;
        for (; _carried.Used < _ahead; _carried.Used++) _carried.Copy(batch.Inputs, batch.Targets, _batchSize + _carried.Used, _carried.Used);
        batch.Used = _batchSize;
        return true;
    }
}
