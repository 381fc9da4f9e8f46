namespace NeuralTrain;

/// <summary>The mean absolute error, MAE: how far predictions are from their targets, in the targets' unit.</summary>
/// <remarks>
/// <code>
/// MAE = 1/(K·Σ wᵢ)·Σᵢ wᵢ·Σₖ |yᵢₖ − qᵢₖ|      K outputs, w sample weights, all 1 by default
/// </code>
/// Accumulated in double. scikit-learn's <c>mean_absolute_error</c>. The loss of the same formula is <see cref="MeanAbsoluteError"/>.
/// </remarks>
public sealed class AbsoluteError() : Metric("MAE", higherIsBetter: false)
{
    private protected override void CheckOutputs() => Decision.RefuseScores(Name, OutputKind);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        for (int column = 0; column < prediction.Length; column++) Count(Math.Abs((double)target[column] - prediction[column]), weight);
    }
}

/// <summary>The mean absolute percentage error, MAPE: how far predictions are from their targets, relative to the targets.</summary>
/// <remarks>
/// <code>
/// MAPE = 1/(K·Σ wᵢ)·Σᵢ wᵢ·Σₖ |yᵢₖ − qᵢₖ| / |yᵢₖ|      K outputs, w sample weights, all 1 by default
/// </code>
/// A fraction, 0.1 for 10 %, which may exceed 1. A target of 0 has no percentage and is refused; scikit-learn's <c>mean_absolute_percentage_error</c> divides by 2e-16 there.
/// </remarks>
public sealed class PercentageError() : Metric("MAPE", higherIsBetter: false)
{
    private protected override void CheckOutputs() => Decision.RefuseScores(Name, OutputKind);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        for (int column = 0; column < prediction.Length; column++)
        {
            double y = target[column];
            if (y == 0) throw new ArgumentException($"'{Name}' divides by the targets, and column {column} of one row is 0. Use {nameof(AbsoluteError)} or {nameof(RootMeanSquaredError)} instead.", nameof(target));
            Count(Math.Abs((y - prediction[column]) / y), weight);
        }
    }
}

/// <summary>The root of the mean squared error, RMSE: how far predictions are from their targets, in the targets' unit, with more weight on large errors.</summary>
/// <remarks>
/// <code>
/// RMSE = 1/K·Σₖ √(1/Σ wᵢ·Σᵢ wᵢ·(yᵢₖ − qᵢₖ)²)      K outputs, w sample weights, all 1 by default
/// </code>
/// Accumulated in double. scikit-learn's <c>root_mean_squared_error</c>, <c>mean_squared_error(squared=False)</c> before.
/// </remarks>
public sealed class RootMeanSquaredError() : Metric("RMSE", higherIsBetter: false)
{
    private double[] _squares = [];
    private double _all;

    /// <inheritdoc/>
    public override double Value => _squares.Sum(square => Math.Sqrt(square / _all)) / Outputs;

    /// <inheritdoc/>
    public override void Reset() => (_squares, _all) = (new double[Outputs], 0);

    private protected override void CheckOutputs() => Decision.RefuseScores(Name, OutputKind);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        _all += weight;
        for (int column = 0; column < prediction.Length; column++) _squares[column] += weight * Math.Pow((double)target[column] - prediction[column], 2);
    }
}
