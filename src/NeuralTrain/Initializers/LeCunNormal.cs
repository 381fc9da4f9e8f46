namespace NeuralTrain;

/// <summary>LeCun's initialisation as a normal distribution, w ~ N(0, 1 / fan_in), which SELU requires.</summary>
/// <remarks>
/// Gives the sums before an activation the variance of its inputs, on which SELU's fixed point of mean 0 and standard deviation 1 depends.
/// Sources: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, eq. 16; Klambauer et al., "Self-Normalizing Neural Networks", 2017. PyTorch's
/// <c>init.kaiming_normal_(nonlinearity='linear')</c>; Keras' <c>LecunNormal</c> is the truncated form. The default of <see cref="Linear"/> before SELU. Lecture L2.6, which
/// also calls it Xavier (L2.4); elsewhere that name means <see cref="GlorotNormal"/>.
/// </remarks>
/// <param name="truncated">
/// Whether to redraw values beyond 2 standard deviations and rescale the rest to the same σ, as Keras does (division by 0.87962566103423978). Default false, as in PyTorch.
/// </param>
public sealed class LeCunNormal(bool truncated = false) : NormalInitializer((fanIn, _) => Math.Sqrt(1 / fanIn), truncated)
{
    internal static readonly LeCunNormal Instance = new();
}

/// <summary>LeCun's initialisation as a uniform distribution, w ~ U(±√(3 / fan_in)), of variance 1 / fan_in.</summary>
/// <remarks>
/// Source: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, eq. 16. PyTorch's
/// <c>init.kaiming_uniform_(nonlinearity='linear')</c>, Keras' <c>LecunUniform</c>.
/// </remarks>
public sealed class LeCunUniform() : UniformInitializer((fanIn, _) => Math.Sqrt(3 / fanIn));
