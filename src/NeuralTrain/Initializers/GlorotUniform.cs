namespace NeuralTrain;

/// <summary>Glorot and Bengio's uniform initialisation, w ~ U(±√(6 / (fan_in + fan_out))) (lecture L2.4).</summary>
/// <remarks>
/// Keeps the variance of activations and of gradients alike from layer to layer for units that are linear around 0.
/// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 16.
/// PyTorch's <c>init.xavier_uniform_</c>, Keras' <c>GlorotUniform</c>. The default of <see cref="Linear"/> unless the activation behind it asks for another.
/// </remarks>
public sealed class GlorotUniform : Initializer
{
    internal static readonly GlorotUniform Instance = new();

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double bound = Math.Sqrt(6.0 / ((double)fanIn + fanOut));
        FillUniform(values, -bound, bound, random);
    }
}
