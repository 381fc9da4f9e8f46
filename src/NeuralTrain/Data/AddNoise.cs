using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Adds normal noise to every input: x := x + σ·z with z ~ N(0, 1).</summary>
/// <remarks>σ is in the units of the data as they come from the source. <see cref="GaussianNoise"/> does the same inside a network, behind a normalisation.</remarks>
public sealed class AddNoise : Augmentation
{
    private readonly GrowingMatrix _noise = new();
    private readonly float _deviation;

    /// <summary>Creates the augmentation.</summary>
    /// <param name="deviation">σ, the standard deviation of the noise, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ is not a finite number of 0 or more.</exception>
    public AddNoise(double deviation)
    {
        _deviation = (float)Guard.NotNegative((float)deviation, nameof(deviation), "It is the standard deviation of the noise, in the units of the inputs.");
        Deviation = deviation;
    }

    /// <summary>σ, the standard deviation of the noise.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("standard deviation", Deviation);

    /// <inheritdoc/>
    public override void Apply(Matrix inputs, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<float> noise = _noise.View(inputs.Rows, inputs.Columns).Span;
        CounterRandom.FillNormal(noise, (ulong)random.NextInt64(), offset: 0, mean: 0, _deviation);
        Elementwise.Map(inputs.Span, noise, inputs.Span, default(Addition));
    }

    /// <summary>Kind and deviation, as <c>AddNoise(0.1)</c>.</summary>
    public override string ToString() => $"AddNoise({_deviation})";
}
