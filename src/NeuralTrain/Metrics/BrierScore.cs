namespace NeuralTrain;

/// <summary>The squared distance of predicted probabilities from the outcomes: it rewards correct decisions and calibrated probabilities alike.</summary>
/// <remarks>
/// <code>
/// decisions   1/(K·Σ wᵢ)·Σᵢ wᵢ·Σₖ (pᵢₖ − yᵢₖ)²      p = σ of a score, or a plain value as it is; 0 to 1
/// classes     1/Σ wᵢ·Σᵢ wᵢ·Σₖ (pᵢₖ − yᵢₖ)²          p = softmax of the scores; 0 to 2, for two classes twice that of a single column
/// </code>
/// In double; lower is better. scikit-learn's <c>brier_score_loss</c> for one column. Source: Brier, "Verification of Forecasts Expressed in Terms of Probability", 1950.
/// Margins have no probabilities and are refused.
/// </remarks>
public sealed class BrierScore() : Metric("Brier score", higherIsBetter: false)
{
    private double[] _probabilities = [];

    private protected override void CheckOutputs()
    {
        Decision.RefuseMargins(Name, OutputKind);
        _probabilities = new double[Outputs];
    }

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target, areProbabilities: true);
        Decision.Probabilities(Name, OutputKind, prediction, _probabilities);
        double sum = 0;
        for (int k = 0; k < target.Length; k++) sum += (_probabilities[k] - target[k]) * (_probabilities[k] - target[k]);
        Count(Decision.IsPerColumn(OutputKind, Outputs) ? sum / Outputs : sum, weight);
    }
}
