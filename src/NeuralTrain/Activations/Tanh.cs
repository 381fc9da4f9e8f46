using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The hyperbolic tangent, which squashes every value to (−1, 1), around 0.</summary>
/// <remarks>
/// <code>
/// forward   y = (e^2x − 1) / (e^2x + 1) = 2σ(2x) − 1
/// backward  x̄ = (1 − y²)·ȳ
/// </code>
/// It trains faster than the sigmoid, because its outputs lie around 0 (LeCun et al., "Efficient BackProp", 1998); its gradient
/// vanishes where it saturates (lecture L3.1). Layers before it are drawn with Glorot and Bengio's uniform initialisation, derived for
/// this function. Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
/// PyTorch's <c>nn.Tanh</c>, Keras' <c>tanh</c>.
/// </remarks>
public sealed class Tanh() : ElementwiseActivation(Of(default(Formula)), GlorotUniform.Instance, (-1, 1), saturates: true)
{
    private readonly struct Formula : IActivationFormula
    {
        public static bool UsesOutput => true;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => VectorMath.Tanh(x);

        // dy/dx = 1 − y² = (1 − y)(1 + y): the factors, unlike the difference of squares, lose nothing near ±1.
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes y, TLanes outputGradient) => (1 - y) * (1 + y) * outputGradient;
    }
}
