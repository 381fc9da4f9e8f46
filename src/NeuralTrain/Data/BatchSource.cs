namespace NeuralTrain;

/// <summary>A source of batches: a <see cref="Dataset"/> in memory, or a stream of data too large for memory.</summary>
/// <remarks>A custom source passes its sizes and names to the constructor and overrides <see cref="Read"/>. It may be read any number of times, one pass per epoch.</remarks>
public abstract class BatchSource
{
    /// <summary>Creates a source with its sizes and names.</summary>
    /// <param name="inputSize">Number of input columns.</param>
    /// <param name="targetSize">Number of target columns.</param>
    /// <param name="count">Number of rows; null (the default) if it is not known before the first pass.</param>
    /// <param name="inputNames">The names of the input columns; null or empty (the default) for unnamed columns.</param>
    /// <param name="targetNames">The names of the target columns; null or empty (the default) for unnamed columns or classes.</param>
    /// <param name="classes">The class of each target column; null or empty (the default) if the targets are not classes.</param>
    /// <exception cref="ArgumentException">A list of names does not match the number of its columns.</exception>
    protected BatchSource(
        int inputSize, int targetSize, int? count = null, IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null,
        IReadOnlyList<string>? classes = null)
    {
        (InputSize, TargetSize, Count) = (inputSize, targetSize, count);
        InputNames = Checked(inputNames, inputSize, "input columns", "names", nameof(inputNames));
        TargetNames = Checked(targetNames, targetSize, "target columns", "names", nameof(targetNames));
        Classes = Checked(classes, targetSize, "targets", "classes", nameof(classes));
    }

    /// <summary>Number of input columns.</summary>
    public int InputSize { get; }

    /// <summary>Number of target columns.</summary>
    public int TargetSize { get; }

    /// <summary>Number of rows; null if it is not known before the first pass.</summary>
    public int? Count { get; }

    /// <summary>The names of the input columns; empty for unnamed columns.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The names of the target columns; empty for unnamed columns or classes.</summary>
    public IReadOnlyList<string> TargetNames { get; }

    /// <summary>The class of each target column; empty if the targets are not classes, or the classes have no names.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Begins one pass over the data.</summary>
    /// <param name="plan">How the rows are grouped into batches.</param>
    /// <returns>A reader before its first batch.</returns>
    public abstract BatchReader Read(BatchPlan plan);

    /// <summary>The size, as <c>178 samples of 13 inputs and 3 classes</c>.</summary>
    public override string ToString() =>
        $"{(Count is int count ? Guard.Counted(count, "sample") : "samples")} of {Guard.Counted(InputSize, "input")} and {(Classes.Count > 0 ? $"{TargetSize} classes" : Guard.Counted(TargetSize, "target"))}";

    private static string[] Checked(IReadOnlyList<string>? names, int columns, string what, string called, string parameter) => names is null or { Count: 0 } ? []
        : names.Count == columns ? [.. names]
        : throw new ArgumentException($"The {called} must match the {what}: expected {columns}, received {names.Count}. Give one for each, or none.", parameter);
}

/// <summary>How the rows of a source are grouped into batches in one pass.</summary>
/// <param name="batchSize">Rows of a batch, 1 or more. The last batch has the remaining rows.</param>
/// <param name="shuffleSeed">The seed for the order of the rows, which also depends on the epoch; null for the original order.</param>
/// <param name="epoch">The number of the pass, from 0: the same seed and epoch give the same order.</param>
public readonly struct BatchPlan(int batchSize, ulong? shuffleSeed = null, int epoch = 0)
{
    /// <summary>Rows of a batch.</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>The seed for the order of the rows; null for the original order.</summary>
    public ulong? ShuffleSeed { get; internal init; } = shuffleSeed;

    /// <summary>The number of the pass, from 0.</summary>
    public int Epoch { get; internal init; } = epoch;

    /// <summary>Whether a single row that is left over joins the batch before it, as batch normalisation needs. It has no effect with a batch size of 1.</summary>
    internal bool MergeLastRow { get; init => field = value && BatchSize > 1; }

    /// <summary>Whether the caller writes into the batches, as an <see cref="Augmentation"/> does: then they are copies. Otherwise they may be views of the data.</summary>
    internal bool Writable { get; init; }

    /// <summary>Refuses a plan that no source can follow.</summary>
    internal void Check()
    {
        Guard.AtLeast(BatchSize, 1, nameof(BatchSize), "a batch has at least one row");
        Guard.AtLeast(Epoch, 0, nameof(Epoch), "the first pass is epoch 0");
    }
}

/// <summary>One pass over a source, batch by batch: <c>while (reader.Read()) …</c>.</summary>
/// <remarks>
/// The matrices belong to the reader, and the next <see cref="Read"/> overwrites them; nothing is allocated per batch. Only read them: they may be views
/// of the data themselves.
/// </remarks>
public abstract class BatchReader : IDisposable
{
    /// <summary>The inputs of the current batch, <c>[rows × InputSize]</c>.</summary>
    public Matrix Inputs { get; protected set; }

    /// <summary>The targets of the current batch, <c>[rows × TargetSize]</c>.</summary>
    public Matrix Targets { get; protected set; }

    /// <summary>The weight of each row of the current batch; empty if all weigh the same.</summary>
    public virtual ReadOnlySpan<float> SampleWeights => [];

    /// <summary>Goes to the next batch.</summary>
    /// <returns>False at the end of the data.</returns>
    public abstract bool Read();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases files and threads, if there are any.</summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
