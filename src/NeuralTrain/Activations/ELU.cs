using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The exponential linear unit: positive values pass unchanged, negative ones saturate smoothly at −α.</summary>
/// <remarks>
/// <code>
/// forward   y = x where x > 0, else α(e^x − 1)
/// backward  x̄ = ȳ where x > 0, else (y + α)·ȳ         since d/dx α(e^x − 1) = α·e^x = y + α
/// </code>
/// e^x − 1 is computed without cancellation near 0. At x = 0 the gradient is that of the
/// negative side, α, as in PyTorch; for α = 1 there is no kink. Layers before it are drawn with He's initialisation, as in the paper.
/// Source: Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units (ELUs)", 2015,
/// eq. 15, with the default α = 1. PyTorch's <c>nn.ELU(alpha=1.0)</c>, Keras' <c>ELU(alpha=1.0)</c>.
/// </remarks>
/// <param name="alpha">The value α that negative inputs saturate to, as −α; greater than 0. Default 1.</param>
/// <exception cref="ArgumentOutOfRangeException">α is not a finite number greater than 0 (as float32).</exception>
public sealed class ELU(double alpha = 1) : ElementwiseActivation(
    Of(new Formula((float)Guard.PositiveFloat(alpha, nameof(alpha), "The usual value is 1; for α = 0 take ReLU."))), HeNormal.Instance,
    (-alpha, double.PositiveInfinity), saturates: true)
{
    /// <summary>The value α that negative inputs saturate to, as −α.</summary>
    public double Alpha { get; } = alpha;

    /// <inheritdoc/>
    protected override void Describe(Settings settings) => settings.Set("alpha", Alpha);

    private protected override string Details => $"{Alpha}";

    private readonly struct Formula(float alpha) : IActivationFormula
    {
        public static bool UsesOutput => true;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => TLanes.Select(x > TLanes.Zero, x, alpha * VectorMath.ExpM1(x));

        // dy/dx = 1 where x > 0, which is where y > 0, else α·e^x = y + α
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes y, TLanes outputGradient) =>
            TLanes.Select(y > TLanes.Zero, outputGradient, (y + alpha) * outputGradient);
    }
}
