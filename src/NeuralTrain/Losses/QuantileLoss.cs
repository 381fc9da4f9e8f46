namespace NeuralTrain;

/// <summary>The loss for a quantile, such as the value that nine of ten targets do not exceed; several of them give an interval. Also called pinball loss.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ max(τ·(y − q), (τ − 1)·(y − q))     τ the quantile of the column;  N rows, K outputs
/// q̄ = 1/(N·K)·(−τ where q &lt; y,  1 − τ where q > y,  0 where q = y)
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>: for several quantiles of one value, repeat it in a target column for each. Nothing keeps the predicted quantiles of
/// a row in order: sort them where that matters. With the quantile ½ it is half of <see cref="MeanAbsoluteError"/>. Neither PyTorch nor Keras has it; scikit-learn's <c>mean_pinball_loss(alpha=τ)</c>.
/// Source: Koenker and Bassett, "Regression Quantiles", 1978.
/// </remarks>
public sealed class QuantileLoss : Loss
{
    private readonly double[] _quantiles;

    /// <summary>Creates the loss.</summary>
    /// <param name="quantiles">τ, each in (0, 1): one for all columns, or one for each.</param>
    /// <exception cref="ArgumentException">No quantile is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One lies outside (0, 1).</exception>
    public QuantileLoss(params ReadOnlySpan<double> quantiles)
    {
        if (quantiles.IsEmpty) throw new ArgumentException("A quantile loss needs at least one quantile, for example 0.5 for the median.", nameof(quantiles));
        foreach (double quantile in quantiles) Guard.InOpen(quantile, 0, 1, nameof(quantiles), "0.5 is the median.");
        _quantiles = quantiles.ToArray();
    }

    /// <summary>τ: one for all columns, or one for each.</summary>
    public ReadOnlySpan<double> Quantiles => _quantiles;

    /// <inheritdoc/>
    public override string ToString() => $"QuantileLoss({string.Join(", ", _quantiles.Select(quantile => $"{quantile}"))})";

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("quantiles", _quantiles);

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient) => Compute(prediction, target, gradient, sampleWeights: default);

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        int columns = prediction.Columns;
        ReadOnlySpan<float> predictions = prediction.Span, targets = target.Span;
        Span<float> gradients = gradient.Span;
        double total = Total(prediction.Rows, sampleWeights) * columns, sum = 0;
        double scale = total > 0 ? 1 / total : 0;
        for (int i = 0; i < predictions.Length; i++)
        {
            double quantile = _quantiles.Length == 1 ? _quantiles[0] : _quantiles[i % columns];
            double weight = sampleWeights.IsEmpty ? scale : scale * sampleWeights[i / columns];
            double missing = (double)targets[i] - predictions[i];
            double slope = missing > 0 ? quantile : missing < 0 ? quantile - 1 : 0;
            sum += weight * slope * missing;
            if (gradients.Length > 0) gradients[i] = (float)(-weight * slope);
        }

        return sum;
    }

    private protected override void CheckColumns(int columns, string name)
    {
        if (_quantiles.Length == 1 || _quantiles.Length == columns) return;
        throw new ArgumentException($"{this} needs a column for each of its {_quantiles.Length} quantiles, received {columns}. Give the network that number of outputs, or pass one quantile for all.", name);
    }
}
