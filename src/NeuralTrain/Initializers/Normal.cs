namespace NeuralTrain;

/// <summary>Weights from a normal distribution around 0 with a deviation of one's own choice, w ~ N(0, σ²) (lecture L2.2, L2.3).</summary>
/// <remarks>
/// The lecture shows why the choice matters: σ = 0.01 lets activations die out layer by layer, σ = 1 saturates them.
/// PyTorch's <c>init.normal_</c>, Keras' <c>RandomNormal</c> (whose default is 0.05).
/// </remarks>
public sealed class Normal : Initializer
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="deviation">The standard deviation σ, greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not a finite number greater than 0 (as float32).</exception>
    public Normal(double deviation)
    {
        // As float32, which the weights are: one that rounds to 0 or to infinity would give no weights at all.
        Guard.Positive((float)deviation, nameof(deviation), "Pass a standard deviation, for instance 0.01.");
        Deviation = deviation;
    }

    /// <summary>The standard deviation σ.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        FillNormal(values, Deviation, random);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Normal({Deviation})";
}
