using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The mean of absolute errors over the outputs and the batch: outliers matter less than with squares.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ |q − y|     N rows, K outputs
/// q̄ = 1/(N·K)·sign(q − y),  0 where q = y
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>. The same as PyTorch's <c>L1Loss</c> and Keras' <c>MeanAbsoluteError</c>. The
/// gradient does not shrink near the target; that of <see cref="Huber"/> does.
/// </remarks>
public sealed class MeanAbsoluteError() : ElementwiseLoss(Of(default(Formula)))
{
    private readonly struct Formula : ILossMap
    {
        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            TLanes error = prediction - target;
            gradient = TLanes.Select(TLanes.AreEqual(error, TLanes.Zero), TLanes.Zero, TLanes.CopySign(TLanes.One, error));
            return TLanes.Abs(error);
        }
    }
}
