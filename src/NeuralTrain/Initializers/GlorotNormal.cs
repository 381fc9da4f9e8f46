namespace NeuralTrain;

/// <summary>Glorot and Bengio's initialisation as a normal distribution, w ~ N(0, 2 / (fan_in + fan_out)).</summary>
/// <remarks>
/// A compromise between keeping the variance of activations (1 / fan_in) and that of gradients (1 / fan_out) from layer to layer.
/// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 12.
/// PyTorch's <c>init.xavier_normal_</c>; Keras' <c>GlorotNormal</c> is the truncated form. What the lecture (L2.4) calls Xavier is <see cref="LeCunNormal"/>.
/// </remarks>
/// <param name="truncated">
/// Whether to redraw values beyond 2 standard deviations and rescale the rest to the same σ, as Keras does (division by 0.87962566103423978). Default false, as in PyTorch.
/// </param>
public sealed class GlorotNormal(bool truncated = false) : NormalInitializer((fanIn, fanOut) => Math.Sqrt(2 / (fanIn + fanOut)), truncated);

/// <summary>Glorot and Bengio's uniform initialisation, w ~ U(±√(6 / (fan_in + fan_out))).</summary>
/// <remarks>
/// Keeps the variance of both activations and gradients from layer to layer for units that are linear around 0.
/// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 16.
/// PyTorch's <c>init.xavier_uniform_</c>, Keras' <c>GlorotUniform</c>. The default of <see cref="Linear"/> unless the activation after it prefers another. Lecture L2.4.
/// </remarks>
public sealed class GlorotUniform() : UniformInitializer((fanIn, fanOut) => Math.Sqrt(6 / (fanIn + fanOut)))
{
    internal static readonly GlorotUniform Instance = new();
}
