using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The cross-entropy of binary decisions from raw scores: one column, or several labels that may be true at once.</summary>
/// <remarks>
/// <code>
/// y′ = (1 − ε)·y + ε/2
/// L = 1/(N·K)·Σ (p·y′·ln(1 + e^−s) + (1 − y′)·ln(1 + e^s))     which is −p·y′·ln σ(s) − (1 − y′)·ln(1 − σ(s));  N rows, K outputs
/// s̄ = 1/(N·K)·((1 − y′)·σ(s) − p·y′·σ(−s))                     which is σ(s) − y′ for p = 1
/// </code>
/// <para>
/// s raw scores (logits), y targets in [0, 1], both <c>[batch × outputs]</c>; p the weight of the positive class, 1 by default; ε label smoothing. The
/// scores come without a <see cref="Sigmoid"/>: combined with the logarithm, it is computed without overflow or cancellation for scores of
/// ±10 000 and more. For a probability, apply a sigmoid to the score afterwards.
/// </para>
/// <para>
/// The same as PyTorch's <c>BCEWithLogitsLoss(pos_weight=p)</c>, where the positive weight does not enter the mean's divisor either,
/// and Keras' <c>BinaryCrossentropy(from_logits=True, label_smoothing=ε)</c>.
/// </para>
/// </remarks>
/// <param name="positiveWeight">
/// p, how much a positive counts compared with a negative; for rare positives often negatives / positives. Default 1.
/// </param>
/// <param name="labelSmoothing">ε in [0, 1): how far each target is moved towards ½. Default 0.</param>
/// <exception cref="ArgumentOutOfRangeException">The weight is not a finite number greater than 0, or ε lies outside [0, 1).</exception>
public sealed class BinaryCrossEntropy(double positiveWeight = 1, double labelSmoothing = 0)
    : ElementwiseLoss(Of(new Formula((float)positiveWeight, (float)labelSmoothing)))
{
    /// <summary>p, how much a positive counts compared with a negative.</summary>
    public double PositiveWeight { get; } = Guard.PositiveFloat(
        positiveWeight, nameof(positiveWeight), "1 treats both classes alike; for rare positives it is often negatives / positives.");

    /// <summary>ε, how far each target is moved towards ½.</summary>
    public double LabelSmoothing { get; } = Guard.FractionFloat(labelSmoothing, nameof(labelSmoothing), "0 switches it off; 0.1 is usual.");

    /// <inheritdoc/>
    public override OutputKind OutputKind => OutputKind.BinaryScores;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("positive weight", PositiveWeight);
        settings.Set("label smoothing", LabelSmoothing);
    }

    private protected override void CheckValues(Matrix prediction, Matrix target) => TargetValidation.CheckProbabilities(this, target);

    private readonly struct Formula(float positiveWeight, float smoothing) : ILossMap
    {
        private readonly float _kept = 1 - smoothing;
        private readonly float _half = smoothing / 2;

        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            // With e = e^−|s|, which cannot overflow: ln(1 + e^±s) = max(±s, 0) + ln(1 + e), and σ(|s|) = 1/(1 + e).
            TLanes e = VectorMath.Exp(-TLanes.Abs(prediction));
            TLanes logarithm = VectorMath.Log1PToOne(e);
            TLanes larger = 1 / (1 + e);
            TLanes smaller = e * larger;
            TLanes isNegative = prediction < TLanes.Zero;

            // Each term separately: a sum such as s − s·y + … would cancel, and of a small loss only rounding errors would remain.
            TLanes smoothed = (_kept * target) + _half;
            TLanes positive = positiveWeight * smoothed;
            TLanes negative = 1 - smoothed;
            gradient = (negative * TLanes.Select(isNegative, smaller, larger)) - (positive * TLanes.Select(isNegative, larger, smaller));
            return (negative * TLanes.AtLeast(prediction, TLanes.Zero))
                + (positive * TLanes.AtLeast(-prediction, TLanes.Zero))
                + ((negative + positive) * logarithm);
        }
    }
}
