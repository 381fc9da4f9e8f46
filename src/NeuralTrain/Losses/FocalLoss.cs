using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A binary cross-entropy in which easy examples hardly count: for binary decisions with very few positives.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ a·(1 − p)^γ·(−ln p)                            p = σ(m), m = s for a positive and −s for a negative;  N rows, K outputs
/// s̄ = 1/(N·K)·∓a·(1 − p)^γ·(γ·p·(−ln p) + 1 − p)               a = α for a positive, with −, and 1 − α for a negative, with +
/// </code>
/// s raw scores (logits), y targets 0 or 1, both <c>[batch × outputs]</c>. With γ = 0 and α = ½ it is half of <see cref="BinaryCrossEntropy"/>. Stable for scores of ±10 000.
/// torchvision's <c>sigmoid_focal_loss(alpha=α, gamma=γ)</c>, whose defaults these are, and Keras' <c>BinaryFocalCrossentropy(apply_class_balancing=True, from_logits=True)</c>.
/// Source: Lin, Goyal, Girshick, He and Dollár, "Focal Loss for Dense Object Detection", 2017, eq. 5.
/// </remarks>
/// <param name="gamma">The focusing exponent γ, 0 or more: the larger it is, the less easy examples count. Default 2, as in the paper.</param>
/// <param name="alpha">The weight α of positives, in (0, 1); negatives weigh 1 − α. Default 0.25, as in the paper: with a large γ the rare positives already count enough.</param>
/// <exception cref="ArgumentOutOfRangeException">γ is negative or not finite, or α lies outside (0, 1).</exception>
public sealed class FocalLoss(double gamma = 2, double alpha = 0.25) : ElementwiseLoss(Of(new Formula((float)gamma, (float)alpha)))
{
    /// <summary>The focusing exponent γ: the larger it is, the less easy examples count.</summary>
    public double Gamma { get; } = Guard.NotNegativeFloat(gamma, nameof(gamma), "0 lets all decisions count the same; 2 is usual.");

    /// <summary>The weight α of positives.</summary>
    public double Alpha { get; } = Guard.InOpen((float)alpha, 0, 1, nameof(alpha), "0.5 weighs yes and no alike.");

    /// <inheritdoc/>
    public override OutputKind OutputKind => OutputKind.BinaryScores;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("gamma", Gamma);
        settings.Set("alpha", Alpha);
    }

    private protected override void CheckValues(Matrix prediction, Matrix target) => TargetValidation.Check(this, target, default(IsNoAnswer), "0 or 1");

    private readonly struct Formula(float gamma, float alpha) : ILossMap
    {
        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            // (1 − σ(m))^γ = e^(−γ·ln(1 + eᵐ)), which neither overflows nor cancels.
            TLanes isYes = target > TLanes.Zero;
            TLanes margin = TLanes.Select(isYes, prediction, -prediction);
            TLanes surprise = VectorMath.Softplus(-margin);
            TLanes weight = TLanes.Select(isYes, alpha, 1 - alpha) * VectorMath.Exp(-gamma * VectorMath.Softplus(margin));
            TLanes slope = weight * ((gamma * VectorMath.Sigmoid(margin) * surprise) + VectorMath.Sigmoid(-margin));
            gradient = TLanes.Select(isYes, -slope, slope);
            return weight * surprise;
        }
    }

    // 1 for anything but 0 and 1, including NaN.
    private readonly struct IsNoAnswer : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes target) => TLanes.Select(TLanes.AreEqual(target * target, target), TLanes.Zero, TLanes.One);
    }
}
