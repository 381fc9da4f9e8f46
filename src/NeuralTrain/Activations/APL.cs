using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// The adaptive piecewise linear unit: a rectifier plus a few hinges per unit, with learned slopes and offsets.
/// </summary>
/// <remarks>
/// <code>
/// forward   y = max(x, 0) + Σₛ aₛ·max(0, −x + bₛ)       s = 1 … S;  x, y [batch × units];  a, b [S × units]
/// backward  x̄ = ȳ·([x > 0] − Σₛ aₛ·[x &lt; bₛ])
///           āₛ += Σ_rows ȳ·max(0, −x + bₛ)
///           b̄ₛ += Σ_rows ȳ·aₛ·[x &lt; bₛ]
/// </code>
/// At a kink (x = 0 or x = bₛ) the hinge in question contributes no gradient. Parameters <c>a</c> and <c>b</c>, one row per
/// hinge. Like all slopes and shifts here they are not regularized; the authors' code decays both with 0.001.
/// Source: Agostinelli, Hoffman, Sadowski and Baldi, "Learning Activation Functions to Improve Deep Neural Networks", 2014,
/// eq. 1; the initial values are those of the authors' code, a ~ U(±1/S) and b ~ N(0, 0.5²): hinges that start equal would stay
/// equal. Neither PyTorch nor Keras has it.
/// </remarks>
public sealed class APL : Layer
{
    private readonly int _units;

    /// <summary>Creates the layer with initial hinges.</summary>
    /// <param name="units">The number of units, the width of the layer before it, 1 or more.</param>
    /// <param name="hinges">The number of hinges per unit, S, 1 or more. The paper uses 1 to 5, chosen by validation.</param>
    /// <param name="random">Source of the initial hinges; one number is drawn from it, which seeds this layer's generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public APL(int units, int hinges, Random random)
    {
        Guard.AtLeast(units, 1, nameof(units), "pass the width of the layer before it");
        Guard.AtLeast(hinges, 1, nameof(hinges), "without hinges it is a ReLU");
        ArgumentNullException.ThrowIfNull(random);
        _units = units;
        Hinges = hinges;

        // The offsets are drawn after the slopes, by the same generator.
        var own = new Random(random.Next());
        Slopes = new Parameter(
            "a", [hinges, units], initializer: new Uniform(-1.0 / hinges, 1.0 / hinges), fill: (values, from) => from!.Fill(values, units, hinges, own));
        Offsets = new Parameter("b", [hinges, units], initializer: new Normal(0.5), fill: (values, from) =>
        {
            _ = Slopes.Value;
            from!.Fill(values, units, hinges, own);
        });
        Declare(units, Slopes, Offsets);
    }

    /// <summary>The slopes a of the hinges, <c>[S × units]</c>.</summary>
    public Parameter Slopes { get; }

    /// <summary>The offsets b of the hinges: each acts on values below it, <c>[S × units]</c>.</summary>
    public Parameter Offsets { get; }

    /// <summary>The number of hinges per unit, S.</summary>
    public int Hinges { get; }

    /// <summary>He's initialisation, as for the ReLU it is built on.</summary>
    public override Initializer? PreferredInitializer => HeNormal.Instance;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _units, _units);
        Elementwise.Map(input.Span, output.Span, default(ActivationMap<ReLU.Formula>));
        for (int hinge = 0; hinge < Hinges; hinge++)
        {
            Elementwise.Map(
                output.Span, new Whole(input.Span), new PerColumn(Slopes.Value.Row(hinge)), new PerColumn(Offsets.Value.Row(hinge)),
                output.Span, default(AddHinge));
        }
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, _units, _units);
        ReadOnlySpan<float> x = input.Span;
        var upstream = new Whole(outputGradient.Span);
        bool goesBack = !inputGradient.IsEmpty;

        // dy/dx is gathered in the memory of the result, hinge by hinge, and multiplied by ȳ at the end.
        if (goesBack) Elementwise.Map(x, inputGradient.Span, default(RectifierDerivative));
        for (int hinge = 0; hinge < Hinges; hinge++)
        {
            var slopes = new PerColumn(Slopes.Value.Row(hinge));
            var offsets = new PerColumn(Offsets.Value.Row(hinge));
            if (Slopes.IsTrainable) Reduce.AddColumnSums(x, upstream, offsets, Slopes.Gradient.Row(hinge), default(SlopeDerivative));
            if (Offsets.IsTrainable) Reduce.AddColumnSums(x, upstream, slopes, offsets, Offsets.Gradient.Row(hinge), default(OffsetDerivative));
            if (goesBack) Elementwise.Map(inputGradient.Span, new Whole(x), slopes, offsets, inputGradient.Span, default(AddHingeDerivative));
        }

        if (goesBack) Elementwise.Map(inputGradient.Span, outputGradient.Span, inputGradient.Span, default(Product));
    }

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        settings.Set("units", _units);
        settings.Set("hinges", Hinges);
    }

    private protected override string Details => $"{_units}, {Guard.Counted(Hinges, "hinge")}";

    // y + a·max(0, −x + b)
    private readonly struct AddHinge : IMap4
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap4.Apply<TLanes>(TLanes y, TLanes x, TLanes slope, TLanes offset) =>
            TLanes.MultiplyAdd(slope, TLanes.AtLeast(offset - x, TLanes.Zero), y);
    }

    // d max(x, 0)/dx = [x > 0]
    private readonly struct RectifierDerivative : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes x) => TLanes.Select(x > TLanes.Zero, TLanes.One, TLanes.Zero);
    }

    // d a·max(0, −x + b)/dx = −a·[x < b]
    private readonly struct AddHingeDerivative : IMap4
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap4.Apply<TLanes>(TLanes sum, TLanes x, TLanes slope, TLanes offset) => TLanes.Select(x < offset, sum - slope, sum);
    }

    // d a·max(0, −x + b)/da = max(0, −x + b)
    private readonly struct SlopeDerivative : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes offset) =>
            TLanes.AtLeast(offset - x, TLanes.Zero) * outputGradient;
    }

    // d a·max(0, −x + b)/db = a·[x < b]
    private readonly struct OffsetDerivative : IMap4
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap4.Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes slope, TLanes offset) =>
            TLanes.Select(x < offset, slope * outputGradient, TLanes.Zero);
    }
}
