using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The rectified linear unit: positive values pass unchanged, the rest become 0.</summary>
/// <remarks>
/// <code>
/// forward   y = max(x, 0)
/// backward  x̄ = ȳ where x > 0, else 0
/// </code>
/// At the kink, x = 0, the gradient is 0, as in PyTorch and Keras. It saturates only for negative values; a unit that
/// is negative for all data stops learning, which <see cref="LeakyReLU"/> and <see cref="PReLU"/> avoid (lecture L3.2).
/// Layers before it are drawn with He's initialisation, derived for this function. Source: Nair and Hinton,
/// "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010. PyTorch's <c>nn.ReLU</c>, Keras' <c>relu</c>.
/// </remarks>
public sealed class ReLU() : ElementwiseActivation(Of(default(Formula)), HeNormal.Instance, (0, double.PositiveInfinity))
{
    internal readonly struct Formula : IActivationFormula
    {
        public static bool IsHeavy => false;

        public static bool UsesOutput => true;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => TLanes.AtLeast(x, TLanes.Zero);

        // dy/dx = 1 where x > 0, which is where y > 0, else 0. Tested the other way round so that NaN passes its gradient on.
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes y, TLanes outputGradient) =>
            TLanes.Select(y <= TLanes.Zero, TLanes.Zero, outputGradient);
    }
}
