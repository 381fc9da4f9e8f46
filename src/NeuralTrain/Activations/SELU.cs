using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The scaled exponential linear unit, whose two constants drive activations to mean 0 and standard deviation 1.</summary>
/// <remarks>
/// <code>
/// forward   y = λ·x where x > 0, else λ·α(e^x − 1)
/// backward  x̄ = λ·ȳ where x > 0, else (y + λ·α)·ȳ        since d/dx λα(e^x − 1) = λα·e^x = y + λα
/// λ = 1.0507009873554804934193349852946, α = 1.6732632423543772848170429916717
/// </code>
/// At x = 0 the gradient is that of the negative side, λα, as in PyTorch. Source: Klambauer,
/// Unterthiner, Mayr and Hochreiter, "Self-Normalizing Neural Networks", 2017: the constants are those for which inputs
/// z ~ N(0, 1) give outputs of mean 0 and variance 1 (eq. 14; lecture L6.5). This requires weights of variance 1/fan_in,
/// <see cref="LeCunNormal"/>, the default of a <see cref="Linear"/> before it, and <see cref="AlphaDropout"/> instead of
/// dropout. PyTorch's <c>nn.SELU</c>, Keras' <c>selu</c>.
/// </remarks>
public sealed class SELU() : ElementwiseActivation(Of(default(Formula)), LeCunNormal.Instance, (-Lambda * Alpha, double.PositiveInfinity), saturates: true)
{
    /// <summary>The scale λ.</summary>
    public const double Lambda = 1.0507009873554804934193349852946;

    /// <summary>The constant α: negative inputs saturate to −λα.</summary>
    public const double Alpha = 1.6732632423543772848170429916717;

    private const float Scale = (float)Lambda;
    private const float Saturation = (float)(Lambda * Alpha);

    private readonly struct Formula : IActivationFormula
    {
        public static bool UsesOutput => true;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => TLanes.Select(x > TLanes.Zero, Scale * x, Saturation * VectorMath.ExpM1(x));

        // dy/dx = λ where x > 0, which is where y > 0, else λα·e^x = y + λα
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes y, TLanes outputGradient) =>
            TLanes.Select(y > TLanes.Zero, Scale, y + Saturation) * outputGradient;
    }
}
