namespace NeuralTrain;

/// <summary>The negative log-likelihood of a normal distribution: for each target the network predicts a mean and, as its uncertainty, the logarithm of a variance.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ ½(ln u + (y − μ)²/u)     u = 10⁻⁶ + eᵛ;  N rows, K targets
/// μ̄ = 1/(N·K)·(μ − y)/u
/// v̄ = 1/(N·K)·½(1 − (y − μ)²/u)·eᵛ/u
/// </code>
/// <para>
/// Outputs <c>[batch × 2K]</c>: the K means μ, then the K logarithms v of the variances; targets y <c>[batch × K]</c>. The variance u is at least 10⁻⁶: otherwise the loss of a row that is
/// predicted exactly would be −∞. The constant ½ ln 2π is left out, so the loss may be negative. Metrics use only the means. Standardize the targets: the first variances are about 1.
/// </para>
/// <para>
/// PyTorch's <c>GaussianNLLLoss</c> takes the variance itself, and clamps it at the same 10⁻⁶. Sources: Nix and Weigend, "Estimating the Mean and Variance of the Target Probability Distribution", 1994;
/// the minimum variance that is added: Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles", 2017, section 2.2.
/// </para>
/// </remarks>
public sealed class GaussianLoss : Loss
{
    private const double Least = 1e-6;

    /// <summary>2: a mean and the logarithm of a variance.</summary>
    public override int OutputsPerTarget => 2;

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient) => Compute(prediction, target, gradient, sampleWeights: default);

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        int targets = target.Columns;
        double total = Total(target.Rows, sampleWeights) * targets, scale = total > 0 ? 1 / total : 0, sum = 0;
        for (int row = 0; row < target.Rows; row++)
        {
            double weight = sampleWeights.IsEmpty ? scale : scale * sampleWeights[row];
            for (int k = 0; k < targets; k++)
            {
                // Where the exponential overflows, the minimum variance no longer matters.
                double error = (double)prediction[row, k] - target[row, k], v = prediction[row, targets + k], variance = Least + Math.Exp(v);
                double logarithm = double.IsFinite(variance) ? Math.Log(variance) : v, inUnits = error * error / variance;
                sum += weight * 0.5 * (logarithm + inUnits);
                if (gradient.IsEmpty) continue;
                gradient[row, k] = (float)(weight * error / variance);
                gradient[row, targets + k] = (float)(weight * 0.5 * (1 - inUnits) / (1 + (Least * Math.Exp(-v))));
            }
        }

        return sum;
    }
}
