namespace NeuralTrain;

/// <summary>The log-loss: the mean negative log-likelihood of the targets under the predicted probabilities, independent of the loss the network was trained with.</summary>
/// <remarks>
/// <code>
/// classes      1/Σ wᵢ·Σᵢ wᵢ·Σₖ yᵢₖ·(−ln softmax(sᵢ)ₖ)
/// decisions    1/(K·Σ wᵢ)·Σᵢ wᵢ·Σₖ (yᵢₖ·ln(1 + e^−sᵢₖ) + (1 − yᵢₖ)·ln(1 + e^sᵢₖ))
/// values       the same for q itself, taken as a probability and clamped to [2⁻²⁴, 1 − 2⁻²⁴]; several columns are classes
/// </code>
/// Computed in double, with sample weights but neither class weights nor label smoothing, so that differently trained networks can be compared. In nats; lower is better.
/// scikit-learn's <c>log_loss</c>. Margins have no probabilities and are refused.
/// </remarks>
public sealed class LogLoss() : Metric("log-loss", higherIsBetter: false)
{
    // The last float below 1 is 1 − 2⁻²⁴.
    private const double Least = 1.0 / (1 << 24);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target, areProbabilities: true);
        Count(OfRow(prediction, target), weight);
    }

    private protected override void CheckOutputs() => Decision.RefuseMargins(Name, OutputKind);

    private double OfRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target)
    {
        double sum = 0;
        if (OutputKind == OutputKind.ClassScores)
        {
            double largest = prediction[Decision.Largest(prediction)];
            double total = 0;
            foreach (float score in prediction) total += Math.Exp(score - largest);
            double logarithm = largest + Math.Log(total);
            for (int k = 0; k < prediction.Length; k++) sum += target[k] * (logarithm - prediction[k]);
            return sum;
        }

        for (int k = 0; k < prediction.Length; k++)
        {
            double y = target[k];
            if (OutputKind == OutputKind.BinaryScores)
            {
                sum += (y * Softplus(-prediction[k])) + ((1 - y) * Softplus(prediction[k]));
            }
            else
            {
                double q = Math.Clamp(prediction[k], Least, 1 - Least);
                sum -= (y * Math.Log(q)) + (prediction.Length == 1 ? (1 - y) * Math.Log(1 - q) : 0);
            }
        }

        return OutputKind == OutputKind.BinaryScores ? sum / prediction.Length : sum;
    }

    // ln(1 + eˣ), without overflow.
    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
