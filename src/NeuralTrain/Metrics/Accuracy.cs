namespace NeuralTrain;

/// <summary>The share of right decisions.</summary>
/// <remarks>
/// <para>
/// Several columns are classes: right is a row whose largest output stands where its largest target does (the first of equal ones). A single column
/// decides between no and yes: yes is above 0 for raw scores and margins, above ½ for plain values. Several columns of
/// <see cref="OutputKind.BinaryScores"/> are questions of their own, and each answer counts for itself.
/// </para>
/// <para>scikit-learn's <c>accuracy_score</c>; for several questions Keras' <c>BinaryAccuracy</c>.</para>
/// </remarks>
public sealed class Accuracy : Metric
{
    internal const string MetricName = "accuracy";

    private double _right;
    private double _all;

    /// <inheritdoc/>
    public override string Name => MetricName;

    /// <inheritdoc/>
    public override bool IsShare => true;

    /// <inheritdoc/>
    public override double Value => _right / _all;

    /// <inheritdoc/>
    public override void Reset() => _right = _all = 0;

    /// <inheritdoc/>
    public override void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default)
    {
        CheckBatch(prediction, target, sampleWeights);
        bool perColumn = Decision.IsPerColumn(OutputKind, Outputs);
        for (int row = 0; row < prediction.Rows; row++)
        {
            double weight = WeightOf(sampleWeights, row);
            ReadOnlySpan<float> predictions = prediction.Row(row);
            ReadOnlySpan<float> targets = target.Row(row);
            if (perColumn)
            {
                for (int column = 0; column < predictions.Length; column++)
                {
                    bool isRight = Decision.IsYes(OutputKind, predictions[column]) == Decision.IsYesTarget(OutputKind, targets[column]);
                    _right += isRight ? weight : 0;
                }

                _all += weight * predictions.Length;
            }
            else
            {
                _right += Decision.Largest(predictions) == Decision.Largest(targets) ? weight : 0;
                _all += weight;
            }
        }
    }
}
