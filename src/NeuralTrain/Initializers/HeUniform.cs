namespace NeuralTrain;

/// <summary>He's initialisation for ReLU and its relatives as a uniform distribution, w ~ U(±√(6 / fan_in)) (lecture L2.5).</summary>
/// <remarks>
/// <code>
/// w ~ U(±√3·σ)      σ² = 2 / ((1 + a²)·fan_in),  a the slope for negative inputs, 0 for ReLU
/// </code>
/// The same variance as <see cref="HeNormal"/>. Source: He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015, eq. 10 and 15.
/// PyTorch's <c>init.kaiming_uniform_(a=a)</c>, Keras' <c>HeUniform</c> (a = 0).
/// </remarks>
public sealed class HeUniform : Initializer
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="negativeSlope">
    /// The slope a of the activation for negative inputs: 0 for ReLU, 0.01 for the usual leaky ReLU. Any finite number.
    /// Default 0, as in PyTorch and Keras (Keras knows no other).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number.</exception>
    public HeUniform(double negativeSlope = 0) =>
        NegativeSlope = Guard.Finite(negativeSlope, nameof(negativeSlope), "0 is right for ReLU, 0.01 for the usual leaky ReLU.");

    /// <summary>The slope a of the activation for negative inputs.</summary>
    public double NegativeSlope { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double bound = Math.Sqrt(6 / ((1 + (NegativeSlope * NegativeSlope)) * fanIn));
        FillUniform(values, -bound, bound, random);
    }

    /// <inheritdoc/>
    public override string ToString() => NegativeSlope == 0 ? "HeUniform" : $"HeUniform({NegativeSlope})";
}
