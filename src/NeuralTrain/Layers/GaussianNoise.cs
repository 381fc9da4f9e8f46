using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Adds normal noise in training: augmentation inside the network.</summary>
/// <remarks>
/// <code>
/// training    y = x + σ·z       z ~ N(0, 1), drawn for each value
/// prediction  y = x
/// backward    x̄ = ȳ
/// </code>
/// Any width; shapes stay the same. σ is in the units of the input: normalise the input first. Keras' <c>GaussianNoise(stddev)</c>; PyTorch has no such layer.
/// The noise is drawn from a counter-based generator and so does not depend on the number of threads; a seeded run repeats bit for bit.
/// </remarks>
public sealed class GaussianNoise : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="standardDeviation">σ, the standard deviation of the noise, 0 or more; 0 makes the layer the identity.</param>
    /// <param name="random">Source of the noise; one number is drawn from it, which seeds this layer's own generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ is not a finite number of 0 or more.</exception>
    public GaussianNoise(double standardDeviation, Random random)
    {
        Guard.NotNegative(
            (float)standardDeviation, nameof(standardDeviation), "It is the standard deviation of the noise; 0.01 to 0.3 is usual for normalised inputs.");
        RandomStream = new RandomStream(random);
        StandardDeviation = standardDeviation;
    }

    /// <summary>σ, the standard deviation of the noise.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public override bool PassesValuesThrough => true;

    /// <inheritdoc/>
    public override RandomStream RandomStream { get; }

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
        Span<float> noise = output.Span;
        RandomStream.FillNormal(noise, mean: 0, (float)StandardDeviation);
        Elementwise.Map(input.Span, noise, noise, default(Addition));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty) outputGradient.CopyTo(inputGradient);
    }

    private protected override string Details => $"{(float)StandardDeviation}";

    /// <inheritdoc/>
    protected override void Describe(Settings settings) => settings.Set("standardDeviation", StandardDeviation);
}
