namespace NeuralTrain;

/// <summary>The mean absolute error, MAE: how far predictions are from their targets, in the targets' unit.</summary>
/// <remarks>
/// <code>
/// MAE = 1/(K·Σ wᵢ)·Σᵢ wᵢ·Σₖ |yᵢₖ − qᵢₖ|      K outputs, w sample weights, all 1 by default
/// </code>
/// Accumulated in double. scikit-learn's <c>mean_absolute_error</c>. The loss of the same formula is <see cref="MeanAbsoluteError"/>.
/// </remarks>
public sealed class AbsoluteError : Metric
{
    /// <inheritdoc/>
    public override string Name => "MAE";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        for (int column = 0; column < prediction.Length; column++) Count(Math.Abs((double)target[column] - prediction[column]), weight);
    }
}
