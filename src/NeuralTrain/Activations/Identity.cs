using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Passes every value on unchanged: no activation.</summary>
/// <remarks>
/// <code>
/// forward   y = x
/// backward  x̄ = ȳ
/// </code>
/// A placeholder where the activation is configurable, or the plain branch of a <see cref="Concatenate"/>. Layers before it are drawn with
/// Glorot and Bengio's uniform initialisation, derived for units that are linear around 0. PyTorch's <c>nn.Identity</c>, Keras' <c>linear</c>.
/// </remarks>
public sealed class Identity() : ElementwiseActivation(Of(default(Formula)), GlorotUniform.Instance)
{
    /// <inheritdoc/>
    public override bool PassesValuesThrough => true;

    private readonly struct Formula : IActivationFormula
    {
        public static bool IsHeavy => false;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => x;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient) => outputGradient;
    }
}
