using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The loss of support vector machines: a score contributes until it is on the correct side, beyond the margin.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ max(0, 1 − t·q)     t = +1 where the target is above 0, else −1;  N rows, K outputs
/// q̄ = 1/(N·K)·(−t) where t·q &lt; 1, else 0
/// </code>
/// q raw scores, y targets, both <c>[batch × outputs]</c>. Targets are −1 and +1, or 0 and 1 (0 means −1, as in Keras), so one column
/// is a binary decision by the sign of the score, and one-hot rows of K columns are K classifiers, one against the rest, decided by
/// the largest score. The same as Keras' <c>Hinge</c>. PyTorch's <c>MultiMarginLoss</c> and Keras' <c>CategoricalHinge</c> compare the
/// scores of a row with each other instead; PyTorch has no counterpart (<c>HingeEmbeddingLoss</c> is about distances).
/// </remarks>
public sealed class Hinge() : ElementwiseLoss(Of(default(Formula)))
{
    /// <inheritdoc/>
    public override OutputKind OutputKind => OutputKind.Margins;

    private protected override void CheckValues(Matrix prediction, Matrix target) => TargetValidation.Check(this, target, default(IsNoClass), "-1 or 1 (or 0 and 1)");

    private readonly struct Formula : ILossMap
    {
        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            TLanes sign = TLanes.Select(target > TLanes.Zero, TLanes.One, -TLanes.One);
            TLanes missing = 1 - (sign * prediction);
            gradient = TLanes.Select(missing > TLanes.Zero, -sign, TLanes.Zero);
            return TLanes.AtLeast(missing, TLanes.Zero);
        }
    }

    // 1 for anything but −1, 0 and 1, including NaN.
    private readonly struct IsNoClass : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes target)
        {
            TLanes isClass = TLanes.AreEqual(target * target, TLanes.One) | TLanes.AreEqual(target, TLanes.Zero);
            return TLanes.Select(isClass, TLanes.Zero, TLanes.One);
        }
    }
}
