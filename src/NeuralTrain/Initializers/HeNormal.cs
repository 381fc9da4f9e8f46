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
public sealed class HeNormal(double negativeSlope = 0, bool truncated = false) : Initializer
{
    internal static readonly HeNormal Instance = new();

    /// <summary>The slope a of the activation for negative inputs.</summary>
    internal double NegativeSlope { get; } = Guard.Finite(negativeSlope, nameof(negativeSlope), "0 is right for ReLU, 0.01 for the usual leaky ReLU.");

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        FillNormal(values, Math.Sqrt(2 / ((1 + (NegativeSlope * NegativeSlope)) * fanIn)), truncated, random);
    }

    /// <inheritdoc/>
    public override string ToString() => Text(NegativeSlope == 0 ? null : NegativeSlope, truncated);
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
public sealed class HeUniform(double negativeSlope = 0) : Initializer
{
    /// <summary>The slope a of the activation for negative inputs.</summary>
    internal double NegativeSlope { get; } = Guard.Finite(negativeSlope, nameof(negativeSlope), "0 is right for ReLU, 0.01 for the usual leaky ReLU.");

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double bound = Math.Sqrt(6 / ((1 + (NegativeSlope * NegativeSlope)) * fanIn));
        FillUniform(values, -bound, bound, random);
    }

    /// <inheritdoc/>
    public override string ToString() => Text(NegativeSlope == 0 ? null : NegativeSlope);
}
