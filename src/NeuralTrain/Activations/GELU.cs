using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The Gaussian error linear unit, x·Φ(x): each value weighted by the share of a normal distribution below it.</summary>
/// <remarks>
/// <code>
/// forward   y = x·Φ(x),  Φ(x) = ½(1 + erf(x/√2))
/// backward  x̄ = (Φ(x) + x·φ(x))·ȳ,  φ(x) = e^(−x²/2)/√(2π)
///
/// approximate:
/// forward   y = ½x(1 + t),  t = tanh(u),  u = √(2/π)(x + 0.044715·x³)
/// backward  x̄ = (½(1 + t) + ½x(1 − t²)·√(2/π)(1 + 3·0.044715·x²))·ȳ
/// </code>
/// Any width; shapes stay the same. At −∞ the value is its limit, 0. The approximation differs from the exact form by up to
/// 5·10⁻⁴; choose it to reproduce networks trained with it. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units
/// (GELUs)", 2016. PyTorch's <c>nn.GELU()</c> and <c>nn.GELU(approximate='tanh')</c>, Keras' <c>gelu</c> with
/// <c>approximate</c> false (its default) and true.
/// </remarks>
public sealed class GELU : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="approximate">Whether to use the form with tanh instead of the exact one. Default false, as in PyTorch and Keras.</param>
    public GELU(bool approximate = false) => IsApproximate = approximate;

    /// <summary>Whether the form with tanh is used instead of the exact one.</summary>
    public bool IsApproximate { get; }

    /// <summary>He's initialisation, for it is a rectifier, if a soft one.</summary>
    protected internal override Initializer? PreferredInitializer => HeNormal.Instance;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        if (IsApproximate)
        {
            Elementwise.Map(input.Span, output.Span, default(TanhFormula));
        }
        else
        {
            Elementwise.Map(input.Span, output.Span, default(Formula));
        }
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (inputGradient.IsEmpty)
        {
            return;
        }

        if (IsApproximate)
        {
            Elementwise.Map(input.Span, outputGradient.Span, inputGradient.Span, default(TanhDerivative));
        }
        else
        {
            Elementwise.Map(input.Span, outputGradient.Span, inputGradient.Span, default(Derivative));
        }
    }

    /// <summary>The kind, and whether it is the approximation.</summary>
    public override string ToString() => IsApproximate ? $"{nameof(GELU)}(approximate)" : nameof(GELU);

    private readonly struct Formula : IMap1
    {
        private const float SqrtHalf = 0.707106781f;

        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> =>
            0.5f * TLanes.AtLeast(x, float.MinValue) * (1 + Erf(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static TLanes Erf<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Erf(SqrtHalf * x);
    }

    // dy/dx = Φ + x·φ
    private readonly struct Derivative : IMap2
    {
        private const float DensityAtZero = 0.398942280f;

        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            // Beyond ±20 the derivative is 0 or 1 in float; the bounds keep ∞·0 out.
            TLanes bounded = TLanes.AtMost(TLanes.AtLeast(x, -20f), 20f);
            TLanes share = 0.5f * (1 + Formula.Erf(bounded));
            TLanes density = DensityAtZero * VectorMath.Exp(-0.5f * bounded * bounded);
            return (share + (bounded * density)) * outputGradient;
        }
    }

    private readonly struct TanhFormula : IMap1
    {
        internal const float SqrtTwoOverPi = 0.797884561f;
        internal const float Cubic = 0.044715f;

        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> =>
            0.5f * TLanes.AtLeast(x, float.MinValue) * (1 + Tanh(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static TLanes Tanh<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> =>
            VectorMath.Tanh(SqrtTwoOverPi * x * (1 + (Cubic * x * x)));
    }

    // dy/dx = ½(1 + t) + ½x·dt/dx,  dt/dx = (1 − t²)·du/dx,  du/dx = √(2/π)(1 + 3·0.044715·x²)
    private readonly struct TanhDerivative : IMap2
    {
        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            // Beyond ±20 the derivative is 0 or 1 in float; the bounds keep ∞·0 out.
            TLanes bounded = TLanes.AtMost(TLanes.AtLeast(x, -20f), 20f);
            TLanes t = TanhFormula.Tanh(bounded);
            TLanes inner = TanhFormula.SqrtTwoOverPi * (1 + (3 * TanhFormula.Cubic * bounded * bounded));
            return 0.5f * (1 + t + (bounded * (1 - t) * (1 + t) * inner)) * outputGradient;
        }
    }
}
