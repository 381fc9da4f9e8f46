namespace NeuralTrain;

/// <summary>The mean absolute error, MAE: how far predictions lie from their targets, in the targets' own unit.</summary>
/// <remarks>
/// <code>
/// MAE = 1/(K·Σ wᵢ)·Σᵢ wᵢ·Σₖ |yᵢₖ − qᵢₖ|      K outputs, w sample weights, all 1 by default
/// </code>
/// Accumulated in double. scikit-learn's <c>mean_absolute_error</c>. The loss of the same formula is <see cref="MeanAbsoluteError"/>.
/// </remarks>
public sealed class AbsoluteError : Metric
{
    private double _sum;
    private double _all;

    /// <inheritdoc/>
    public override string Name => "MAE";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => _sum / _all;

    /// <inheritdoc/>
    public override void Reset() => _sum = _all = 0;

    /// <inheritdoc/>
    public override void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default)
    {
        CheckBatch(prediction, target, sampleWeights);
        for (int row = 0; row < prediction.Rows; row++)
        {
            ReadOnlySpan<float> predictions = prediction.Row(row);
            ReadOnlySpan<float> targets = target.Row(row);
            double sum = 0;
            for (int column = 0; column < predictions.Length; column++)
            {
                sum += Math.Abs((double)targets[column] - predictions[column]);
            }

            double weight = WeightOf(sampleWeights, row);
            _sum += weight * sum;
            _all += weight * predictions.Length;
        }
    }
}
