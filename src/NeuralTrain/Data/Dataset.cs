namespace NeuralTrain;

/// <summary>Inputs and targets in memory: a row of each is a sample.</summary>
public sealed partial class Dataset : BatchSource
{
    private readonly float[] _sampleWeights;

    /// <summary>Creates a data set from inputs and targets, without copying them.</summary>
    /// <param name="inputs">The features, <c>[samples × features]</c>.</param>
    /// <param name="targets">The targets, <c>[samples × outputs]</c>; classes as one-hot rows, see <see cref="OneHot"/>.</param>
    /// <param name="inputNames">The names of the columns of <paramref name="inputs"/>; null or empty (the default) for unnamed columns.</param>
    /// <param name="targetNames">The names of the columns of <paramref name="targets"/>; null or empty (the default) for unnamed columns or classes.</param>
    /// <param name="classes">The class of each column of <paramref name="targets"/>; null or empty (the default) if they are not classes.</param>
    /// <param name="sampleWeights">The weight of each sample, one number of 0 or more for each; empty (the default) if all weigh the same.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, there are no rows, or a list does not match the number of its columns.</exception>
    public Dataset(
        Matrix inputs, Matrix targets, IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null,
        IReadOnlyList<string>? classes = null, ReadOnlySpan<float> sampleWeights = default)
        : base(inputs.Columns, targets.Columns, inputs.Rows, inputNames, targetNames, classes)
    {
        if (inputs.IsEmpty || targets.IsEmpty || inputs.Rows != targets.Rows)
        {
            throw new ArgumentException(
                $"A data set needs inputs and targets of the same number of rows, at least one; received {inputs.Shape} inputs and {targets.Shape} targets.", nameof(targets));
        }

        if (!sampleWeights.IsEmpty) Guard.Weights(sampleWeights, inputs.Rows, nameof(sampleWeights));
        (Inputs, Targets, _sampleWeights) = (inputs, targets, sampleWeights.ToArray());
    }

    /// <summary>The features, <c>[samples × features]</c>.</summary>
    public Matrix Inputs { get; }

    /// <summary>The targets, <c>[samples × outputs]</c>.</summary>
    public Matrix Targets { get; }

    /// <summary>The weight of each sample; empty if all weigh the same.</summary>
    public ReadOnlySpan<float> SampleWeights => _sampleWeights;

    /// <summary>The number of samples.</summary>
    public new int Count => Inputs.Rows;

    /// <summary>Some consecutive samples as a data set that views the same memory: <c>data[..50_000]</c>.</summary>
    /// <param name="rows">The rows, from the start (<c>10..20</c>) or from the end (<c>^100..</c>); at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range goes beyond the last row, or is empty.</exception>
    public Dataset this[Range rows]
    {
        get
        {
            (int start, int end) = (rows.Start.GetOffset(Count), rows.End.GetOffset(Count));
            if (start < 0 || end > Count || start >= end) throw new ArgumentOutOfRangeException(nameof(rows), rows, $"The rows must be one or more of the {Count}, received {rows}.");
            ReadOnlySpan<float> weights = _sampleWeights.Length == 0 ? [] : _sampleWeights.AsSpan(start, end - start);
            return new Dataset(Inputs.SliceRows(start, end - start), Targets.SliceRows(start, end - start), InputNames, TargetNames, Classes, weights);
        }
    }

    /// <inheritdoc/>
    public override BatchReader Read(BatchPlan plan)
    {
        plan.Check();
        return new DatasetReader(this, plan);
    }
}
