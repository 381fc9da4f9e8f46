namespace NeuralTrain;

/// <summary>He's initialisation for ReLU and its relatives as a normal distribution, w ~ N(0, 2 / fan_in).</summary>
/// <remarks>
/// <code>
/// w ~ N(0, σ²)      σ² = 2 / ((1 + a²)·fan_in),  a the slope for negative inputs, 0 for ReLU
/// </code>
/// ReLU halves the second moment of its inputs; the factor 2 restores it. Source: He, Zhang, Ren and Sun, "Delving Deep into
/// Rectifiers", 2015, eq. 10 and, with a, eq. 15. PyTorch's <c>init.kaiming_normal_(a=a)</c>; Keras' <c>HeNormal</c> is the
/// truncated form with a = 0. The default of <see cref="Linear"/> before ReLU and its relatives. Lecture L2.5.
/// </remarks>
/// <param name="negativeSlope">
/// The slope a of the activation for negative inputs: 0 for ReLU, 0.01 for the usual leaky ReLU. Any finite number. Default 0, as in PyTorch and Keras (where nothing else is possible).
/// </param>
/// <param name="truncated">
/// Whether to redraw values beyond 2 standard deviations and rescale the rest to the same σ, as Keras does (division by 0.87962566103423978). Default false, as in PyTorch.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number.</exception>
public sealed class HeNormal(double negativeSlope = 0, bool truncated = false)
    : NormalInitializer((fanIn, _) => Math.Sqrt(2 / (Factor(negativeSlope) * fanIn)), truncated, Text(negativeSlope))
{
    internal static readonly HeNormal Instance = new();

    // 1 + a²
    internal static double Factor(double slope) => 1 + (slope * slope);

    // Its text in messages, once it is checked.
    internal static string Text(double negativeSlope) =>
        Guard.Finite(negativeSlope, nameof(negativeSlope), "0 is right for ReLU, 0.01 for the usual leaky ReLU.") == 0 ? "" : $"{negativeSlope}";
}

/// <summary>He's initialisation for ReLU and its relatives as a uniform distribution, w ~ U(±√(6 / fan_in)).</summary>
/// <remarks>
/// <code>
/// w ~ U(±√3·σ)      σ² = 2 / ((1 + a²)·fan_in),  a the slope for negative inputs, 0 for ReLU
/// </code>
/// The same variance as <see cref="HeNormal"/>. Source: He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015, eq. 10 and 15.
/// PyTorch's <c>init.kaiming_uniform_(a=a)</c>, Keras' <c>HeUniform</c> (a = 0). Lecture L2.5.
/// </remarks>
/// <param name="negativeSlope">
/// The slope a of the activation for negative inputs: 0 for ReLU, 0.01 for the usual leaky ReLU. Any finite number. Default 0, as in PyTorch and Keras (where nothing else is possible).
/// </param>
/// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number.</exception>
public sealed class HeUniform(double negativeSlope = 0)
    : UniformInitializer((fanIn, _) => Math.Sqrt(6 / (HeNormal.Factor(negativeSlope) * fanIn)), HeNormal.Text(negativeSlope));
