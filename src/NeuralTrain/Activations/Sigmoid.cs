using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The logistic function, which squashes every value to (0, 1).</summary>
/// <remarks>
/// <code>
/// forward   y = 1 / (1 + e^−x)
/// backward  x̄ = y(1 − y)·ȳ
/// </code>
/// Its gradient vanishes where it saturates, and its outputs are never negative (lecture L3.1): prefer <see cref="Tanh"/> or
/// <see cref="ReLU"/> in hidden layers. For classification, do not end a network with it: pass raw scores to <see cref="BinaryCrossEntropy"/>.
/// Layers before it are drawn with Glorot and Bengio's uniform initialisation, derived for units like this one.
/// Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
/// PyTorch's <c>nn.Sigmoid</c>, Keras' <c>sigmoid</c>.
/// </remarks>
public sealed class Sigmoid() : ElementwiseActivation(Of(default(Formula)), GlorotUniform.Instance, (0, 1), saturates: true)
{
    private readonly struct Formula : IActivationFormula
    {
        public static bool UsesOutput => true;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => VectorMath.Sigmoid(x);

        // dy/dx = e^−x / (1 + e^−x)² = y(1 − y)
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes y, TLanes outputGradient) => y * (1 - y) * outputGradient;
    }
}
