using System.Buffers;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Adds normal noise to every input: x := x + σ·z with z ~ N(0, 1).</summary>
/// <remarks>σ is in the units of the data as the source gives them. <see cref="GaussianNoise"/> does the same inside a network, after a normalisation.</remarks>
/// <param name="standardDeviation">σ, 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">σ is not a finite number of 0 or more.</exception>
public sealed class AddNoise(double standardDeviation) : Augmentation
{
    /// <summary>The standard deviation of the noise, in the units of the inputs.</summary>
    public double StandardDeviation { get; } = Guard.NotNegativeFloat(standardDeviation, nameof(standardDeviation), "It is in the units of the inputs.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("standard deviation", StandardDeviation);

    /// <inheritdoc/>
    public override void Apply(Matrix inputs, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);

        // Rented, so that trainers can share the object.
        float[] rented = ArrayPool<float>.Shared.Rent(inputs.Span.Length);
        Span<float> noise = rented.AsSpan(0, inputs.Span.Length);
        CounterRandom.FillNormal(noise, (ulong)random.NextInt64(), offset: 0, mean: 0, (float)StandardDeviation);
        Elementwise.Map(inputs.Span, noise, inputs.Span, default(Addition));
        ArrayPool<float>.Shared.Return(rented);
    }
}
