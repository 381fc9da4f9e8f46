using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The sigmoid-weighted linear unit, x·σ(x): a smooth rectifier with a small dip below 0. Also known as Swish.</summary>
/// <remarks>
/// <code>
/// forward   y = x·σ(x)
/// backward  x̄ = σ(x)(1 + x(1 − σ(x)))·ȳ
/// </code>
/// Any width; shapes stay the same. At −∞ the value is its limit, 0. Sources: Elfwing, Uchibe and Doya, "Sigmoid-Weighted
/// Linear Units for Neural Network Function Approximation in Reinforcement Learning", 2017; Ramachandran, Zoph and Le,
/// "Searching for Activation Functions", 2017 (Swish with β = 1). PyTorch's <c>nn.SiLU</c>, Keras' <c>silu</c>.
/// </remarks>
public sealed class SiLU : Layer
{
    /// <summary>He's initialisation, for it is a rectifier, if a soft one.</summary>
    protected internal override Initializer? PreferredInitializer => HeNormal.Instance;

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
            Elementwise.Map(input.Span, outputGradient.Span, inputGradient.Span, default(Derivative));
        }
    }

    private readonly struct Formula : IMap1
    {
        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            // The bound turns −∞·0, which is no number, into the limit.
            return TLanes.AtLeast(x, float.MinValue) * VectorMath.Sigmoid(x);
        }
    }

    // dy/dx = σ + x·σ(1 − σ) = σ(1 + x(1 − σ))
    private readonly struct Derivative : IMap2
    {
        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            // Beyond ±110 the derivative is 0 or 1 in float; the bounds keep ∞·0 out.
            TLanes bounded = TLanes.AtMost(TLanes.AtLeast(x, -110f), 110f);
            TLanes sigmoid = VectorMath.Sigmoid(bounded);
            return sigmoid * (1 + (bounded * (1 - sigmoid))) * outputGradient;
        }
    }
}
