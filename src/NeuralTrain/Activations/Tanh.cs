using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The hyperbolic tangent of each value: squashes to (−1, 1), around 0 (lecture L3, 1986).</summary>
/// <remarks>
/// <code>
/// forward   y = (e^2x − 1) / (e^2x + 1) = 2σ(2x) − 1
/// backward  x̄ = (1 − y²)·ȳ
/// </code>
/// Any width; shapes stay the same. Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating
/// errors", 1986; LeCun et al., "Efficient BackProp", 1998, for why it trains faster than the sigmoid: its outputs lie
/// around 0. Its gradient vanishes where it saturates (L3.1). PyTorch's <c>nn.Tanh</c>, Keras' <c>tanh</c>.
/// </remarks>
public sealed class Tanh : Layer
{
    /// <summary>Glorot and Bengio's uniform initialisation, derived for this very function.</summary>
    protected internal override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    protected internal override (double Low, double High)? OutputRange => (-1, 1);

    /// <inheritdoc/>
    protected internal override bool Saturates => true;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Elementwise.Map(input.Span, output.Span, default(Formula));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            Elementwise.Map(output.Span, outputGradient.Span, inputGradient.Span, default(Derivative));
        }
    }

    private readonly struct Formula : IMap1
    {
        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Tanh(x);
    }

    // dy/dx = 1 − y² = (1 − y)(1 + y): the factors, unlike the difference of squares, lose nothing near ±1.
    private readonly struct Derivative : IMap2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes y, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes> => (1 - y) * (1 + y) * outputGradient;
    }
}
