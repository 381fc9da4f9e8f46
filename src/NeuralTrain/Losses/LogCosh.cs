using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The logarithm of the hyperbolic cosine of the error: half its square for small errors, its magnitude for large ones, and smooth in between.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ ln cosh(q − y)     N rows, K outputs
/// q̄ = 1/(N·K)·tanh(q − y)
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>. Like <see cref="Huber"/> with δ = 1, but with all derivatives. Keras' <c>LogCosh</c>; PyTorch has none.
/// </remarks>
public sealed class LogCosh() : ElementwiseLoss(Of(default(Formula)))
{
    private readonly struct Formula : ILossMap
    {
        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            // With t = e^−|e| and u = 1 − t: cosh e = 1 + u²/2t, which keeps its digits for small errors, and |e| + ln((1 + t²)/2) for large ones.
            TLanes error = prediction - target;
            TLanes magnitude = TLanes.Abs(error);
            TLanes u = -VectorMath.ExpM1(-magnitude);
            TLanes t = 1 - u;
            TLanes isSmall = magnitude < TLanes.One;
            TLanes logarithm = VectorMath.Log1PToOne(TLanes.Select(isSmall, u * u / (t + t), t * t));
            gradient = TLanes.CopySign(u * (1 + t) / (1 + (t * t)), error);
            return logarithm + TLanes.Select(isSmall, TLanes.Zero, magnitude - 0.69314718056f);
        }
    }
}
