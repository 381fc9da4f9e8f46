using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The exponential linear unit: positive values as they are, negative ones bent softly towards −α (lecture L3, 2015).</summary>
/// <remarks>
/// <code>
/// forward   y = x where x > 0, else α(e^x − 1)
/// backward  x̄ = ȳ where x > 0, else (y + α)·ȳ         since d/dx α(e^x − 1) = α·e^x = y + α
/// </code>
/// Any width; shapes stay the same. e^x − 1 is computed without cancellation near 0. At x = 0 the gradient is that of the
/// negative side, α, as in PyTorch; for α = 1 there is no kink. Source: Clevert, Unterthiner and Hochreiter, "Fast and
/// Accurate Deep Network Learning by Exponential Linear Units (ELUs)", 2015, eq. 15, with the default α = 1.
/// PyTorch's <c>nn.ELU(alpha=1.0)</c>, Keras' <c>ELU(alpha=1.0)</c>.
/// </remarks>
public sealed class ELU : Layer
{
    private readonly float _alpha;

    /// <summary>Creates the layer.</summary>
    /// <param name="alpha">The value α that negative inputs saturate to, as −α; greater than 0. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not a finite number greater than 0 (as float32).</exception>
    public ELU(double alpha = 1)
    {
        _alpha = (float)alpha;
        Guard.Positive(_alpha, nameof(alpha), "The usual value is 1; for α = 0 take ReLU.");
        Alpha = alpha;
    }

    /// <summary>The value α that negative inputs saturate to, as −α.</summary>
    public double Alpha { get; }

    /// <summary>He's initialisation, which the paper used.</summary>
    protected internal override Initializer? PreferredInitializer => HeNormal.Instance;

    /// <inheritdoc/>
    protected internal override (double Low, double High)? OutputRange => (-Alpha, double.PositiveInfinity);

    /// <inheritdoc/>
    protected internal override bool Saturates => true;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Elementwise.Map(input.Span, output.Span, new Formula(_alpha));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            Elementwise.Map(output.Span, outputGradient.Span, inputGradient.Span, new Derivative(_alpha));
        }
    }

    /// <summary>Kind and α, as <c>ELU(1)</c>.</summary>
    public override string ToString() => $"{nameof(ELU)}({Alpha})";

    private readonly struct Formula(float alpha) : IMap1
    {
        private readonly float _alpha = alpha;

        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Select(x > TLanes.Zero, x, _alpha * VectorMath.ExpM1(x));
    }

    // dy/dx = 1 where x > 0, which is where y > 0, else α·e^x = y + α
    private readonly struct Derivative(float alpha) : IMap2
    {
        private readonly float _alpha = alpha;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes y, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Select(y > TLanes.Zero, outputGradient, (y + _alpha) * outputGradient);
    }
}
