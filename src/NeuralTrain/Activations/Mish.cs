using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A smooth rectifier with a dip below 0, x·tanh(ln(1 + e^x)), much like <see cref="SiLU"/>.</summary>
/// <remarks>
/// <code>
/// forward   y = x·tanh(ln(1 + e^x)) = x·n / (n + 2)                       e = e^x,  n = e(e + 2)
/// backward  x̄ = (n / (n + 2) + 4x·e(1 + e) / (n + 2)²)·ȳ
/// </code>
/// At −∞ the value is its limit, 0. Layers before it are drawn with He's initialisation. Source: Misra, "Mish: A Self Regularized Non-Monotonic
/// Activation Function", 2019. PyTorch's <c>nn.Mish</c>, Keras' <c>mish</c>.
/// </remarks>
public sealed class Mish() : ElementwiseActivation(Of(default(Formula)), HeNormal.Instance)
{
    private readonly struct Formula : IActivationFormula
    {
        // Above 20 the fraction is 1 in float; the bounds keep ∞/∞ and −∞·0 out.
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x)
        {
            TLanes e = VectorMath.Exp(TLanes.AtMost(x, 20f)), n = e * (e + 2);
            return TLanes.AtLeast(x, float.MinValue) * (n / (n + 2));
        }

        // dy/dx = t + x(1 − t²)σ(x) with t = n / (n + 2), 1 − t² = 4(1 + e)² / (n + 2)² and σ = e / (1 + e)
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient)
        {
            TLanes bounded = TLanes.AtMost(TLanes.AtLeast(x, -110f), 20f), e = VectorMath.Exp(bounded), n = e * (e + 2), inverse = TLanes.One / (n + 2);
            return ((n * inverse) + (4 * bounded * e * (e + 1) * inverse * inverse)) * outputGradient;
        }
    }
}
