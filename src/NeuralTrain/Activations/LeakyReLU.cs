using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A rectifier that lets a little of the negative values through (lecture L3: LReLU, 2011, and VReLU, 2014).</summary>
/// <remarks>
/// <code>
/// forward   y = x where x > 0, else α·x          (= max(x, α·x) for α ≤ 1)
/// backward  x̄ = ȳ where x > 0, else α·ȳ
/// </code>
/// <para>
/// Any width; shapes stay the same. At the kink, x = 0, the gradient is that of the negative side, as in PyTorch.
/// The formula goes by the sign of x, so any finite slope is right: above 1, where the lecture's max(x, α·x) would give the
/// steep part to the positive side, and below 0 (−1 gives |x|).
/// </para>
/// <para>
/// VReLU, the "very leaky" rectifier of the lecture, is this layer with α = 0.1 or α = 0.5. Source: Maas, Hannun and Ng,
/// "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013; default α = 0.01 from there, the lecture and
/// PyTorch's <c>nn.LeakyReLU(negative_slope=0.01)</c>; Keras' <c>LeakyReLU(negative_slope=0.3)</c> has another default.
/// </para>
/// </remarks>
public sealed class LeakyReLU : Layer
{
    private readonly float _slope;

    /// <summary>Creates the layer.</summary>
    /// <param name="slope">The slope α for negative values; any finite number. Default 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number (as float32).</exception>
    public LeakyReLU(double slope = 0.01)
    {
        _slope = (float)slope;
        Guard.Finite(_slope, nameof(slope), "The usual slope is 0.01; very leaky ones take 0.1 or 0.5.");
        Slope = slope;
        PreferredInitializer = new HeNormal(slope);
    }

    /// <summary>The slope α for negative values.</summary>
    public double Slope { get; }

    /// <summary>He's initialisation for this slope.</summary>
    protected internal override Initializer? PreferredInitializer { get; }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Elementwise.Map(input.Span, output.Span, new Formula(_slope));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            Elementwise.Map(input.Span, outputGradient.Span, inputGradient.Span, new Derivative(_slope));
        }
    }

    /// <summary>Kind and slope, as <c>LeakyReLU(0.01)</c>.</summary>
    public override string ToString() => $"{nameof(LeakyReLU)}({Slope})";

    internal readonly struct Formula(float slope) : IMap1
    {
        private readonly float _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.Select(x > TLanes.Zero, x, _slope * x);
    }

    // dy/dx = 1 where x > 0, else α. From the input: with a negative slope the output does not tell the side.
    internal readonly struct Derivative(float slope) : IMap2
    {
        private readonly float _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Select(x > TLanes.Zero, outputGradient, _slope * outputGradient);
    }
}
