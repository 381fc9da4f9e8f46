using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The Gaussian error linear unit, x·Φ(x): each value times the probability that a standard normal variable lies below it.</summary>
/// <remarks>
/// <code>
/// forward   y = x·Φ(x),  Φ(x) = ½(1 + erf(x/√2))
/// backward  x̄ = (Φ(x) + x·φ(x))·ȳ,  φ(x) = e^(−x²/2)/√(2π)
///
/// approximate:
/// forward   y = ½x(1 + t),  t = tanh(u),  u = √(2/π)(x + 0.044715·x³)
/// backward  x̄ = (½(1 + t) + ½x(1 − t²)·√(2/π)(1 + 3·0.044715·x²))·ȳ
/// </code>
/// At −∞ the value is its limit, 0. The approximation differs from the exact form by up to
/// 5·10⁻⁴; choose it to reproduce networks trained with it. Layers before it are drawn with He's initialisation. Source: Hendrycks
/// and Gimpel, "Gaussian Error Linear Units (GELUs)", 2016. PyTorch's <c>nn.GELU()</c> and <c>nn.GELU(approximate='tanh')</c>,
/// Keras' <c>gelu</c> with <c>approximate</c> false (its default) and true.
/// </remarks>
/// <param name="approximate">Whether to use the form with tanh instead of the exact one. Default false, as in PyTorch and Keras.</param>
public sealed class GELU(bool approximate = false) : ElementwiseActivation(approximate ? Of(default(TanhFormula)) : Of(default(Formula)), HeNormal.Instance)
{
    /// <summary>Whether the form with tanh is used instead of the exact one.</summary>
    public bool IsApproximate { get; } = approximate;

    /// <inheritdoc/>
    protected override void Describe(Settings settings) => settings.Set("approximate", IsApproximate);

    private protected override string Details => IsApproximate ? "approximate" : "";

    // Beyond ±20 the derivatives are 0 or 1 in float; the bounds keep ∞·0 out.
    [MethodImpl(Jit.Inline)]
    private static TLanes Bounded<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.AtMost(TLanes.AtLeast(x, -20f), 20f);

    private readonly struct Formula : IActivationFormula
    {
        private const float SqrtHalf = 0.707106781f;
        private const float DensityAtZero = 0.398942280f;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => 0.5f * TLanes.AtLeast(x, float.MinValue) * (1 + VectorMath.Erf(SqrtHalf * x));

        // dy/dx = Φ + x·φ
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient)
        {
            TLanes bounded = Bounded(x);
            TLanes probability = 0.5f * (1 + VectorMath.Erf(SqrtHalf * bounded));
            TLanes density = DensityAtZero * VectorMath.Exp(-0.5f * bounded * bounded);
            return (probability + (bounded * density)) * outputGradient;
        }
    }

    private readonly struct TanhFormula : IActivationFormula
    {
        private const float SqrtTwoOverPi = 0.797884561f;
        private const float Cubic = 0.044715f;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => 0.5f * TLanes.AtLeast(x, float.MinValue) * (1 + Tanh(x));

        // dy/dx = ½(1 + t) + ½x·dt/dx,  dt/dx = (1 − t²)·du/dx,  du/dx = √(2/π)(1 + 3·0.044715·x²)
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient)
        {
            TLanes bounded = Bounded(x);
            TLanes t = Tanh(bounded);
            TLanes inner = SqrtTwoOverPi * (1 + (3 * Cubic * bounded * bounded));
            return 0.5f * (1 + t + (bounded * (1 - t) * (1 + t) * inner)) * outputGradient;
        }

        [MethodImpl(Jit.Inline)]
        private static TLanes Tanh<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> =>
            VectorMath.Tanh(SqrtTwoOverPi * x * (1 + (Cubic * x * x)));
    }
}
