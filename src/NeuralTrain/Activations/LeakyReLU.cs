using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A rectifier with a small slope for negative values.</summary>
/// <remarks>
/// <code>
/// forward   y = x where x > 0, else α·x          (= max(x, α·x) for α ≤ 1)
/// backward  x̄ = ȳ where x > 0, else α·ȳ
/// </code>
/// <para>
/// At the kink, x = 0, the gradient is that of the negative side, as in PyTorch. The formula depends on the sign of x, so any finite
/// slope works: above 1, where max(x, α·x) would swap the sides, and below 0 (−1 gives |x|).
/// Layers before it are drawn with He's initialisation for this slope.
/// </para>
/// <para>
/// With α = 0.1 or 0.5 it is the lecture's "very leaky" VReLU. Source: Maas, Hannun and Ng,
/// "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013; default α = 0.01 from there, the lecture and
/// PyTorch's <c>nn.LeakyReLU(negative_slope=0.01)</c>; the default of Keras' <c>LeakyReLU(negative_slope=0.3)</c> differs.
/// </para>
/// </remarks>
/// <param name="slope">The slope α for negative values; any finite number. Default 0.01.</param>
/// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number (as float32).</exception>
public sealed class LeakyReLU(double slope = 0.01) : ElementwiseActivation(
    Of(new Formula((float)Guard.Finite((float)slope, nameof(slope), "The usual slope is 0.01; very leaky ones take 0.1 or 0.5."))), new HeNormal(slope))
{
    /// <summary>The slope α for negative values.</summary>
    public double Slope { get; } = slope;

    private protected override string Details => $"{Slope}";

    internal readonly struct Formula(float slope) : IActivationFormula
    {
        public static bool IsHeavy => false;

        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Apply<TLanes>(TLanes x) => TLanes.Select(x > TLanes.Zero, x, slope * x);

        // dy/dx = 1 where x > 0, else α. From the input: with a negative slope the output does not tell the side.
        [MethodImpl(Jit.Inline)]
        TLanes IActivationFormula.Gradient<TLanes>(TLanes x, TLanes outputGradient) =>
            TLanes.Select(x > TLanes.Zero, outputGradient, slope * outputGradient);
    }

    /// <inheritdoc/>
    protected override void Describe(Settings settings) => settings.Set("slope", Slope);
}
