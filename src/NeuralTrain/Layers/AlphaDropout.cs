using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Dropout for SELU: dropped values become SELU's lowest value, and mean and variance are kept.</summary>
/// <remarks>
/// <code>
/// training    y = a·(x⊙m + α′·(1 − m)) + b       m = 0 with probability p, else 1, drawn for each value
///             α′ = −λα = −1.7580993408473766,  a = ((1 − p)(1 + p·α′²))^−½,  b = −a·p·α′
/// prediction  y = x
/// backward    x̄ = a·ȳ⊙m
/// </code>
/// Any width; shapes stay the same. If the inputs have mean 0 and variance 1, so do the outputs. Source: Klambauer,
/// Unterthiner, Mayr and Hochreiter 2017. PyTorch's <c>nn.AlphaDropout(p)</c>, Keras' <c>AlphaDropout(rate)</c>. 0.05 or 0.1 is usual. Lecture L4.8.
/// </remarks>
public sealed class AlphaDropout : Layer
{
    // −λα of SELU: what it tends to for very negative inputs.
    private const double Dropped = -1.7580993408473766;

    private readonly float _probability;
    private readonly float _scale;
    private readonly float _shift;
    private readonly float _droppedValue;
    private readonly GrowingMatrix _mask = new();

    /// <summary>Creates the layer.</summary>
    /// <param name="probability">p, the probability that a value is dropped, in [0, 1); 0 makes the layer the identity.</param>
    /// <param name="random">Source of the masks; one number is drawn from it, which seeds this layer's own generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1).</exception>
    public AlphaDropout(double probability, Random random)
    {
        _probability = (float)Guard.InHalfOpen(
            (float)probability, 0, 1, nameof(probability), "It is the probability of dropping, not of keeping; 0.05 or 0.1 is usual.");
        RandomStream = new RandomStream(random);
        Probability = probability;
        double p = _probability;
        double scale = 1 / Math.Sqrt((1 - p) * (1 + (p * Dropped * Dropped)));
        double shift = -scale * p * Dropped;
        _scale = (float)scale;
        _shift = (float)shift;
        _droppedValue = (float)((scale * Dropped) + shift);
    }

    /// <summary>p, the probability that a value is dropped.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    protected internal override bool PassesValuesThrough => true;

    /// <inheritdoc/>
    protected internal override RandomStream RandomStream { get; }

    /// <summary>The mask of the last forward pass: 0 for what was dropped, else a.</summary>
    internal Matrix Mask => _mask.Last;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        input.CopyTo(output);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Span<float> mask = _mask.View(input.Rows, input.Columns).Span;
        CounterRandom.FillDropoutMask(mask, RandomStream.Seed, RandomStream.Take(mask.Length), _probability, _scale);
        Elementwise.Map(input.Span, mask, output.Span, new Formula(_shift, _droppedValue));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass of this shape, so there is no mask for the backward pass.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        _mask.CheckDrawnFor(this, input);
        if (!inputGradient.IsEmpty) Elementwise.Map(outputGradient.Span, _mask.Last.Span, inputGradient.Span, default(Product));
    }

    /// <summary>Kind and probability, as <c>AlphaDropout(0.1)</c>.</summary>
    public override string ToString() => $"AlphaDropout({_probability})";

    /// <inheritdoc/>
    public override void Describe(Settings settings) => settings.Set("probability", Probability);

    // a·x + b for what was kept, a·α′ + b for what was dropped.
    private readonly struct Formula(float shift, float droppedValue) : IMap2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes mask) where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Select(mask > TLanes.Zero, TLanes.MultiplyAdd(x, mask, shift), droppedValue);
    }
}
