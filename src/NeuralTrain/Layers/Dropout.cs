using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Drops values at random in training, so that no unit can rely on another.</summary>
/// <remarks>
/// <code>
/// inverted   training y = x⊙m/(1 − p),  prediction y = x                m = 0 with probability p, else 1, drawn for each value
/// direct     training y = x⊙m,          prediction y = (1 − p)·x
/// backward   x̄ = ȳ⊙m/(1 − p), or ȳ⊙m
/// </code>
/// Any width; shapes stay the same. p is the probability of dropping, as in PyTorch's <c>nn.Dropout(p)</c> and Keras'
/// <c>Dropout(rate)</c>, which are the inverted form. Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014. Nothing is dropped in
/// prediction; to estimate its uncertainty, see <c>MonteCarlo</c>. Lecture L4.5, L4.6. The mask comes from a counter-based
/// generator: it does not depend on the number of threads, and a seeded run repeats bit for bit. With SELU use <see cref="AlphaDropout"/>.
/// </remarks>
public sealed class Dropout : Layer
{
    private readonly float _probability;
    private readonly float _trainingScale;
    private readonly float _predictionScale;
    private readonly GrowingMatrix _mask = new();

    /// <summary>Creates the layer.</summary>
    /// <param name="probability">p, the probability that a value is dropped, in [0, 1); 0 makes the layer the identity.</param>
    /// <param name="random">Source of the masks; one number is drawn from it, which seeds this layer's own generator.</param>
    /// <param name="mode">Whether training or prediction compensates for the dropped values. Default: training.</param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1), or the mode is unknown.</exception>
    public Dropout(double probability, Random random, DropoutMode mode = DropoutMode.Inverted)
    {
        _probability = (float)Guard.InHalfOpen(
            (float)probability, 0, 1, nameof(probability), "It is the probability of dropping, not of keeping; 0.1 to 0.5 is usual.");
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"mode must be Inverted or Direct, received {mode}.");
        }

        RandomStream = new RandomStream(random);
        Probability = probability;
        Mode = mode;
        (_trainingScale, _predictionScale) = mode == DropoutMode.Inverted ? (1 / (1 - _probability), 1f) : (1f, 1 - _probability);
    }

    /// <summary>p, the probability that a value is dropped.</summary>
    public double Probability { get; }

    /// <summary>Whether training or prediction compensates for the dropped values.</summary>
    public DropoutMode Mode { get; }

    /// <inheritdoc/>
    protected internal override bool PassesValuesThrough => true;

    /// <inheritdoc/>
    protected internal override RandomStream RandomStream { get; }

    /// <summary>The mask of the last forward pass: 0, or the scale of what was kept.</summary>
    internal Matrix Mask => _mask.Last;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        if (_predictionScale == 1)
        {
            input.CopyTo(output);
        }
        else
        {
            Elementwise.Map(input.Span, output.Span, new Scale(_predictionScale));
        }
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Span<float> mask = _mask.View(input.Rows, input.Columns).Span;
        CounterRandom.Dropout(
            input.Span, mask, output.Span, RandomStream.Seed, RandomStream.Take(mask.Length), _probability, _trainingScale);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass of this shape, so there is no mask for the backward pass.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        _mask.CheckDrawnFor(this, input);
        if (!inputGradient.IsEmpty) Elementwise.Map(outputGradient.Span, _mask.Last.Span, inputGradient.Span, default(Product));
    }

    /// <summary>Kind and probability, as <c>Dropout(0.5)</c>.</summary>
    public override string ToString() => Mode == DropoutMode.Inverted ? $"Dropout({_probability})" : $"Dropout({_probability}, Direct)";

    /// <inheritdoc/>
    public override void Describe(Settings settings)
    {
        settings.Set("probability", Probability);
        settings.Set("direct", Mode == DropoutMode.Direct);
    }

    private readonly struct Scale(float scale) : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> => scale * x;
    }
}

/// <summary>Where <see cref="Dropout"/> compensates for the dropped values.</summary>
public enum DropoutMode
{
    /// <summary>In training, by dividing the kept values by 1 − p; prediction leaves values as they are. The default, and what PyTorch and Keras do.</summary>
    Inverted,

    /// <summary>In prediction, by multiplying all values by 1 − p; training only drops. The form of Srivastava et al. 2014.</summary>
    Direct,
}
