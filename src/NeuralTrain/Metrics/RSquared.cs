namespace NeuralTrain;

/// <summary>The coefficient of determination R²: the fraction of the targets' variance that the predictions explain.</summary>
/// <remarks>
/// <code>
/// R² = 1/K·Σₖ (1 − Σᵢ wᵢ(yᵢₖ − qᵢₖ)² / Σᵢ wᵢ(yᵢₖ − ȳₖ)²)      K outputs, ȳ the weighted mean, w sample weights
/// </code>
/// 1 is perfect, 0 is as good as always predicting the mean, below 0 is worse. A column of equal targets counts 1 if it is predicted exactly, otherwise 0. Accumulated in
/// double in one pass (West, "Updating Mean and Variance Estimates", 1979). scikit-learn's <c>r2_score</c> with its <c>uniform_average</c>.
/// </remarks>
public sealed class RSquared() : Metric("R²")
{
    private double[] _means = [], _squares = [], _errors = [];
    private double _all;

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            if (_all == 0) return double.NaN;
            double sum = 0;
            for (int column = 0; column < Outputs; column++)
            {
                sum += _squares[column] > 0 ? 1 - (_errors[column] / _squares[column]) : _errors[column] == 0 ? 1 : 0;
            }

            return sum / Outputs;
        }
    }

    /// <inheritdoc/>
    public override void Reset() => (_means, _squares, _errors, _all) = (new double[Outputs], new double[Outputs], new double[Outputs], 0);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        if (weight == 0) return;
        _all += weight;
        double ratio = weight / _all;
        for (int column = 0; column < prediction.Length; column++)
        {
            double error = (double)target[column] - prediction[column];
            double difference = target[column] - _means[column];
            _means[column] += ratio * difference;
            _squares[column] += weight * difference * (target[column] - _means[column]);
            _errors[column] += weight * error * error;
        }
    }

    private protected override void CheckOutputs() => Decision.RefuseScores(Name, OutputKind);
}
