using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A leaky rectifier whose slope for negative values is drawn at random for each value in training.</summary>
/// <remarks>
/// <code>
/// training    y = x where x > 0, else a·x            a ~ U[lower, upper), drawn for each value
/// prediction  y = x where x > 0, else ½(lower + upper)·x
/// backward    x̄ = ȳ where x > 0, else a·ȳ            with the slopes drawn in the forward pass
/// </code>
/// Any width; shapes stay the same. The randomness regularizes. Sources: Xu, Wang, Chen and Li, "Empirical Evaluation of
/// Rectified Activations in Convolutional Network", 2015; the bounds 0.1 and 0.5 are the lecture's. PyTorch's
/// <c>nn.RReLU(lower=1/8, upper=1/3)</c> has other bounds; Keras has no such layer. The slopes are drawn from a counter-based
/// generator and so do not depend on the number of threads; a seeded run repeats bit for bit.
/// </remarks>
public sealed class RReLU : Layer
{
    // The slopes of the last forward pass, one for each value.
    private readonly GrowingMatrix _slopes = new();

    /// <summary>Creates the layer.</summary>
    /// <param name="random">Source of the slopes; one number is drawn from it, which seeds this layer's own generator.</param>
    /// <param name="lower">The lower bound of the slopes. Default 0.1.</param>
    /// <param name="upper">The upper bound of the slopes, not less than <paramref name="lower"/>; if equal, the slope is fixed. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not a finite number (as float32), or they are reversed.</exception>
    public RReLU(Random random, double lower = 0.1, double upper = 0.5)
    {
        RandomStream = new RandomStream(random);
        const string Remedy = "Typical bounds are 0.1 and 0.5; PyTorch uses 1/8 and 1/3.";
        Guard.Finite((float)lower, nameof(lower), Remedy);
        Guard.Finite((float)upper, nameof(upper), Remedy);
        if (upper < lower)
        {
            throw new ArgumentOutOfRangeException(
                nameof(upper), $"upper must not be less than lower ({lower}), received {upper}. Swap them. {Remedy}");
        }

        Lower = lower;
        Upper = upper;

        // The slope whose square is the mean of a², which determines the variance after the layer.
        PreferredInitializer = new HeNormal(Math.Sqrt(((lower * lower) + (lower * upper) + (upper * upper)) / 3));
    }

    /// <summary>The lower bound of the slopes.</summary>
    public double Lower { get; }

    /// <summary>The upper bound of the slopes.</summary>
    public double Upper { get; }

    /// <inheritdoc/>
    public override RandomStream RandomStream { get; }

    /// <summary>He's initialisation for the mean square of the slopes.</summary>
    public override Initializer? PreferredInitializer { get; }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Elementwise.Map(input.Span, output.Span, new ActivationMap<LeakyReLU.Formula>(new((float)((Lower + Upper) / 2))));
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Span<float> slopes = _slopes.View(input.Rows, input.Columns).Span;
        RandomStream.FillUniform(slopes, (float)Lower, (float)Upper);
        Elementwise.Map(input.Span, slopes, output.Span, default(PReLU.Formula));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass with this shape, so there are no slopes for the backward pass.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        _slopes.CheckRemembers(this, input, input.Columns);
        if (!inputGradient.IsEmpty) Elementwise.Map(input.Span, outputGradient.Span, _slopes.Last.Span, inputGradient.Span, default(PReLU.Derivative));
    }

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        settings.Set("lower", Lower);
        settings.Set("upper", Upper);
    }

    private protected override string Details => $"{Lower} … {Upper}";

    /// <summary>The slopes drawn in the last forward pass, one for each value.</summary>
    internal Matrix Slopes => _slopes.Last;
}
