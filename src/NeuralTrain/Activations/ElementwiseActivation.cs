using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>An activation that treats each value separately, such as <see cref="ReLU"/>: any width, and shapes stay the same.</summary>
/// <remarks>The base class of the built-in ones, whose vectorised formulas are internal. A custom activation derives from <see cref="Layer"/>.</remarks>
public abstract class ElementwiseActivation : Layer
{
    private readonly Function _function;

    private protected ElementwiseActivation(Function function, Initializer preferredInitializer, (double Low, double High)? outputRange = null, bool saturates = false) =>
        (_function, PreferredInitializer, OutputRange, Saturates) = (function, preferredInitializer, outputRange, saturates);

    /// <inheritdoc/>
    public override Initializer? PreferredInitializer { get; }

    /// <inheritdoc/>
    public override (double Low, double High)? OutputRange { get; }

    /// <inheritdoc/>
    public override bool Saturates { get; }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output) => Pass(input, output);

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => PassBack(input, output, outputGradient, inputGradient);

    [MethodImpl(Jit.Full)]
    internal override void Pass(in Matrix input, in Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        _function.Map(input.Span, output.Span);
    }

    [MethodImpl(Jit.Full)]
    internal override void PassBack(in Matrix input, in Matrix output, in Matrix outputGradient, in Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty) _function.MapGradient(input.Span, output.Span, outputGradient.Span, inputGradient.Span);
    }

    /// <summary>Replaces scores by their activations in place, if no backward pass needs both.</summary>
    internal void Apply(Matrix values) => _function.Map(values.Span, values.Span);

    private protected static Function Of<TFormula>(TFormula formula)
        where TFormula : unmanaged, IActivationFormula => new Function<TFormula>(formula);

    /// <summary>A formula and its derivative, applied to whole matrices.</summary>
    private protected abstract class Function : IShared
    {
        public abstract void Map(ReadOnlySpan<float> x, Span<float> y);

        public abstract void MapGradient(
            ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);
    }

    private sealed class Function<TFormula>(TFormula formula) : Function
        where TFormula : unmanaged, IActivationFormula
    {
        [MethodImpl(Jit.Entry)]
        public override void Map(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map(x, y, new ActivationMap<TFormula>(formula));

        [MethodImpl(Jit.Entry)]
        public override void MapGradient(
            ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
            Elementwise.Map(TFormula.UsesOutput ? y : x, outputGradient, inputGradient, new ActivationGradientMap<TFormula>(formula));
    }
}

/// <summary>The formula of an activation and its derivative, for one value.</summary>
internal interface IActivationFormula
{
    /// <summary>Whether the formula contains an exponential or the like, as most do, so that threads pay off early.</summary>
    static virtual bool IsHeavy => true;

    /// <summary>Whether the derivative is computed from the output (with a few operations) instead of from the input.</summary>
    static virtual bool UsesOutput => false;

    /// <summary>The value y for the input x.</summary>
    TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>;

    /// <summary>dy/dx·ȳ, given the input, or the output if <see cref="UsesOutput"/>.</summary>
    TLanes Gradient<TLanes>(TLanes value, TLanes outputGradient) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>The value of an activation.</summary>
internal readonly struct ActivationMap<TFormula>(TFormula formula) : IMap1
    where TFormula : unmanaged, IActivationFormula
{
    public static int ParallelThreshold => TFormula.IsHeavy ? Elementwise.ParallelThresholdHeavy : Elementwise.ParallelThresholdLight;

    [MethodImpl(Jit.Inline)]
    TLanes IMap1.Apply<TLanes>(TLanes x) => formula.Apply(x);
}

/// <summary>The derivative of an activation times the gradient of its output.</summary>
internal readonly struct ActivationGradientMap<TFormula>(TFormula formula) : IMap2
    where TFormula : unmanaged, IActivationFormula
{
    public static int ParallelThreshold =>
        TFormula.IsHeavy && !TFormula.UsesOutput ? Elementwise.ParallelThresholdHeavy : Elementwise.ParallelThresholdLight;

    [MethodImpl(Jit.Inline)]
    TLanes IMap2.Apply<TLanes>(TLanes x, TLanes y) => formula.Gradient(x, y);
}
