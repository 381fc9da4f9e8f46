namespace NeuralTrain;

/// <summary>Inputs with their targets, in memory: a row of each is a sample.</summary>
public sealed partial class Dataset : BatchSource
{
    private readonly float[] _sampleWeights;

    /// <summary>Puts inputs and targets together, without copying them.</summary>
    /// <param name="inputs">The features, <c>[samples × features]</c>.</param>
    /// <param name="targets">What is to be predicted, <c>[samples × outputs]</c>; classes as one-hot rows, see <see cref="OneHot"/>.</param>
    /// <param name="inputNames">The names of the columns of <paramref name="inputs"/>; none (the default) if they have none.</param>
    /// <param name="targetNames">The names of the columns of <paramref name="targets"/>; none (the default) if they have none, or are classes.</param>
    /// <param name="classes">The class that each column of <paramref name="targets"/> stands for; none (the default) if they are not classes.</param>
    /// <param name="sampleWeights">How much each sample counts, one number of 0 or more for each; none (the default) if all count the same.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, there are none, or a list has another length than its columns.</exception>
    public Dataset(
        Matrix inputs, Matrix targets, IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null,
        IReadOnlyList<string>? classes = null, ReadOnlySpan<float> sampleWeights = default)
    {
        if (inputs.IsEmpty || targets.IsEmpty || inputs.Rows != targets.Rows)
        {
            throw new ArgumentException(
                $"A data set needs inputs and targets of the same number of rows, at least one; received {inputs.Shape} inputs and {targets.Shape} targets. " +
                "Each row of the targets belongs to the same row of the inputs.",
                nameof(targets));
        }

        Inputs = inputs;
        Targets = targets;
        InputNames = CheckNames(inputNames, inputs.Columns, "input", nameof(inputNames));
        TargetNames = CheckNames(targetNames, targets.Columns, "target", nameof(targetNames));
        Classes = CheckNames(classes, targets.Columns, "class", nameof(classes));
        _sampleWeights = CheckWeights(sampleWeights, inputs.Rows);
    }

    /// <summary>The features, <c>[samples × features]</c>.</summary>
    public Matrix Inputs { get; }

    /// <summary>What is to be predicted, <c>[samples × outputs]</c>.</summary>
    public Matrix Targets { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> InputNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> TargetNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <summary>How much each sample counts; empty if all count the same.</summary>
    public ReadOnlySpan<float> SampleWeights => _sampleWeights;

    /// <inheritdoc/>
    public override int InputSize => Inputs.Columns;

    /// <inheritdoc/>
    public override int TargetSize => Targets.Columns;

    /// <inheritdoc/>
    public override int? Count => Inputs.Rows;

    /// <inheritdoc/>
    public override BatchReader Read(BatchPlan plan) => new DatasetReader(this, plan);

    /// <summary>The size, as <c>178 samples of 13 inputs and 3 classes</c>.</summary>
    public override string ToString() =>
        $"{Inputs.Rows} samples of {InputSize} inputs and {TargetSize} {(Classes.Count > 0 ? "classes" : "targets")}";

    internal static string[] CheckNames(IReadOnlyList<string>? names, int columns, string what, string parameter)
    {
        string[] given = names is null ? [] : [.. names];
        return given.Length == 0 || given.Length == columns
            ? given
            : throw new ArgumentException($"There are {columns} {what} columns, but {given.Length} names for them. Give one name for each, or none.", parameter);
    }

    private static float[] CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (!weights.IsEmpty && weights.Length != rows)
        {
            throw new ArgumentException($"There are {rows} samples, but {weights.Length} sample weights. Give one weight for each, or none.", nameof(weights));
        }

        for (int row = 0; row < weights.Length; row++)
        {
            if (!(weights[row] >= 0 && float.IsFinite(weights[row])))
            {
                throw new ArgumentException($"A sample weight must be a finite number of 0 or more, received {FormattableString.Invariant($"{weights[row]}")} for sample {row}.", nameof(weights));
            }
        }

        return weights.ToArray();
    }
}
