using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A measure of prediction quality; unlike a <see cref="Loss"/>, it has no gradient.</summary>
/// <remarks>
/// <para>
/// A metric collects the rows of one pass over the data: <see cref="Begin"/> once, then for each pass <see cref="Reset"/>, <see cref="Add"/> for each batch,
/// and <see cref="Value"/>. The value is the same for any division into batches. An object serves one trainer at a time: give each trainer its own.
/// </para>
/// <para>
/// A custom metric gives the constructor its name and overrides <see cref="AddRow"/>. It is the weighted mean of what it passes to <see cref="Count"/>, unless it overrides
/// <see cref="Value"/> and <see cref="Reset"/> too.
/// </para>
/// </remarks>
/// <param name="name">The name under which the value is found, such as <c>accuracy</c>.</param>
/// <param name="higherIsBetter">Whether a larger value is better. Default true.</param>
/// <param name="isRatio">Whether the value is a ratio between 0 and 1, shown as a percentage. Default false.</param>
public abstract class Metric(string name, bool higherIsBetter = true, bool isRatio = false)
{
    private double _sum, _weight;

    /// <summary>The name under which the value is found, such as <c>accuracy</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a larger value is better.</summary>
    public bool HigherIsBetter { get; } = higherIsBetter;

    /// <summary>Whether the value is a ratio between 0 and 1, shown as a percentage.</summary>
    public bool IsRatio { get; } = isRatio;

    /// <summary>The value over all rows added since <see cref="Reset"/>; NaN if there were none, or all have weight 0. By default the weighted mean of what was counted.</summary>
    public virtual double Value => _sum / _weight;

    /// <summary>The meaning of the outputs, as passed to <see cref="Begin"/>.</summary>
    protected OutputKind OutputKind { get; private set; }

    /// <summary>The number of columns of predictions and targets, as passed to <see cref="Begin"/>.</summary>
    protected int Outputs { get; private set; }

    /// <summary>Prepares the metric for what it is going to measure, and resets it.</summary>
    /// <param name="outputKind">The meaning of the network's outputs: see <see cref="Loss.OutputKind"/>.</param>
    /// <param name="outputs">The number of columns of predictions and targets, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no column.</exception>
    /// <exception cref="NotSupportedException">The metric does not apply to such outputs; the message names one that does.</exception>
    public void Begin(OutputKind outputKind, int outputs)
    {
        Guard.AtLeast(outputs, 1, nameof(outputs), "a network has at least one output");
        OutputKind = outputKind;
        Outputs = outputs;
        CheckOutputs();
        Reset();
    }

    /// <summary>Discards all rows before another pass: the place to allocate sums, since <see cref="OutputKind"/> and <see cref="Outputs"/> are known.</summary>
    public virtual void Reset() => _sum = _weight = 0;

    /// <summary>Adds the rows of a batch.</summary>
    /// <param name="prediction">The raw outputs of the network, <c>[batch × outputs]</c>.</param>
    /// <param name="target">The targets, same shape.</param>
    /// <param name="sampleWeights">The weight of each row; or empty (the default) if all weigh the same.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together, a weight is negative or not finite, or the metric cannot measure such targets.</exception>
    /// <exception cref="NotFiniteNumberException">A prediction is NaN or infinite, which would count as some decision or rank.</exception>
    [MethodImpl(Jit.Full)]
    public virtual void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default)
    {
        if (Outputs == 0) throw new InvalidOperationException($"The metric '{Name}' does not know what it measures. Call {nameof(Begin)} first; a trainer does so.");
        if (prediction.Columns != Outputs || target.Columns != Outputs || prediction.Rows != target.Rows)
        {
            throw new ArgumentException(
                $"The metric '{Name}' expects predictions and targets of {Outputs} columns and equally many rows, received {prediction.Shape} and {target.Shape}. " +
                $"Pass both of one batch, or call {nameof(Begin)} for another network.", nameof(target));
        }

        int wrong = Matrix.FirstNotFinite(prediction.Span);
        if (wrong >= 0) throw new NotFiniteNumberException($"The metric '{Name}' received a prediction that is {prediction.At(wrong)}. The network diverged, or its inputs are not finite.", prediction.Span[wrong]);
        if (!sampleWeights.IsEmpty) Guard.Weights(sampleWeights, prediction.Rows, nameof(sampleWeights));
        for (int row = 0; row < prediction.Rows; row++) AddRow(prediction.Row(row), target.Row(row), sampleWeights.IsEmpty ? 1 : sampleWeights[row]);
    }

    /// <summary>Adds one row.</summary>
    /// <param name="prediction">The raw outputs of the network.</param>
    /// <param name="target">The targets, the same number as outputs.</param>
    /// <param name="weight">The weight of the row.</param>
    protected abstract void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight);

    /// <summary>Adds a value to the weighted mean that <see cref="Value"/> is by default.</summary>
    /// <param name="value">The value, such as 1 for a correct decision and 0 for a wrong one.</param>
    /// <param name="weight">Its weight.</param>
    protected void Count(double value, double weight)
    {
        _sum += weight * value;
        _weight += weight;
    }

    /// <summary>Writes the settings of this metric, which must be the same when training is resumed: early stopping or a schedule may depend on it. By default none.</summary>
    /// <param name="settings">Receives the values: <c>settings.Set("bins", 15)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    // Refuses outputs that cannot be measured.
    private protected virtual void CheckOutputs()
    {
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>The default metrics: accuracy for decisions, the mean absolute error and R² for values.</summary>
    internal static Metric[] DefaultsFor(OutputKind outputKind) =>
        outputKind == OutputKind.Values ? [new AbsoluteError(), new RSquared()] : [new Accuracy()];
}
