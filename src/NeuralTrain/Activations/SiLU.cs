using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The sigmoid-weighted linear unit, x·σ(x): a smooth rectifier with a small dip below 0. Also known as Swish.</summary>
/// <remarks>
/// <code>
/// forward   y = x·σ(x)
/// backward  x̄ = σ(x)(1 + x(1 − σ(x)))·ȳ
/// </code>
/// At −∞ the value is its limit, 0. Layers before it are drawn with He's initialisation. Sources: Elfwing, Uchibe and Doya,
/// "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning", 2017; Ramachandran, Zoph and Le,
/// "Searching for Activation Functions", 2017 (Swish with β = 1). PyTorch's <c>nn.SiLU</c>, Keras' <c>silu</c>.
/// </remarks>
public sealed class SiLU() : ElementwiseActivation(Of(default(Formula)), HeNormal.Instance)
{
    private readonly struct Formula : IActivationFormula
    {
        // The bound turns −∞·0, which is NaN, into the limit.
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => TLanes.AtLeast(x, float.MinValue) * VectorMath.Sigmoid(x);

        // dy/dx = σ + x·σ(1 − σ) = σ(1 + x(1 − σ)). Beyond ±110 it is 0 or 1 in float; the bounds keep ∞·0 out.
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient)
        {
            TLanes bounded = TLanes.AtMost(TLanes.AtLeast(x, -110f), 110f);
            TLanes sigmoid = VectorMath.Sigmoid(bounded);
            return sigmoid * (1 + (bounded * (1 - sigmoid))) * outputGradient;
        }
    }
}
