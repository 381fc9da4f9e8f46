using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The logistic function of each value: squashes to (0, 1) (lecture L3, 1986).</summary>
/// <remarks>
/// <code>
/// forward   y = 1 / (1 + e^−x)
/// backward  x̄ = y(1 − y)·ȳ
/// </code>
/// Any width; shapes stay the same. Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating
/// errors", 1986. PyTorch's <c>nn.Sigmoid</c>, Keras' <c>sigmoid</c>. Its gradient vanishes where it
/// saturates, and its outputs are never negative (L3.1): prefer <see cref="Tanh"/> or <see cref="ReLU"/> in hidden layers. For
/// classification give raw scores to a cross-entropy on logits instead of ending in a sigmoid.
/// </remarks>
public sealed class Sigmoid : Layer
{
    /// <summary>Glorot and Bengio's uniform initialisation, derived for units like this one.</summary>
    protected internal override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    protected internal override (double Low, double High)? OutputRange => (0, 1);

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
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Sigmoid(x);
    }

    // dy/dx = e^−x / (1 + e^−x)² = y(1 − y)
    private readonly struct Derivative : IMap2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes y, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes> => y * (1 - y) * outputGradient;
    }
}
