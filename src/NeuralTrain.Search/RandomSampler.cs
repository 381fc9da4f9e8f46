namespace NeuralTrain;

/// <summary>Draws every value at random.</summary>
/// <remarks>
/// If only a few hyper-parameters matter, it finds better values than a grid on the same budget, because every trial has different values of
/// each. Source: Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012. Lecture L7.5.
/// </remarks>
public sealed class RandomSampler : Sampler
{
    /// <summary>Creates the sampler.</summary>
    /// <param name="seed">The seed. Default 0.</param>
    public RandomSampler(ulong seed = 0)
        : base(seed)
    {
    }

    /// <inheritdoc/>
    protected internal override double Draw(string name, SearchRange range, SamplerInput input) => range.At(input.Random.NextDouble());

    /// <inheritdoc/>
    protected internal override string Describe() => $"RandomSampler(seed {Seed})";
}
