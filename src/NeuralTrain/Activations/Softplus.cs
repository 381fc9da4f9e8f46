using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A smooth rectifier, ln(1 + e^x), or the same shifted so that it passes through 0 (lecture L3, 2011).</summary>
/// <remarks>
/// <code>
/// forward   y = ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)          centered: y = ln(1 + e^x) − ln 2
/// backward  x̄ = σ(x)·ȳ
/// </code>
/// Any width; shapes stay the same. The second form neither overflows nor loses small values. Sources: Dugas et al.,
/// "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2001; Glorot, Bordes and Bengio, "Deep Sparse
/// Rectifier Neural Networks", 2011. PyTorch's <c>nn.Softplus()</c> (which replaces the formula by x above 20; here it holds
/// everywhere, and there is no <c>beta</c>), Keras' <c>softplus</c>; neither has the centered one.
/// </remarks>
public sealed class Softplus : Layer
{
    private const float Ln2 = 0.693147181f;

    /// <summary>Creates the layer.</summary>
    /// <param name="centered">Whether to subtract ln 2, so that 0 gives 0. Default false.</param>
    public Softplus(bool centered = false) => IsCentered = centered;

    /// <summary>Whether ln 2 is subtracted, so that 0 gives 0.</summary>
    public bool IsCentered { get; }

    /// <summary>He's initialisation, for it is a rectifier, if a soft one.</summary>
    protected internal override Initializer? PreferredInitializer => HeNormal.Instance;

    /// <inheritdoc/>
    protected internal override (double Low, double High)? OutputRange => (IsCentered ? -Math.Log(2) : 0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Elementwise.Map(input.Span, output.Span, new Formula(IsCentered ? Ln2 : 0));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            Elementwise.Map(input.Span, outputGradient.Span, inputGradient.Span, default(Derivative));
        }
    }

    /// <summary>The kind, and whether it is centered.</summary>
    public override string ToString() => IsCentered ? $"{nameof(Softplus)}(centered)" : nameof(Softplus);

    private readonly struct Formula(float shift) : IMap1
    {
        private readonly float _shift = shift;

        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Softplus(x) - _shift;
    }

    // dy/dx = e^x / (1 + e^x) = σ(x)
    private readonly struct Derivative : IMap2
    {
        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Sigmoid(x) * outputGradient;
    }
}
