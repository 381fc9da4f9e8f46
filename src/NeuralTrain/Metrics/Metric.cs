namespace NeuralTrain;

/// <summary>A number that tells people how good predictions are; unlike a <see cref="Loss"/> it needs no gradient.</summary>
/// <remarks>
/// <para>
/// A metric collects the rows of one pass over the data: <see cref="Begin"/> once, then for each pass <see cref="Reset"/>, <see cref="Add"/> for each batch,
/// and <see cref="Value"/>. It gives the same for any split into batches. An object measures for one trainer at a time: give each trainer its own.
/// </para>
/// <para>A metric of one's own overrides <see cref="Name"/>, <see cref="Reset"/>, <see cref="Add"/> and <see cref="Value"/>.</para>
/// </remarks>
public abstract class Metric
{
    /// <summary>The name under which the value is found, as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a larger value is better. Default true.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>Whether the value is a part of 1, to be shown in percent. Default false.</summary>
    public virtual bool IsShare => false;

    /// <summary>The value over all rows added since <see cref="Reset"/>; NaN if there were none, or all of weight 0.</summary>
    public abstract double Value { get; }

    /// <summary>What the outputs mean, as told by <see cref="Begin"/>.</summary>
    protected OutputKind OutputKind { get; private set; }

    /// <summary>The columns of predictions and targets, as told by <see cref="Begin"/>.</summary>
    protected int Outputs { get; private set; }

    /// <summary>Tells the metric what it is going to measure, and resets it.</summary>
    /// <param name="outputKind">What the outputs of the network mean: see <see cref="Loss.OutputKind"/>.</param>
    /// <param name="outputs">Columns of predictions and targets, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no column.</exception>
    /// <exception cref="NotSupportedException">The metric makes no sense for such outputs; the message says which does.</exception>
    public void Begin(OutputKind outputKind, int outputs)
    {
        Guard.AtLeast(outputs, 1, nameof(outputs), "a network has at least one output");
        OutputKind = outputKind;
        Outputs = outputs;
        Prepare();
        Reset();
    }

    /// <summary>Forgets all rows, before another pass.</summary>
    public abstract void Reset();

    /// <summary>Takes the rows of a batch into account.</summary>
    /// <param name="prediction">What the network gave, raw, <c>[batch × outputs]</c>.</param>
    /// <param name="target">What it should have given, same shape.</param>
    /// <param name="sampleWeights">How much each row counts; or empty (the default) if all count the same.</param>
    public abstract void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default);

    /// <summary>
    /// Called by <see cref="Begin"/> when <see cref="OutputKind"/> and <see cref="Outputs"/> are set: refuse here what cannot be measured, and make room for
    /// sums. By default nothing.
    /// </summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Refuses batches of another shape than announced, or of different shapes.</summary>
    private protected void CheckBatch(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights)
    {
        if (Outputs == 0)
        {
            throw new InvalidOperationException($"The metric '{Name}' does not know what it measures. Call {nameof(Begin)} first; a trainer does so.");
        }

        if (prediction.Columns != Outputs || target.Columns != Outputs || prediction.Rows != target.Rows)
        {
            throw new ArgumentException(
                $"The metric '{Name}' expects predictions and targets of {Outputs} columns and the same number of rows, received {prediction} predictions and " +
                $"{target} targets. Pass both of the same batch, or call {nameof(Begin)} for another network.",
                nameof(target));
        }

        if (!sampleWeights.IsEmpty && sampleWeights.Length != prediction.Rows)
        {
            throw new ArgumentException(
                $"The metric '{Name}' expects one sample weight for each of the {prediction.Rows} rows, received {sampleWeights.Length}. Pass as many as there are rows, or none.",
                nameof(sampleWeights));
        }
    }

    /// <summary>How much a row counts.</summary>
    private protected static double WeightOf(ReadOnlySpan<float> sampleWeights, int row) => sampleWeights.IsEmpty ? 1 : sampleWeights[row];

    /// <summary>What tells people most, if they ask for nothing: the accuracy of decisions, the mean absolute error and R² of values.</summary>
    internal static Metric[] DefaultsFor(OutputKind outputKind) =>
        outputKind == OutputKind.Values ? [new AbsoluteError(), new RSquared()] : [new Accuracy()];
}
