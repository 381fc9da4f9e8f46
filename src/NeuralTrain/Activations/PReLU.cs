using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A leaky rectifier that learns its slope for negative values: one for all units, or one per unit.</summary>
/// <remarks>
/// <code>
/// forward   y = x where x > 0, else α·x            x, y [batch × width], α [1] shared or [units] per unit
/// backward  x̄ = ȳ where x > 0, else α·ȳ
///           ᾱ += Σ x·ȳ over x ≤ 0                  over all values, or over the rows of each unit
/// </code>
/// The only parameter, <c>weight</c>, is named as in PyTorch and is never regularized: pulling a slope to 0 would turn the
/// layer into <see cref="ReLU"/>. Source: He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015, with the start 0.25
/// and the advice against decay. PyTorch's <c>nn.PReLU()</c> and <c>nn.PReLU(units)</c> (whose slopes its <c>weight_decay</c> does
/// pull to 0); Keras' <c>PReLU</c> is per unit and starts at 0.
/// </remarks>
public sealed class PReLU : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">The number of units, each with its own slope; null for one slope shared by all, at any width. Default null, as in PyTorch.</param>
    /// <param name="start">The initial slope; any finite number. Default 0.25 (paper, PyTorch).</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of units is not positive, or the start is not a finite number (as float32).</exception>
    public PReLU(int? units = null, double start = 0.25)
        : base(
            units is int count ? Guard.AtLeast(count, 1, nameof(units), "pass the width of the layer before it, or null for one shared slope") : null,
            new Parameter("weight", units ?? 1, (float)Guard.Finite((float)start, nameof(start), "The usual start is 0.25."))) =>
        (Weight, PreferredInitializer) = (Parameters[0], new HeNormal(start));

    /// <summary>The slopes α: one, or one per unit.</summary>
    public Parameter Weight { get; }

    /// <summary>Whether all units share one slope.</summary>
    public bool IsShared => InputSize is null;

    /// <summary>He's initialisation for the slope at the start.</summary>
    public override Initializer? PreferredInitializer { get; }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        int width = InputSize ?? input.Columns;
        Shapes.CheckForward(this, input, output, width, width);
        ReadOnlySpan<float> slopes = Weight.Value.Span;
        if (IsShared) Elementwise.Map(input.Span, output.Span, new ActivationMap<LeakyReLU.Formula>(new(slopes[0])));
        else Elementwise.Map(input.Span, new PerColumn(slopes), output.Span, default(Formula));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        int width = InputSize ?? input.Columns;
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, width, width);
        if (Weight.IsTrainable) AddSlopeGradients(input, outputGradient);
        if (inputGradient.IsEmpty) return;
        ReadOnlySpan<float> slopes = Weight.Value.Span;
        if (IsShared) Elementwise.Map(input.Span, outputGradient.Span, inputGradient.Span, new ActivationGradientMap<LeakyReLU.Formula>(new(slopes[0])));
        else Elementwise.Map(input.Span, new Whole(outputGradient.Span), new PerColumn(slopes), inputGradient.Span, default(Derivative));
    }

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        if (!IsShared) settings.Set("units", Weight.Shape[0]);
    }

    private protected override string Details => InputSize is int units ? $"{units}" : "shared";

    private void AddSlopeGradients(Matrix input, Matrix outputGradient)
    {
        Span<float> gradients = Weight.Gradient.Span;
        if (IsShared) gradients[0] = (float)(gradients[0] + Reduce.Sum(input.Span, outputGradient.Span, default(SlopeDerivative)));
        else Reduce.AddColumnSums(input.Span, new Whole(outputGradient.Span), gradients, default(SlopeDerivative));
    }

    internal readonly struct Formula : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes slope) => TLanes.Select(x > TLanes.Zero, x, slope * x);
    }

    // dy/dx = 1 where x > 0, else α
    internal readonly struct Derivative : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes slope) =>
            TLanes.Select(x > TLanes.Zero, outputGradient, slope * outputGradient);
    }

    // dy/dα = 0 where x > 0, else x
    private readonly struct SlopeDerivative : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes outputGradient) => TLanes.Select(x > TLanes.Zero, TLanes.Zero, x * outputGradient);
    }
}
