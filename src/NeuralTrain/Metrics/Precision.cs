namespace NeuralTrain;

/// <summary>Which part of the rows predicted as a class are of it.</summary>
/// <remarks>
/// <code>
/// precision of a class = right / predicted      right: predicted as this class and of it; counts are sums of the rows' weights
/// </code>
/// The mean over the classes ("macro"), each counting the same however rare it is; a class that occurs neither among the predictions nor among the targets does not
/// count, and otherwise 0/0 is 0. A single column, and each column of <see cref="OutputKind.BinaryScores"/>, is measured for its yes alone: where no row is a yes and none is
/// predicted so, the value is 0 too, and not NaN, so that it can be compared and watched. Decisions are those of <see cref="Accuracy"/>. scikit-learn's
/// <c>precision_score(average='macro', zero_division=0)</c>, for one column <c>average='binary'</c>; of several yes-or-no columns it counts those without any yes as 0.
/// </remarks>
public sealed class Precision : Metric
{
    private ClassCounts? _counts;

    /// <inheritdoc/>
    public override string Name => "precision";

    /// <inheritdoc/>
    public override bool IsShare => true;

    /// <inheritdoc/>
    public override double Value => _counts?.Mean(precisionShare: 2, recallShare: 0) ?? double.NaN;

    /// <inheritdoc/>
    public override void Reset() => _counts?.Reset();

    /// <inheritdoc/>
    public override void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default)
    {
        CheckBatch(prediction, target, sampleWeights);
        for (int row = 0; row < prediction.Rows; row++)
        {
            _counts!.Add(prediction.Row(row), target.Row(row), WeightOf(sampleWeights, row));
        }
    }

    /// <inheritdoc/>
    protected override void Prepare() => _counts = new ClassCounts(OutputKind, Outputs);
}
