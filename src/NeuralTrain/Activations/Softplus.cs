using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A smooth rectifier, ln(1 + e^x), optionally shifted to pass through 0.</summary>
/// <remarks>
/// <code>
/// forward   y = ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)          centered: y = ln(1 + e^x) − ln 2
/// backward  x̄ = σ(x)·ȳ
/// </code>
/// The second form of the forward pass neither overflows nor loses small values. Layers before it are drawn with He's initialisation. Sources: Dugas et al.,
/// "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2001; Glorot, Bordes and Bengio, "Deep Sparse
/// Rectifier Neural Networks", 2011. PyTorch's <c>nn.Softplus()</c> (which replaces the formula by x above 20; here it holds
/// everywhere, and there is no <c>beta</c>), Keras' <c>softplus</c>; neither has the centered form.
/// </remarks>
/// <param name="centered">Whether to subtract ln 2, so that 0 gives 0. Default false.</param>
public sealed class Softplus(bool centered = false) : ElementwiseActivation(
    Of(new Formula(centered ? (float)Ln2 : 0)), HeNormal.Instance, (centered ? -Ln2 : 0, double.PositiveInfinity))
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>Whether ln 2 is subtracted, so that 0 gives 0.</summary>
    public bool IsCentered { get; } = centered;

    /// <inheritdoc/>
    protected override void Describe(Settings settings) => settings.Set("centered", IsCentered);

    private protected override string Details => IsCentered ? "centered" : "";

    private readonly struct Formula(float shift) : IActivationFormula
    {
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => VectorMath.Softplus(x) - shift;

        // dy/dx = e^x / (1 + e^x) = σ(x)
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient) => VectorMath.Sigmoid(x) * outputGradient;
    }
}
