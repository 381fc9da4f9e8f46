using System.Numerics.Tensors;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Drops values at random in training, so that units do not rely on each other.</summary>
/// <remarks>
/// <code>
/// inverted   training y = x⊙m/(1 − p),  prediction y = x                m = 0 with probability p, else 1, drawn for each value
/// direct     training y = x⊙m,          prediction y = (1 − p)·x
/// backward   x̄ = ȳ⊙m/(1 − p), or ȳ⊙m
/// </code>
/// Any width; shapes stay the same. p is the probability of dropping, as in PyTorch's <c>nn.Dropout(p)</c> and Keras'
/// <c>Dropout(rate)</c>, which are the inverted form. Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014. Nothing is dropped in
/// prediction; to estimate its uncertainty, see <c>MonteCarlo</c>. Lecture L4.5, L4.6. The mask is drawn from a counter-based
/// generator and so does not depend on the number of threads; a seeded run repeats bit for bit. With SELU use <see cref="AlphaDropout"/>.
/// </remarks>
public sealed class Dropout : DroppingLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="probability">p, the probability that a value is dropped, in [0, 1); 0 makes the layer the identity.</param>
    /// <param name="random">Source of the masks; one number is drawn from it, which seeds this layer's own generator.</param>
    /// <param name="direct">
    /// Whether prediction compensates for the dropped values, as in the paper: training only drops. Default false: training divides the kept values by 1 − p, as PyTorch and Keras do.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1).</exception>
    public Dropout(double probability, Random random, bool direct = false) : base(probability, random, "0.1 to 0.5") => IsDirect = direct;

    /// <summary>Whether prediction compensates for the dropped values, instead of training.</summary>
    public bool IsDirect { get; }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        base.Infer(input, output);
        if (IsDirect) TensorPrimitives.Multiply(output.Span, 1 - DropProbability, output.Span);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Span<float> mask = MaskMemory.View(input.Rows, input.Columns).Span;
        CounterRandom.Dropout(
            input.Span, mask, output.Span, RandomStream.Seed, RandomStream.Take(mask.Length), DropProbability, IsDirect ? 1 : 1 / (1 - DropProbability));
    }

    private protected override string Details => IsDirect ? $"{base.Details}, direct" : base.Details;

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        base.Describe(settings);
        settings.Set("direct", IsDirect);
    }
}
